package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When {@code bin/longwing} starts the process of a job again: a copy of the script, with a stub for Java. */
@DisabledOnOs(OS.WINDOWS) // it is a terminal script
class LauncherTest {
    private static final long PATIENCE_SECONDS = 300;

    @TempDir
    private Path root;

    private Path starts;

    private record Outcome(int status, String err, int starts) {}

    @BeforeEach
    void copyTheScript() throws IOException {
        starts = root.resolve("starts");
        Path bin = Files.createDirectories(root.resolve("bin"));
        Files.copy(Path.of("..", "bin", "longwing"), bin.resolve("longwing"));
        Path launch = Files.createDirectories(root.resolve("jobs/target/launch"));
        Path jar = Files.createFile(root.resolve("jobs/target/longwing-1.jar"));
        Files.writeString(launch.resolve("classpath"), jar.toString());
        Files.createFile(launch.resolve("jvm-flags"));
        for (String directory : List.of("models", "pipeline", "udfs", "jobs", "readers")) {
            Files.createDirectories(root.resolve(directory).resolve("src/main"));
        }
        for (String directory : List.of("conf", "examples")) {
            Files.createDirectories(root.resolve(directory));
        }
    }

    @Test
    void startsAJobAgainThatDiedWithADocument() throws Exception {
        Outcome outcome = run("[ $start -gt 2 ] || kill -9 $$", "summarize", "--input", "a", "--output", "b");

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.starts()).isEqualTo(3);
        assertThat(outcome.err())
                .containsSubsequence(
                        "longwing: the process of the job ended with status 137 (killed, mostly for lack of memory);"
                                + " starting it again, 1 of 3\n",
                        "starting it again, 2 of 3\n");
    }

    @Test
    void tellsTheJobHowTheOneBeforeEnded() throws Exception {
        Path said = root.resolve("said");
        String job = "[ $start -gt 1 ] && echo \"$LONGWING_ENDED\" > " + said + " || kill -9 $$";

        Outcome outcome = run(job, "summarize", "--input", "a", "--output-table", "b");

        assertThat(outcome.starts()).as(outcome.err()).isEqualTo(2);
        assertThat(said).hasContent("its process ended with status 137 (killed, mostly for lack of memory)");
    }

    @Test
    void givesUpAfterThreeTimesWithTheStatusOfTheLast() throws Exception {
        Outcome outcome = run("kill -ABRT $$", "embed", "--mode", "resume", "--input=a", "--output=b");

        assertThat(outcome.status()).isEqualTo(134);
        assertThat(outcome.starts()).isEqualTo(4);
        assertThat(outcome.err().lines().filter(line -> line.contains("a crash of native code")))
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "summarize --input a --output b --mode append",
                "summarize --input a --output b --set mode=error",
                "summarize --input a --output b --dry-run",
                "show b"
            })
    void startsNothingAgainThatWouldNotGoOn(String command) throws Exception {
        Outcome outcome = run("kill -9 $$", command.split(" "));

        assertThat(outcome.status()).isEqualTo(137);
        assertThat(outcome.starts()).isEqualTo(1);
    }

    @Test
    void optimisesTheCodeOfJobsAndNotThatOfShortCommands() throws Exception {
        Path said = root.resolve("said");
        String job = "echo \"$@\" > " + said;

        run(job, "show", "b");
        assertThat(said).content().contains("-XX:TieredStopAtLevel=1 ");
        run(job, "summarize", "--input", "a", "--output", "b");
        assertThat(said).content().contains(" summarize ").doesNotContain("-XX:TieredStopAtLevel");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 130, 143})
    void startsNothingAgainThatEndedByItself(int status) throws Exception {
        Outcome outcome = run("exit " + status, "summarize", "--input", "a", "--output", "b");

        assertThat(outcome.status()).isEqualTo(status);
        assertThat(outcome.starts()).isEqualTo(1);
    }

    /** Not INT, which the shell cannot trap where this process was started with INT ignored, as in the background. */
    @Test
    void passesASignalOnAndWaitsForTheEndOfTheJob() throws Exception {
        Path ended = root.resolve("ended");
        String job = "trap 'sleep 1; touch " + ended + "; exit 143' TERM; touch " + root.resolve("ready")
                + "; while :; do sleep 0.1; done";
        Process process = start(job, "summarize", "--input", "a", "--output", "b");
        for (int turn = 0; turn < 3000 && !Files.exists(root.resolve("ready")); turn++) {
            Thread.sleep(100);
        }

        assertThat(new ProcessBuilder("kill", "-TERM", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();

        Outcome outcome = outcome(process);
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(143);
        assertThat(ended).exists();
        assertThat(outcome.starts()).isEqualTo(1);
    }

    private Outcome run(String job, String... arguments) throws Exception {
        return outcome(start(job, arguments));
    }

    /** With a Java that does this, in the language of the shell; {@code $start} counts from 1. */
    private Process start(String job, String... arguments) throws IOException {
        Path java = Files.createDirectories(root.resolve("java/bin")).resolve("java");
        Files.writeString(java, """
                #!/bin/bash
                case $1 in -XshowSettings*) echo '    java.specification.version = 17' >&2; exit 0 ;; esac
                echo >> %s
                start=$(($(wc -l < %s)))
                %s
                """.formatted(starts, starts, job));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        List<String> command =
                new ArrayList<>(List.of(root.resolve("bin/longwing").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(root.resolve("out").toFile())
                .redirectError(root.resolve("err").toFile());
        builder.environment().remove("SPARK_HOME");
        builder.environment().put("JAVA_HOME", root.resolve("java").toString());
        return builder.start();
    }

    private Outcome outcome(Process process) throws Exception {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Outcome(
                process.exitValue(),
                Files.readString(root.resolve("err"), StandardCharsets.UTF_8),
                Files.readAllLines(starts).size());
    }
}
