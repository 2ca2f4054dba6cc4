package io.github.longwing.jobs.commit;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import io.github.longwing.jobs.commit.SliceRecord.SliceFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a run takes that finds everything done: of an output of many made-up rows, whose documents have a few texts and so
 * a few fingerprints, but each its own id. reliability/million runs it.
 */
@EnabledIfSystemProperty(
        named = ManyRowsTest.ROWS,
        matches = "\\d+",
        disabledReason = "measures resumes of many rows, where -Dlongwing.reliability.rows says how many")
class ManyRowsTest {
    static final String ROWS = "longwing.reliability.rows";
    private static final int FILES = 40;
    private static final int TEXTS = 100;

    @TempDir
    private Path directory;

    @Test
    void aRunThatFindsAllRowsThereTakesLessThanAMinute() throws IOException {
        long rows = Long.getLong(ROWS);
        SparkSession spark = TestCommands.spark();
        TestCommands commands = TestCommands.in(directory.resolve("small"));
        Path input = writeInput(rows);
        Path output = directory.resolve("out");
        List<String> command =
                List.of("summarize", "--input", input.toString(), "--output", output.toString(), "--quiet");
        Time unused = timed(
                commands,
                Stream.concat(command.stream(), Stream.of("--limit", String.valueOf(2 * TEXTS)))
                        .toList(),
                "documents (0 errors)");
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(output.toUri());
        RunLog log = new RunLog(path.getFileSystem(spark.sparkContext().hadoopConfiguration()), path);
        makeRows(spark, log, output, rows);

        write(log, RunRecord.State.COMPLETE);
        Time complete = timed(commands, command, " is complete: " + rows + " documents");
        write(log, RunRecord.State.RUNNING);
        Time killed = timed(commands, command, "With earlier runs it has " + rows + " documents");

        System.out.printf(
                Locale.ROOT,
                "%,d rows: the same command again takes %s, after a kill at the very end %s%n",
                rows,
                complete,
                killed);
        assertThat(List.of(complete, killed))
                .allSatisfy(time -> assertThat(time.wall()).isLessThan(Duration.ofMinutes(1)));
    }

    /** How long a command took, and the processor time of this process in it. */
    private record Time(Duration wall, Duration processor) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.1f s (%.1f s of processor time)",
                    wall.toMillis() / 1000.0,
                    processor.toMillis() / 1000.0);
        }
    }

    private static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static Time timed(TestCommands commands, List<String> command, String said) {
        long begun = System.nanoTime();
        Duration before = processorTime();
        TestCommands.Outcome outcome = commands.run(command.toArray(String[]::new));
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out().replace(",", "")).contains(said);
        return new Time(
                Duration.ofNanos(System.nanoTime() - begun), processorTime().minus(before));
    }

    /** Puts a row of each document in the place of those of the first. */
    private void makeRows(SparkSession spark, RunLog log, Path output, long rows) throws IOException {
        Dataset<Row> first = spark.read().parquet(output.toString());
        Dataset<Row> texts = broadcast(first.withColumn("number", expr("cast(substring(id, 10) as bigint)"))
                .withColumn("of text", expr(textOf("number")))
                .dropDuplicates("of text"));
        Column[] columns = Arrays.stream(first.columns())
                .map(name ->
                        name.equals("id") ? expr("concat('document ', made)").as("id") : col(name))
                .toArray(Column[]::new);
        Path made = directory.resolve("made");
        spark.range(0, rows, 1, FILES / 2)
                .toDF("made")
                .join(texts, expr(textOf("made") + " = `of text`"))
                .select(columns)
                .write()
                .parquet(made.toString());
        SliceRecord slice = log.slices().get(0);
        for (SliceFile file : slice.files()) {
            Files.delete(output.resolve(file.path()));
        }
        List<SliceFile> files = new ArrayList<>();
        try (Stream<Path> parts = Files.list(made)) {
            for (Path part :
                    parts.filter(p -> p.toString().endsWith(".parquet")).toList()) {
                String name = "part-made-" + files.size() + ".parquet";
                files.add(new SliceFile(
                        name,
                        name,
                        Files.size(part),
                        spark.read().parquet(part.toString()).count(),
                        0));
                Files.move(part, output.resolve(name));
            }
        }
        log.write(new SliceRecord(slice.run(), slice.number(), Instant.now().toString(), files, List.of()));
    }

    private static String textOf(String number) {
        return "(" + number + " div " + FILES + ") % " + TEXTS;
    }

    private static void write(RunLog log, RunRecord.State state) throws IOException {
        RunRecord run = log.runs().get(0);
        log.write(new RunRecord(
                run.id(),
                run.process(),
                run.begun(),
                null,
                state,
                run.settings(),
                0,
                run.inputs(),
                0,
                0,
                run.changes(),
                run.columns(),
                run.buckets(),
                run.version()));
    }

    private Path writeInput(long rows) throws IOException {
        Path input = Files.createDirectories(directory.resolve("in"));
        for (int file = 0; file < FILES; file++) {
            try (BufferedWriter out = Files.newBufferedWriter(input.resolve("part-" + (10 + file) + ".jsonl"))) {
                for (long i = file; i < rows; i += FILES) {
                    out.write("{\"id\": \"document " + i + "\", \"text\": \"This is text " + (i / FILES) % TEXTS
                            + ", which somebody has made up.\"}\n");
                }
            }
        }
        return input;
    }
}
