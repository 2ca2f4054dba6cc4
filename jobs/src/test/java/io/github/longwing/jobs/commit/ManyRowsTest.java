package io.github.longwing.jobs.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a run takes that finds everything done. Makes an output of many rows first, with tasks that do no arithmetic, which
 * takes minutes; reliability/million runs it.
 */
@EnabledIfSystemProperty(
        named = ManyRowsTest.ROWS,
        matches = "\\d+",
        disabledReason = "measures resumes of many rows for minutes, where -Dlongwing.reliability.rows says how many")
class ManyRowsTest {
    static final String ROWS = "longwing.reliability.rows";
    private static final int FILES = 40;

    @TempDir
    private Path directory;

    @Test
    void aRunThatFindsAllRowsThereTakesLessThanAMinute() throws IOException {
        long rows = Long.getLong(ROWS);
        SparkSession spark = TestCommands.spark();
        TestCommands commands = TestCommands.in(directory.resolve("small"));
        Path input = writeInput(rows);
        Path output = directory.resolve("out");
        String[] command = {
            "summarize", "--input", input.toString(), "--output", output.toString(), "--slice-minutes", "0.5", "--quiet"
        };
        Duration made = timed(commands, command, rows + " documents");
        RunLog log = new RunLog(
                new org.apache.hadoop.fs.Path(output.toUri())
                        .getFileSystem(spark.sparkContext().hadoopConfiguration()),
                new org.apache.hadoop.fs.Path(output.toUri()));

        Duration complete = timed(commands, command, "is complete: ");
        RunRecord run = log.runs().get(0);
        log.write(new RunRecord(
                run.id(),
                run.process(),
                run.begun(),
                null,
                RunRecord.State.RUNNING,
                run.settings(),
                run.limit(),
                run.inputs(),
                0,
                0,
                run.changes()));
        Duration killed = timed(commands, command, "With earlier runs it has ");

        System.out.printf(
                Locale.ROOT,
                "%,d rows in %d slices, made in %d s: the same command again takes %.1f s, after a kill at the end %.1f s%n",
                rows,
                log.slices().size(),
                made.toSeconds(),
                complete.toMillis() / 1000.0,
                killed.toMillis() / 1000.0);
        assertThat(List.of(complete, killed))
                .allSatisfy(time -> assertThat(time).isLessThan(Duration.ofMinutes(1)));
    }

    private static Duration timed(TestCommands commands, String[] command, String said) {
        long begun = System.nanoTime();
        TestCommands.Outcome outcome = commands.run(command);
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out().replace(",", "")).contains(said);
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private Path writeInput(long rows) throws IOException {
        Path input = Files.createDirectories(directory.resolve("in"));
        for (int number = 0; number < FILES; number++) {
            try (BufferedWriter out = Files.newBufferedWriter(input.resolve("part-" + number + ".jsonl"))) {
                for (long i = number; i < rows; i += FILES) {
                    out.write("{\"id\": \"document " + i + "\", \"text\": \"This is the text of document " + i
                            + ", which somebody has made up.\"}\n");
                }
            }
        }
        return input;
    }
}
