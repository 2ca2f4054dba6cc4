package io.github.longwing.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.TestCommands;
import io.github.longwing.jobs.command.TaskCommand;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.session.JobSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A job in a session that shows no SparkContext, as on platforms that fence it off. */
class JobRunnerTest {
    private static SparkSession spark;

    @TempDir
    private Path directory;

    @BeforeAll
    static void startSpark() {
        // of its own: regressions of Spark ML fail in a session that has observed a query
        spark = TestCommands.spark().newSession();
    }

    @Test
    void countsByObservationWhereThereAreNoAccumulators() throws IOException {
        Path input = Files.writeString(
                directory.resolve("a.jsonl"),
                "{\"id\": 1, \"text\": \"one two\"}\n{\"id\": 2, \"text\": \"\"}\n{\"id\": 3, \"text\": \"three\"}\n");
        Path output = directory.resolve("out");
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        ExitStatus status = run(out, "--input", input.toString(), "--output", output.toString());

        assertThat(status).isEqualTo(ExitStatus.OK);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("3 documents (1 error), 5 input tokens and 6 output tokens in ");
        assertThat(spark.read().parquet(output.toString()).count()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--incremental", "--retry-errors", "--stop-after 2h", "--stream", "--stream --trigger 1m"})
    void refusesWhatNeedsSlices(String option) throws IOException {
        Path input = Files.writeString(directory.resolve("a.jsonl"), "{\"id\": 1, \"text\": \"one two\"}\n");
        String output = directory.resolve("out").toString();
        String[] arguments = ("--input " + input + " --output " + output + " " + option).split(" ", -1);

        assertThatThrownBy(() -> run(new ByteArrayOutputStream(), arguments))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot use " + option.split(" ", -1)[0] + ": this session gives no SparkContext, so that all"
                                + " rows are written at once, expected a session that gives one, as classic compute does; leave"
                                + " it out");
        assertThat(Path.of(output)).doesNotExist();
    }

    private ExitStatus run(ByteArrayOutputStream out, String... arguments) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(stream, stream, Terminal.ProgressStyle.PLAIN, Optional.empty());
        CommandLine command =
                TaskCommand.all(terminal, TestCommands.in(directory).backend()).get(0);
        CommandLine.ParseResult unused =
                command.setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        TaskCommand<?, ?> summarize = command.getCommand();
        return new JobRunner(terminal, summarize.options())
                .run(summarize.job(), new JobSession(spark, Optional.empty(), JobSession.Ownership.EXTERNAL));
    }
}
