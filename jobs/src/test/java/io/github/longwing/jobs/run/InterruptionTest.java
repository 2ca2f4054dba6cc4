package io.github.longwing.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.Longwing;
import io.github.longwing.jobs.TestCommands;
import io.github.longwing.jobs.console.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    void endsTheJobAndSaysSoAndLeavesNothing(String document) throws IOException, InterruptedException {
        Path underWay = directory.resolve("under-way");
        Path input = Files.writeString(
                directory.resolve("a.jsonl"), "{\"id\": 1, \"text\": \"" + document + " " + underWay + "\"}\n");
        Path output = directory.resolve("out");
        Path log = directory.resolve("log");
        Process process = start(log, input, output);
        try {
            waitFor(underWay, process, log);

            // not INT, which a process started in the background inherits as ignored
            new ProcessBuilder("kill", "-TERM", Long.toString(process.pid()))
                    .start()
                    .waitFor();

            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(log).content().contains("Interrupted: nothing was written to " + output);
        assertThat(log).content().doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(output).doesNotExist();
    }

    private Process start(Path log, Path input, Path output) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(System.getProperty("longwing.spark.flags").split(" ", -1)));
        command.addAll(List.of(
                "-Dlog4j2.configurationFile=" + Path.of("..", "conf", "log4j2.properties"),
                "-cp",
                System.getProperty("java.class.path"),
                SlowJob.class.getName(),
                directory.toString(),
                input.toString(),
                output.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static void waitFor(Path path, Process process, Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(path)) {
            assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
            assertThat(System.nanoTime()).as("until %s is there", path).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Summarizes a document that never ends. */
    static final class SlowJob {
        private SlowJob() {}

        public static void main(String[] arguments) {
            Terminal terminal = Terminal.ofProcess();
            System.exit(Longwing.run(
                    terminal,
                    TestCommands.in(Path.of(arguments[0])).backend(),
                    "summarize",
                    "--master",
                    "local[1]",
                    "--input",
                    arguments[1],
                    "--output",
                    arguments[2]));
        }
    }
}
