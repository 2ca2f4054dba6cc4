package io.github.longwing.jobs.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code longwing runs show}: how an output stands, of runs that ended and of those that did not. */
class RunsShowTest {
    @TempDir
    private Path directory;

    private TestCommands commands;
    private Path input;
    private Path output;

    @BeforeAll
    static void startSpark() {
        TestCommands.spark();
    }

    @BeforeEach
    void writeInput() throws IOException {
        commands = TestCommands.in(directory.resolve("small"));
        output = directory.resolve("out");
        input = directory.resolve("a.jsonl");
        Files.writeString(
                input,
                IntStream.range(0, 20)
                        .mapToObj(i -> "{\"id\": \"" + i + "\", \"text\": \"" + (i == 3 ? "fail" : "a text") + "\"}\n")
                        .collect(Collectors.joining()));
    }

    @Test
    void showsRunsWithTheirCountsAndTheSettings() {
        run("--limit", "10", "--num-beams", "5");
        run("--num-beams", "5");

        List<String> shown = show().lines().toList();

        assertThat(shown.get(0)).startsWith(output + ": 20 rows (1 error) in 2 slices and 2 files");
        assertThat(shown.get(1)).isEqualTo("Job: summarize, counting@0123456789ab");
        assertThat(shown.get(2)).isEqualTo("Input: 1 file");
        assertThat(shown.get(3)).startsWith("Options: ").contains("num-beams 5");
        List<List<String>> cells = cells(shown);
        assertThat(cells.get(0))
                .containsExactly("run", "state", "began (UTC)", "took", "slices", "rows", "errors", "process");
        assertThat(cells.subList(1, cells.size())).hasSize(2).allSatisfy(run -> {
            assertThat(run.get(1)).isEqualTo("complete");
            assertThat(run.get(4)).isEqualTo("1");
            assertThat(run.get(5)).isEqualTo("10");
            assertThat(run.get(7)).startsWith(ProcessHandle.current().pid() + " on ");
        });
        assertThat(shown.get(shown.size() - 1)).isEqualTo("Left: nothing of the input of the last run");
    }

    @Test
    void takesRunsOfOneSecondInTheOrderInWhichTheyBegan() throws IOException {
        run("--limit", "10");
        RunRecord last = log().runs().get(0);
        log().write(at(last, "20990101-000000-zzzz", "2099-01-01T00:00:00Z"));
        log().write(at(last, "20990101-000000-aaaa", "2099-01-01T00:00:00.250Z"));

        assertThat(log().runs())
                .extracting(RunRecord::id)
                .containsExactly(last.id(), "20990101-000000-zzzz", "20990101-000000-aaaa");
    }

    @Test
    void saysWhichRunIsUnderWay() throws IOException {
        run("--limit", "10");
        RunRecord last = log().runs().get(0);
        try (Lease lease = Lease.take(log(), "20990101-000000-aaaa", line -> {})) {
            log().write(like(last, "20990101-000000-aaaa", ProcessIdentity.current()));
            Path stage = Files.createDirectories(output.resolve("_longwing/stage/20990101-000000-aaaa"));
            Files.write(stage.resolve("0-1-0.rows"), new byte[3000]);

            assertThat(lease).isNotNull();
            assertThat(states()).containsExactly("complete", "running");
            assertThat(show())
                    .contains("Run 20990101-000000-aaaa writes it now: process "
                            + ProcessHandle.current().pid() + " on ")
                    .contains("1 file (3 kB) in stage: written and not committed yet")
                    .doesNotContain("Left:");
        }
    }

