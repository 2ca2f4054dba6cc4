package io.github.longwing.readers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A folder of documents through {@code bin/longwing}: the two jars of this build, a Spark of its own, real files. */
@DisabledOnOs(OS.WINDOWS) // it is a terminal script
class DocumentJobIT {
    private static final Path LAUNCHER =
            Path.of("..", "bin", "longwing").toAbsolutePath().normalize();
    private static final long PATIENCE_MINUTES = 15; // a busy machine takes minutes to start a Spark

    @TempDir
    private Path directory;

    @Test
    void summarizesWhatCanBeReadAndSaysWhatCannot() throws Exception {
        Path files = Files.createDirectory(directory.resolve("my documents"));
        for (String name : List.of("one-column.pdf", "two-columns.pdf", "needs-a-password.pdf", "word.docx")) {
            Files.write(files.resolve(name), TestFiles.file(name));
        }
        Files.write(files.resolve("cut.pdf"), TestFiles.firstPart(TestFiles.file("one-column.pdf"), 0.5));
        Files.write(files.resolve("bomb.docx"), TestFiles.word("", "boom ", 20_000_000));
        Files.write(files.resolve("random.bin"), TestFiles.random(5_000));
        Files.write(files.resolve("empty.pdf"), new byte[0]);
        Files.writeString(files.resolve("page.html"), "<title>A page</title><p>The river rises in the hills.");
        Files.write(files.resolve("text.txt"), "The café by the river was “closed”.".getBytes("windows-1252"));

        run(
                "summarize",
                "--input",
                "my documents",
                "--format=binaryFile",
                "--keep-columns",
                "title,pages,left_out",
                "--output",
                "out",
                "--max-length",
                "12",
                "--min-length",
                "0",
                "--master",
                "local[2]");

        Map<String, String> rows = rows(directory.resolve("out"));
        String title = "The river and the valley";
        assertThat(rows)
                .containsOnly(
                        Map.entry("one-column.pdf", title + ", 1, {page numbers=1}, null, sentences on [1]"),
                        Map.entry("two-columns.pdf", title + ", 1, {page numbers=1}, null, sentences on [1]"),
                        Map.entry("word.docx", title + ", 1, {headers and footers=1}, null, sentences on [null]"),
                        Map.entry("page.html", "A page, null, {}, null, sentences on [null]"),
                        Map.entry("text.txt", "null, null, {}, null, sentences on [null]"),
                        Map.entry("needs-a-password.pdf", "null, null, null, EncryptedFile"),
                        Map.entry("cut.pdf", "null, null, null, UnreadableFile"),
                        Map.entry("bomb.docx", "null, null, null, UnreadableFile"),
                        Map.entry("random.bin", "null, null, null, UnreadableFile"),
                        Map.entry("empty.pdf", "null, null, null, EmptyText"));
    }

    private static Map<String, String> rows(Path output) {
        SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .getOrCreate();
        try {
            return spark.read().parquet(output.toString()).collectAsList().stream()
                    .collect(Collectors.toMap(row -> name(row.getAs("id")), DocumentJobIT::describe));
        } finally {
            spark.stop();
        }
    }

    private static String describe(Row row) {
        Row error = row.getAs("error");
        assertThat(row.<String>getAs("summary") == null).isEqualTo(error != null);
        int leftOut = row.fieldIndex("left_out");
        return row.getAs("title") + ", " + row.getAs("pages") + ", "
                + (row.isNullAt(leftOut) ? null : row.getJavaMap(leftOut)) + ", "
                + (error == null ? "null, sentences on " + pages(row) : error.getString(0));
    }

    private static List<Object> pages(Row row) {
        return row.<Row>getList(row.fieldIndex("sentences")).stream()
                .map(sentence -> sentence.getAs("page"))
                .distinct()
                .toList();
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void run(String... arguments) throws IOException, InterruptedException {
        Path err = directory.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(LAUNCHER.toString());
        builder.command().addAll(List.of(arguments));
        builder.directory(directory.toFile())
                .redirectOutput(directory.resolve("out.txt").toFile());
        builder.redirectError(err.toFile());
        builder.environment().remove("SPARK_HOME");
        builder.environment().put("LONGWING_CACHE", directory.resolve("cache").toString());
        Process process = builder.start();
        assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(err, StandardCharsets.UTF_8))
                .isZero();
    }
}
