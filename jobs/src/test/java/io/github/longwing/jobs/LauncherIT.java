package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/longwing} itself, with the jar of this build, the embedded model and a Spark of its own. */
@DisabledOnOs(OS.WINDOWS) // it is a terminal script
class LauncherIT {
    private static final Path LAUNCHER =
            Path.of("..", "bin", "longwing").toAbsolutePath().normalize();
    private static final long PATIENCE_MINUTES = 15; // a busy machine takes minutes to start a Spark

    @TempDir
    private Path directory;

    private Path workingDirectory;

    @BeforeEach
    void makeADirectoryWithASpaceInItsName() throws IOException {
        workingDirectory = Files.createDirectory(directory.resolve("a place"));
    }

    private record Outcome(int status, String out, String err) {}

    @Test
    void summarizesWithTheEmbeddedModelThroughALinkFromAnyDirectory() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("my longwing"), LAUNCHER);
        Files.writeString(workingDirectory.resolve("my documents.jsonl"), """
                {"id": "a", "text": "The river rises in the hills. It floods the valley in spring."}
                {"id": "b", "text": null}
                """);

        Outcome outcome = run(
                link,
                Map.of(),
                "summarize",
                "--input",
                "my documents.jsonl",
                "--output",
                "my summaries",
                "--max-length",
                "12",
                "--min-length",
                "0",
                "--master",
                "local[1]",
                "--conf",
                "spark.driver.memory=600m");

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("\n2 documents (1 error), ").contains("written to my summaries");
        assertThat(outcome.err()).contains("max-length").doesNotContain("\tat ");
        try (Stream<Path> files = Files.list(workingDirectory.resolve("my summaries"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("_SUCCESS")
                    .anyMatch(name -> name.endsWith(".parquet"));
        }
        assertThat(workingDirectory.resolve("spark-warehouse")).doesNotExist();
    }

    @Test
    void passesOnTheStatusAndTheSentenceOfAnError() throws Exception {
        Outcome outcome = run(
                LAUNCHER, Map.of(), "summarize", "--input", "none.jsonl", "--output", "summaries", "--master=local[1]");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .isEqualToIgnoringNewLines(
                        "Cannot read --input none.jsonl: there is no such file or directory, expected one"
                                + " that exists; check the name");
    }

    @Test
    void showsHelpAndVersionWithoutSpark() throws Exception {
        assertThat(run(LAUNCHER, Map.of("SPARK_HOME", "/nowhere"), "summarize", "--help")
                        .out())
                .contains("--input");
        assertThat(run(LAUNCHER, Map.of(), "--version").out()).startsWith("longwing ");
    }

    @Test
    void saysWhatIsWrongWithJavaOrSpark() throws Exception {
        refuses(
                run(LAUNCHER, Map.of("JAVA_HOME", "/nowhere"), "--version"),
                "Cannot run Longwing: JAVA_HOME is /nowhere, which has no bin/java, expected a JDK 17 or later; mend or unset"
                        + " it");
        refuses(
                run(LAUNCHER, Map.of("SPARK_HOME", "/nowhere"), "summarize", "--input", "a", "--output", "b"),
                "Cannot start Spark: SPARK_HOME is /nowhere, which has no bin/spark-submit, expected an installation of Spark"
                        + " 4; mend or unset it");
    }

    @Test
    void findsAnotherJavaWhereSparkDoesNotRunOnTheOneThatIsNamed() throws Exception {
        Path tooNew = Files.createDirectories(directory.resolve("jdk-25/bin")).resolve("java");
        Files.writeString(tooNew, "#!/bin/sh\necho '    java.specification.version = 25' >&2\n");
        assertThat(tooNew.toFile().setExecutable(true)).isTrue();
        Path installed = Files.createDirectories(directory.resolve(".sdkman/candidates/java"));
        Files.createSymbolicLink(installed.resolve("mine"), Path.of(System.getProperty("java.home")));

        Outcome outcome = run(
                LAUNCHER,
                Map.of(
                        "JAVA_HOME", directory.resolve("jdk-25").toString(),
                        "HOME", directory.toString()),
                "--version");

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).startsWith("longwing ");
        assertThat(outcome.err()).contains("jdk-25/bin/java is Java 25, on which Spark 4 does not run; using Java ");
    }

    @Test
    void goesThroughTheInstalledSparkWithItsMasterAndSettings() throws Exception {
        Path home = directory.resolve("spark home");
        Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
        Files.writeString(submit, "#!/bin/sh\nfor argument; do echo \"[$argument]\"; done\n");
        assertThat(submit.toFile().setExecutable(true)).isTrue();

        Outcome outcome = run(
                LAUNCHER,
                Map.of("SPARK_HOME", home.toString()),
                "summarize",
                "--input",
                "my documents",
                "--master",
                "spark://host:7077",
                "--conf=spark.executor.memory=6g",
                "--conf",
                "spark.x=a b");

        assertThat(outcome.status()).isZero();
        List<String> arguments = outcome.out().lines().toList();
        int jar = arguments.indexOf("[" + System.getProperty("longwing.jar") + "]");
        assertThat(arguments.subList(0, jar))
                .containsExactly(
                        "[--master]",
                        "[spark://host:7077]",
                        "[--conf]",
                        "[spark.executor.memory=6g]",
                        "[--conf]",
                        "[spark.x=a b]",
                        "[--class]",
                        "[io.github.longwing.jobs.Longwing]");
        assertThat(arguments.subList(jar + 1, arguments.size()))
                .containsExactly(
                        "[summarize]",
                        "[--input]",
                        "[my documents]",
                        "[--master]",
                        "[spark://host:7077]",
                        "[--conf=spark.executor.memory=6g]",
                        "[--conf]",
                        "[spark.x=a b]");
    }

    private static void refuses(Outcome outcome, String sentence) {
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).isEqualToIgnoringNewLines(sentence);
    }

    private Outcome run(Path launcher, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workingDirectory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().remove("SPARK_HOME");
        builder.environment().put("LONGWING_CACHE", directory.resolve("cache").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
        return new Outcome(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
