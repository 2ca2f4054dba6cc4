package io.github.longwing.spark.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.spark.files.FileLister;
import io.github.longwing.spark.files.FileText;
import io.github.longwing.spark.files.FormatOptions;
import io.github.longwing.spark.files.Slice;
import io.github.longwing.spark.files.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever a file of lines is cut, its parts have the records of the whole. */
class SliceReadingTest {
    private static final JsonFormat JSON = new JsonFormat(FormatOptions.NONE);

    @TempDir
    private Path directory;

    @Test
    void partsOfAFileHaveItsRecordsOnceAndInOrder() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            Path path = directory.resolve(round + ".jsonl");
            Files.writeString(path, lines(random));
            SourceFile file = FileLister.list(List.of(path.toString()), new Configuration())
                    .files()
                    .get(0);
            List<String> whole = read(Slice.whole(file));
            for (int size : new int[] {1, 2, 3, 7, 20, 61, 1000}) {
                List<String> parts = new ArrayList<>();
                for (long begin = 0; begin < file.length(); begin += size) {
                    parts.addAll(read(new Slice(file, begin, Math.min(begin + size, file.length()), 1)));
                }
                assertThat(parts).as("round %d, parts of %d bytes", round, size).isEqualTo(whole);
            }
        }
    }

    @Test
    void charactersAreTheSameHoweverLongTheFile() throws IOException {
        String text = "aé日😀".repeat(40_000);
        Path path = directory.resolve("long.txt");
        Files.writeString(path, text);
        SourceFile file = FileLister.list(List.of(path.toString()), new Configuration())
                .files()
                .get(0);

        try (FileText content = FileText.open(Slice.whole(file), FormatOptions.NONE, new Configuration())) {
            SourceRecord record = new TextFormat(FormatOptions.NONE, "id", "text")
                    .records(content, file)
                    .next()
                    .orElseThrow();
            assertThat(record.values()).containsEntry("text", text);
        }
    }

    @Test
    void everyUndecodableByteIsFoundAtItsPlace() throws IOException {
        byte[] bytes = new byte[200_000];
        java.util.Arrays.fill(bytes, (byte) 'x');
        bytes[150_000] = (byte) 0xE9;
        Path path = directory.resolve("latin.txt");
        Files.write(path, bytes);
        SourceFile file = FileLister.list(List.of(path.toString()), new Configuration())
                .files()
                .get(0);

        try (FileText content = FileText.open(Slice.whole(file), FormatOptions.NONE, new Configuration())) {
            SourceRecord record = new TextFormat(FormatOptions.NONE, "id", "text")
                    .records(content, file)
                    .next()
                    .orElseThrow();
            assertThat(record.failure()).hasValueSatisfying(failure -> assertThat(failure)
                    .hasMessageContaining("line 1 of " + path + ": byte 150000 of the file is 0xE9"));
        }
    }

    private static String lines(Random random) {
        StringBuilder lines = new StringBuilder();
        int count = random.nextInt(12);
        for (int i = 0; i < count; i++) {
            lines.append(
                    switch (random.nextInt(6)) {
                        case 0 -> "";
                        case 1 -> "{\"id\": \"cut" + i;
                        case 2 -> "{\"id\":\"a" + i + "\"}{\"id\":\"b" + i + "\"}";
                        default -> "{\"id\": \"é" + i + "\", \"text\": \"" + "日x".repeat(random.nextInt(30)) + "\"}";
                    });
            lines.append(random.nextBoolean() ? "\n" : "\r\n");
        }
        return lines.append("{\"id\": \"last\"}")
                .append(random.nextBoolean() ? "\n" : "")
                .toString();
    }

    /** The id of each record, or why it has none. */
    private static List<String> read(Slice slice) throws IOException {
        List<String> ids = new ArrayList<>();
        try (FileText text = FileText.open(slice, FormatOptions.NONE, new Configuration())) {
            RecordReader reader = JSON.records(text, slice.file());
            for (Optional<SourceRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
                SourceRecord record = next.get();
                ids.add(record.failure()
                        .map(failure -> failure.kind().toString())
                        .orElseGet(() -> record.values().get("id").toString()));
            }
        }
        return ids;
    }
}
