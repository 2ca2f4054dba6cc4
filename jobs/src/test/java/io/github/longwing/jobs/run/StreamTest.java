package io.github.longwing.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A job that goes on with the files that come. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class StreamTest {
    private static SparkSession spark;

    @TempDir
    private Path directory;

    private TestCommands commands;
    private Path input;
    private Path output;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void writeInput() throws IOException {
        commands = TestCommands.in(directory.resolve("small"));
        input = Files.createDirectories(directory.resolve("in"));
        output = directory.resolve("out");
    }

    @Test
    void doesWhatIsThereAndThenWhatIsNew() throws IOException {
        write("a", "a1: one two", "a2: one");
        assertThat(run("--stream").out()).contains("2 documents (0 errors)");

        write("b", "b1: one two three");
        write("a", "a1: changed text now", "a2: one");
        TestCommands.Outcome second = run("--stream", "--trigger", "available-now");

        assertThat(second.out())
                .as(second.err())
                .contains("2 documents (0 errors)", "With earlier runs it has 3 documents (0 errors)");
        assertThat(rows()).containsExactlyInAnyOrder("a1: 3 words", "a2: 1 words", "b1: 3 words");
        assertThat(run("--stream").out()).contains("is complete: 3 documents (0 errors); nothing was left to do");
    }

    @Test
    void isContentWithADirectoryThatHasNothingYet() {
        TestCommands.Outcome outcome = run("--stream");

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).isEqualToIgnoringNewLines("There is nothing in " + input + " yet; nothing was done");
        assertThat(output).doesNotExist();
    }

    @Test
    void looksAgainAtEachTriggerAndSaysNothingWhereNothingIsNew() throws Exception {
        Running stream = new Running("--stream", "--trigger", "1s");
        try {
            stream.await("the first look", () -> stream.err().contains("Looking for something new"));
            write("a", "a1: one two", "a2: one");
            stream.await("the first rows", () -> rows().size() == 2);
            String said = stream.await("what it says then", () -> stream.out().contains("written to"));
            List<Path> runs = runs();
            TimeUnit.SECONDS.sleep(4); // some looks

            assertThat(stream.out()).as("nothing was new").isEqualTo(said);
            assertThat(runs()).isEqualTo(runs).hasSize(1);
            write("b", "b1: one two three");
            stream.await("the rows of the new file", () -> stream.out().contains("runs it has 3 documents"));
            Files.delete(input.resolve("a.jsonl"));
            Files.delete(input.resolve("b.jsonl"));
            TimeUnit.SECONDS.sleep(3); // some looks at an empty directory
            write("c", "c1: one");
            stream.await("the rows of the next one", () -> rows().size() == 4);
        } finally {
            stream.stop();
        }

        assertThat(rows()).containsExactlyInAnyOrder("a1: 2 words", "a2: 1 words", "b1: 3 words", "c1: 1 words");
        assertThat(runs()).hasSize(3);
        assertThat(output.resolve("_longwing/lease.json")).doesNotExist();
    }

    @Test
    void endsByTheClockWithoutAnError() throws IOException {
        write("a", "a1: one two");

        TestCommands.Outcome outcome = run("--stream", "--trigger", "1s", "--stop-after", "3s");

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("Stopped by --stop-after: ");
    }

    @Test
    void keepsTheListsOfFilesOfItsLastRunsAlone() throws IOException {
        write("a", "a1: one");
        assertThat(run("--stream").status()).isZero();
        Path list = ofRuns(".inputs.gz").get(0);
        for (int year = 2011; year < 2021; year++) { // runs begin with their time
            Files.copy(
                    list,
                    list.resolveSibling(year + list.getFileName().toString().substring(4)));
        }
        List<Path> before = ofRuns(".inputs.gz");

        write("b", "b1: one two");
        assertThat(run("--stream").status()).isZero();

        assertThat(ofRuns(".inputs.gz")).hasSize(10).containsAll(before.subList(2, 11));
        assertThat(rows()).hasSize(2);
        assertThat(run("--stream").out()).contains("is complete: 2 documents");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --limit 4      | Cannot use --limit with --stream: expected a stream without it, since it goes on with whatever comes; leave one out
            --prune        | Cannot use --prune with --stream: expected a stream without it, since files may be moved away once they are read; leave one out
            --retry-errors | Cannot use --retry-errors with --stream: expected a stream without it, since each look would compute errors again; leave one out
            --mode append  | Cannot use --incremental, --stream, --retry-errors or --prune with --mode append: expected --mode resume, which is the default; leave one out
            --trigger soon | Cannot use --trigger soon: expected available-now, or a time between two looks such as 1m, 30s or 1h
            --trigger 0s   | Cannot use --trigger 0s: expected available-now, or a time between two looks such as 1m, 30s or 1h
            """)
    void refusesWhatMakesNoSense(String option, String sentence) throws IOException {
        write("a", "a1: one");

        TestCommands.Outcome outcome = run(("--stream " + option).split(" ", -1));

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).isEqualToIgnoringNewLines(sentence);
        assertThat(output).doesNotExist();
    }

    @Test
    void refusesATriggerWithoutAStream() {
        assertThat(run("--trigger", "1m").err()).startsWith("Cannot use --trigger 1m without --stream: expected both");
    }

    @Test
    void refusesToEvaluateAStream() throws IOException {
        write("a", "a1: one");

        TestCommands.Outcome outcome = commands.run(
                "evaluate",
                "summarize",
                "--input",
                input.toString(),
                "--output",
                output.toString(),
                "--reference-column",
                "text",
                "--stream");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("Cannot use --stream with longwing evaluate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1m", "available-now"})
    void takesAnInputThatDoesNotTellWhetherItHasChangedOnlyOnce(String trigger) {
        spark.sql("CREATE OR REPLACE TEMP VIEW stream_view AS SELECT 'a' AS id, 'one two' AS text");

        TestCommands.Outcome outcome = commands.run(
                "summarize", "--table", "stream_view", "--output", output.toString(), "--stream", "--trigger", trigger);

        if (trigger.equals("1m")) {
            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.err()).contains("Cannot use --trigger with stream_view: Spark does not tell whether");
        } else {
            assertThat(outcome.status()).as(outcome.err()).isZero();
            assertThat(rows()).containsExactly("a: 2 words");
        }
    }

    /** Documents as {@code id: text}; the file appears whole. */
    private void write(String name, String... documents) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String document : documents) {
            String[] parts = document.split(": ", 2);
            lines.add("{\"id\": \"" + parts[0] + "\", \"text\": \"" + parts[1] + "\"}");
        }
        Path half = Files.write(directory.resolve(name + ".half"), lines);
        Files.move(half, input.resolve(name + ".jsonl"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private TestCommands.Outcome run(String... more) {
        return commands.run(arguments(more));
    }

    private String[] arguments(String... more) {
        return Stream.concat(
                        Stream.of("summarize", "--input", input.toString(), "--output", output.toString()),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private List<String> rows() {
        return Files.exists(output)
                ? spark
                        .read()
                        .schema("id STRING, summary STRING")
                        .parquet(output.toString())
                        .selectExpr("concat(id, ': ', summary)")
                        .collectAsList()
                        .stream()
                        .map(row -> row.getString(0))
                        .toList()
                : List.of();
    }

    private List<Path> runs() throws IOException {
        return ofRuns(".json");
    }

    private List<Path> ofRuns(String ending) throws IOException {
        try (Stream<Path> files = Files.list(output.resolve("_longwing/runs"))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    /** A stream that a thread runs until it is told to stop. */
    private final class Running {
        private final TestCommands.Watched watched = new TestCommands.Watched();
        private final CompletableFuture<Integer> status = new CompletableFuture<>();
        private final Thread thread;

        Running(String... more) {
            thread = new Thread(() -> status.complete(commands.run(watched, arguments(more))));
            thread.start();
        }

        String out() {
            return watched.out();
        }

        String err() {
            return watched.err();
        }

        /** Gives what it has said on its output then. */
        String await(String what, Callable<Boolean> condition) throws Exception {
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
            while (!condition.call()) {
                assertThat(status).as(err()).isNotDone();
                assertThat(System.nanoTime()).as("until there is %s", what).isLessThan(end);
                TimeUnit.MILLISECONDS.sleep(100);
            }
            return out();
        }

        void stop() throws Exception {
            thread.interrupt();
            Integer unused = status.get(10, TimeUnit.MINUTES);
        }
    }
}
