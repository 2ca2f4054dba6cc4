package io.github.longwing.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.longwing.jobs.LakeSession;
import io.github.longwing.jobs.Longwing;
import io.github.longwing.jobs.TestCommands;
import io.github.longwing.jobs.console.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C in the middle of a job, in a process of its own. */
class InterruptionTest {
    private static final long PATIENCE_SECONDS = 900; // a busy machine takes minutes to start a Spark

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {"slow", "deaf"}) // the task of a deaf document outlives its cancellation and meets Spark's end
    @DisabledOnOs(OS.WINDOWS) // which has no signals to send
    void endsTheJobAndSaysSoAndLeavesNothing(String document) throws Exception {
        Path underWay = directory.resolve("under-way");
        Path input = Files.writeString(
                directory.resolve("a.jsonl"), "{\"id\": 1, \"text\": \"" + document + " " + underWay + "\"}\n");
        Path output = directory.resolve("out");
        Path log = directory.resolve("log");
        Process process = start(log, input, "--output", output.toString());
        try {
            waitUntil("a document is under way", () -> Files.exists(underWay), process, log);
            terminate(process);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(log).content().contains("Interrupted: nothing was written to " + output);
        assertThat(log).content().doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(output).doesNotExist();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void endsAStreamThatWaits() throws Exception {
        Path input = Files.createDirectory(directory.resolve("in"));
        Files.writeString(input.resolve("a.jsonl"), "{\"id\": 1, \"text\": \"one\"}\n");
        Path output = directory.resolve("out");
        Path log = directory.resolve("log");

        Path waits = output.resolve("_longwing").resolve("lease.json");
        Process process = start(log, input, "--output", output.toString(), "--stream", "--trigger", "1h");
        try {
            waitUntil("it has written", () -> Files.readString(log).contains("written to"), process, log);
            waitUntil("it waits", () -> Files.notExists(waits), process, log);
            terminate(process);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(log)
                .content()
                .contains("Interrupted: 1 document is committed to " + output + "; the same command goes on")
                .doesNotContain("\tat ")
                .doesNotContain("Exception");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void endsAStreamWithinABatchWithWhatIsFinished() throws Exception {
        Path input = Files.createDirectory(directory.resolve("in"));
        Files.writeString(input.resolve("a.jsonl"), documents(8));
        Path output = directory.resolve("out");
        Path log = directory.resolve("log");
        Path underWay = directory.resolve("under-way");

        Process process = start(log, input, "--output", output.toString(), "--stream", "--trigger", "1s");
        try {
            waitUntil("it has written", () -> Files.readString(log).contains("written to"), process, log);
            Path half = Files.writeString(
                    directory.resolve("half"), "{\"id\": \"b\", \"text\": \"slow " + underWay + "\"}\n");
            Files.move(half, input.resolve("b.jsonl"));
            waitUntil("a document is under way", () -> Files.exists(underWay), process, log);
            terminate(process);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(log)
                .content()
                .contains("Interrupted: 8 documents are committed to " + output
                        + "; the same command goes on with the rest")
                .doesNotContain("\tat ")
                .doesNotContain("Exception");
        assertThat(output.resolve("_longwing/stage")).doesNotExist();
        assertThat(output.resolve("_longwing/lease.json")).doesNotExist();
    }

    /** With the real formats, as {@code bin/longwing --conf} sets them up. */
    @ParameterizedTest
    @ValueSource(strings = {"delta", "iceberg"})
    @DisabledOnOs(OS.WINDOWS)
    void commitsToATableWhatIsFinished(String format) throws Exception {
        assumeTrue(format.equals("delta") || LakeSession.hasIceberg(), "Iceberg has nothing for this Spark");
        Path underWay = directory.resolve("under-way");
        Path input = Files.createDirectory(directory.resolve("in"));
        Files.writeString(
                input.resolve("a.jsonl"), documents(20) + "{\"id\": \"b\", \"text\": \"slow " + underWay + "\"}\n");
        Path log = directory.resolve("log");
        Path lake = directory.resolve("lake");
        String table = format.equals("delta") ? "default.stopped" : "ice.db.stopped";

        Process process = start(log, input, and(lake(lake), "--output-table", table, "--incremental"));
        try {
            waitUntil("a document is under way", () -> Files.exists(underWay), process, log);
            terminate(process);
        } finally {
            process.destroyForcibly();
        }

        assertThat(process.exitValue()).isEqualTo(143);
        String said = Files.readString(log);
        assertThat(said).doesNotContain("\tat ").doesNotContain("Exception");
        Matcher committed = Pattern.compile("Interrupted: (\\d+) documents? (?:is|are) committed to " + table
                        + "; the same command goes on")
                .matcher(said);
        assertThat(committed.find()).as(said).isTrue();
        int rows = Integer.parseInt(committed.group(1));
        assertThat(rows).isPositive();
        if (format.equals("iceberg")) { // a catalog of folders, which another process finds again
            Files.writeString(input.resolve("a.jsonl"), documents(20) + "{\"id\": \"b\", \"text\": \"quick\"}\n");
            Process again = start(log, input, and(lake(lake), "--output-table", table, "--incremental"));
            assertThat(again.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(log)
                    .content()
                    .contains(21 - rows + " document", "With earlier runs it has 21 documents (0 errors)");
        }
    }

    private static String documents(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> "{\"id\": \"a" + i + "\", \"text\": \"one two\"}\n")
                .collect(Collectors.joining());
    }

    private static String[] lake(Path directory) {
        List<String> extensions = new ArrayList<>(List.of("io.delta.sql.DeltaSparkSessionExtension"));
        if (LakeSession.hasIceberg()) {
            extensions.add("org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions");
        }
        return Stream.of(
                        "spark.sql.extensions=" + String.join(",", extensions),
                        "spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog",
                        "spark.sql.sources.default=delta",
                        "spark.databricks.delta.snapshotPartitions=1",
                        "spark.sql.shuffle.partitions=2",
                        "spark.sql.catalog.ice=org.apache.iceberg.spark.SparkCatalog",
                        "spark.sql.catalog.ice.type=hadoop",
                        "spark.sql.catalog.ice.warehouse=" + directory.resolve("ice"),
                        "spark.sql.warehouse.dir=" + directory.resolve("warehouse"))
                .flatMap(setting -> Stream.of("--conf", setting))
                .toArray(String[]::new);
    }

    private static String[] and(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    /** Not by INT, which a process started in the background inherits as ignored. */
    private static void terminate(Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-TERM", Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private Process start(Path log, Path input, String... more) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(System.getProperty("longwing.spark.flags").split(" ", -1)));
        command.addAll(List.of(
                "-Dlog4j2.configurationFile=" + Path.of("..", "conf", "log4j2.properties"),
                "-cp",
                System.getProperty("java.class.path"),
                SlowJob.class.getName(),
                Files.createTempDirectory(directory, "small").toString(),
                "--input",
                input.toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static void waitUntil(String what, Callable<Boolean> condition, Process process, Path log)
            throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.call()) {
            assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
            assertThat(System.nanoTime()).as("until %s", what).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Summarizes a document that never ends. */
    static final class SlowJob {
        private SlowJob() {}

        public static void main(String[] arguments) {
            Terminal terminal = Terminal.ofProcess();
            List<String> words = new ArrayList<>(List.of("summarize", "--master", "local[1]"));
            words.addAll(Arrays.asList(arguments).subList(1, arguments.length));
            System.exit(Longwing.run(
                    terminal, TestCommands.in(Path.of(arguments[0])).backend(), words.toArray(String[]::new)));
        }
    }
}
