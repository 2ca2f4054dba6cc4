package io.github.longwing.jobs.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real readers of an output whose run hangs in the middle see what is committed and nothing else. */
class CommittedRowsTest {
    private static final int DOCUMENTS = 120;
    private static final int PATIENCE = 3_000; // tenths of a second, on a busy machine

    private static SparkSession spark;

    @TempDir
    private Path directory;

    private Path output;
    private Path input;

    /** How the output is laid out. */
    enum Layout {
        FLAT,
        PARTITIONED
    }

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void writeInput() throws IOException {
        output = directory.resolve("out");
        input = directory.resolve("a.jsonl");
        Files.writeString(
                input,
                IntStream.range(0, DOCUMENTS)
                        .mapToObj(i -> "{\"id\": \"d" + i + "\", \"lang\": "
                                + (i % 3 == 0 ? "null" : "\"l=" + i % 3 + "\"") + ", \"text\": \""
                                + (i == 7 ? "slow " + directory.resolve("hangs") : "a text") + "\"}\n")
                        .collect(Collectors.joining()));
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void sparkSeesWholeCommittedRowsWhileTheRunGoesOn(Layout layout) throws Exception {
        try (HangingRun run = new HangingRun(layout)) {
            List<String> ids = sparkIds();

            assertThat(run.end).isNotDone();
            assertThat(ids).isNotEmpty().doesNotHaveDuplicates().doesNotContain("d7");
        }
        assertThat(sparkIds()).hasSize((int) committedRows()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void pandasPyarrowAndDuckDbSeeWholeCommittedRowsWhileTheRunGoesOn(Layout layout) throws Exception {
        assumeTrue(
                python("-c", "import duckdb, pandas, pyarrow") == 0,
                "there is no Python with duckdb, pandas and pyarrow (PYTHON names it), so that they read no output");
        try (HangingRun run = new HangingRun(layout)) {
            List<List<String>> readers = pythonIds(layout);

            assertThat(run.end).isNotDone();
            assertThat(readers)
                    .hasSize(layout == Layout.FLAT ? 4 : 3)
                    .allSatisfy(ids ->
                            assertThat(ids).isNotEmpty().doesNotHaveDuplicates().doesNotContain("d7"));
        }
        assertThat(pythonIds(layout))
                .allSatisfy(
                        ids -> assertThat(ids).hasSize((int) committedRows()).doesNotHaveDuplicates());
    }

    @Test
    void nothingThatIsNotCommittedLooksLikeRows() throws Exception {
        try (HangingRun run = new HangingRun(Layout.FLAT)) {
            Set<String> looksLikeRows = new HashSet<>(parquetFiles()); // before the records, which come first

            assertThat(run.end).isNotDone();
            assertThat(log().slices().stream().flatMap(slice -> slice.files().stream()))
                    .extracting(SliceRecord.SliceFile::path)
                    .containsAll(looksLikeRows);
        }
    }

    private long committedRows() throws IOException {
        return log().slices().stream().mapToLong(SliceRecord::rows).sum();
    }

    private RunLog log() throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(output.toUri());
        return new RunLog(path.getFileSystem(spark.sparkContext().hadoopConfiguration()), path);
    }

    /** A run that has committed a slice and hangs with a document until it is closed. */
    private final class HangingRun implements AutoCloseable {
        final CompletableFuture<TestCommands.Outcome> end;

        HangingRun(Layout layout) throws IOException, InterruptedException {
            List<String> arguments = new ArrayList<>(List.of("summarize", "--slice-minutes", "0.0001"));
            arguments.addAll(List.of("--input", input.toString(), "--output", output.toString()));
            arguments.addAll(List.of("--keep-columns", "lang"));
            if (layout == Layout.PARTITIONED) {
                arguments.addAll(List.of("--partition-by", "lang"));
            }
            TestCommands commands = TestCommands.in(directory.resolve("small"));
            end = CompletableFuture.supplyAsync(() -> commands.run(arguments.toArray(String[]::new)));
            for (int turn = 0;
                    turn < PATIENCE && !end.isDone() && parquetFiles().isEmpty();
                    turn++) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            assertThat(parquetFiles()).as("files of committed slices").isNotEmpty();
        }

        @Override
        public void close() {
            spark.sparkContext().cancelAllJobs();
            assertThat(end.orTimeout(PATIENCE / 10, TimeUnit.SECONDS).join().status())
                    .isEqualTo(1);
        }
    }

    private List<String> parquetFiles() throws IOException {
        if (!Files.exists(output)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(output)) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .map(file -> output.relativize(file).toString())
                    .toList();
        }
    }

    private List<String> sparkIds() {
        return spark.read().parquet(output.toString()).select("id").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }

    private static String pythonName() {
        return Objects.requireNonNullElse(System.getenv("PYTHON"), "python3");
    }

    private int python(String... arguments) throws InterruptedException {
        try {
            return new ProcessBuilder(Stream.concat(Stream.of(pythonName()), Stream.of(arguments))
                            .toList())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("python.log").toFile())
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }

    /** Of each reader. */
    private List<List<String>> pythonIds(Layout layout) throws IOException, InterruptedException {
        int status = python(
                "../reliability/read.py", output.toString(), layout == Layout.PARTITIONED ? "--partitioned" : "--flat");
        String said = Files.readString(directory.resolve("python.log"), StandardCharsets.UTF_8);
        assertThat(status).as(said).isZero();
        List<List<String>> ids = new ArrayList<>();
        for (String line : said.lines().toList()) {
            JsonObject reader = JsonParser.parseString(line).getAsJsonObject();
            ids.add(reader.getAsJsonArray("ids").asList().stream()
                    .map(id -> id.getAsString())
                    .toList());
        }
        return ids;
    }
}