    @Test
    void saysWhichRunWasKilled() throws Exception {
        run("--limit", "10");
        RunRecord last = log().runs().get(0);
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        ProcessIdentity dead =
                new ProcessIdentity(ProcessIdentity.current().host(), process.pid(), "1970-01-01T00:00:00Z");
        log().write(like(last, "20990101-000000-aaaa", dead));
        Files.writeString(
                output.resolve("_longwing/lease.json"),
                RunLog.json(new Lease.Holder("20990101-000000-aaaa", dead, "2999-01-01T00:00:00Z")));
        Path part;
        try (Stream<Path> parts = Files.list(output)) {
            part = parts.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.delete(part);

        assertThat(states()).containsExactly("complete", "killed");
        assertThat(show())
                .contains("Run 20990101-000000-aaaa holds the lease and lives no more: process " + process.pid())
                .contains("1 file of committed slices not in place; the next run ends that, or names what is missing")
                .endsWith("Left: the same command goes on with the rest" + System.lineSeparator());
    }

    @Test
    void presumesThatARunOfAnotherHostLivesWhileItsLeaseHolds() throws IOException {
        run("--limit", "10");
        RunRecord last = log().runs().get(0);
        ProcessIdentity far = new ProcessIdentity("elsewhere", 7, "1970-01-01T00:00:00Z");
        log().write(like(last, "20990101-000000-aaaa", far));
        Path lease = output.resolve("_longwing/lease.json");

        Files.writeString(lease, RunLog.json(new Lease.Holder("20990101-000000-aaaa", far, "2999-01-01T00:00:00Z")));
        assertThat(states()).containsExactly("complete", "running");
        assertThat(show()).contains("process 7 on elsewhere, whose lease holds until 2999-01-01 00:00:00 UTC");

        Files.writeString(lease, RunLog.json(new Lease.Holder("20990101-000000-aaaa", far, "2001-01-01T00:00:00Z")));
        assertThat(states()).containsExactly("complete", "killed");
    }

    @Test
    void refusesWhatNoRunHasWritten() throws IOException {
        TestCommands.Outcome outcome =
                commands.run("runs", "show", Files.createDirectories(output).toString());

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualToIgnoringNewLines("Cannot show the runs of " + output
                        + ": it has no record of a run, expected the --output of a job; check the name");
        assertThat(commands.run("runs", "show", "nosuchscheme://a/b").err())
                .startsWith("Cannot show the runs of nosuchscheme://a/b: ")
                .contains(", expected the --output of a job");
        assertThat(commands.run("runs").err()).contains("expected runs show");
    }

    private static RunRecord like(RunRecord run, String id, ProcessIdentity process) {
        return new RunRecord(
                id,
                process,
                run.begun(),
                null,
                RunRecord.State.RUNNING,
                run.settings(),
                0,
                run.inputs(),
                0,
                0,
                run.changes(),
                run.columns(),
                run.buckets(),
                run.version());
    }

    private static RunRecord at(RunRecord run, String id, String begun) {
        return new RunRecord(
                id,
                run.process(),
                begun,
                begun,
                run.state(),
                run.settings(),
                0,
                run.inputs(),
                0,
                0,
                run.changes(),
                run.columns(),
                run.buckets(),
                run.version());
    }

    private List<String> states() {
        List<List<String>> cells = cells(show().lines().toList());
        return cells.subList(1, cells.size()).stream().map(row -> row.get(1)).toList();
    }

    private static List<List<String>> cells(List<String> shown) {
        return shown.stream()
                .filter(line -> line.contains(" | "))
                .map(line -> Stream.of(line.split("\\|")).map(String::strip).toList())
                .toList();
    }

    private String show() {
        TestCommands.Outcome outcome = commands.run("runs", "show", output.toString());
        assertThat(outcome.status()).as(outcome.err()).isZero();
        return outcome.out();
    }

    private void run(String... more) {
        String[] arguments = Stream.concat(
                        Stream.of("summarize", "--input", input.toString(), "--output", output.toString()),
                        Stream.of(more))
                .toArray(String[]::new);
        TestCommands.Outcome outcome = commands.run(arguments);
        assertThat(outcome.status()).as(outcome.err()).isZero();
    }

    private RunLog log() throws IOException {
        return new RunLog(FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(output.toString()));
    }
}
