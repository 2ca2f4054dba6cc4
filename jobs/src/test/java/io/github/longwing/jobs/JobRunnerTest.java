package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.spark.DocumentSummaries;
import io.github.longwing.spark.InputPartitioning;
import io.github.longwing.spark.ModelReference;
import io.github.longwing.spark.SummarizeOptions;
import io.github.longwing.tokenizer.Newlines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A job in a session that shows no SparkContext, as on platforms that fence it off. */
class JobRunnerTest {
    private static SparkSession spark;

    @TempDir
    private Path directory;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @Test
    void countsByObservationWhereThereAreNoAccumulators() throws IOException {
        Path input = Files.writeString(
                directory.resolve("a.jsonl"),
                "{\"id\": 1, \"text\": \"one two\"}\n{\"id\": 2, \"text\": \"\"}\n{\"id\": 3, \"text\": \"three\"}\n");
        Path output = directory.resolve("out");
        JobOptions options = new JobOptions();
        CommandLine.ParseResult unused = new CommandLine(options)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs("--input", input.toString(), "--output", output.toString());
        SummarizeJob job = new SummarizeJob(
                new SummarizeOptions(
                        ModelReference.embedded(),
                        options.columns(),
                        Map.of(),
                        null,
                        Newlines.NEWLINE,
                        options.onError(),
                        InputPartitioning.BALANCED),
                JobOptions.Rehearsal.RUN,
                TestCommands.in(directory).models(),
                (documents, summarize, progress) -> DocumentSummaries.summarize(
                        documents, summarize, new CountingSummarizer.Loader(1, 0), progress),
                modelDefaults -> new ResolvedSettings(List.of()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Shell shell = new Shell(stream, stream, Shell.Terminal.PLAIN, Optional.empty());

        ExitStatus status = new JobRunner(shell, options)
                .run(job, new JobSession(spark, Optional.empty(), JobSession.Ownership.OF_THE_PLATFORM));

        assertThat(status).isEqualTo(ExitStatus.OK);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("3 documents (1 error), 5 input tokens and 6 output tokens in ");
        assertThat(spark.read().parquet(output.toString()).count()).isEqualTo(3);
    }
}
