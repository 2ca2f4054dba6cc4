package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks on a DataFrame of a session, as the package for Python asks for them. */
class DataFrameTasksTest {
    @TempDir
    private Path directory;

    private final SparkSession spark = TestCommands.spark();

    @Test
    void theRowsAreThoseOfTheCommand() throws Exception {
        Path input = Files.writeString(directory.resolve("in.jsonl"), """
                {"id": "a", "text": "some words", "title": "A"}
                {"id": "b", "text": "", "title": "B"}
                """);
        String output = directory.resolve("out").toString();
        TestCommands commands = TestCommands.in(directory);
        assertThat(commands.run(
                                "summarize",
                                "--input",
                                input.toString(),
                                "--output",
                                output,
                                "--keep-columns",
                                "title",
                                "--num-beams",
                                "2")
                        .status())
                .isZero();

        Dataset<Row> result = DataFrameTasks.apply(
                commands.backend(),
                "summarize",
                spark.read().json(input.toString()),
                List.of("--keep-columns=\"title\"", "--num-beams=2"));

        Dataset<Row> written = spark.read().parquet(output);
        assertThat(result.columns()).containsExactly(written.columns());
        assertThat(result.orderBy("id").collectAsList())
                .isEqualTo(written.orderBy("id").collectAsList());
    }

    @Test
    void optionsThatAreWrongAreRefusedInOneSentence() {
        TestCommands commands = TestCommands.in(directory);
        Dataset<Row> documents = spark.range(1).selectExpr("id", "'words' AS text");

        assertThatThrownBy(() ->
                        DataFrameTasks.apply(commands.backend(), "summarize", documents, List.of("--window-overlap=x")))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use --window-overlap: it is \"x\", expected a whole number; see longwing summarize"
                        + " --help");
        assertThatThrownBy(() ->
                        DataFrameTasks.apply(commands.backend(), "summarize", documents, List.of("--text-column=body")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("body");
        assertThatThrownBy(() -> DataFrameTasks.apply(commands.backend(), "show", documents, List.of("out")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Cannot run show on a DataFrame");
    }

    @Test
    void theBatchesOfAStreamAreCommittedExactlyOnce() throws Exception {
        TestCommands commands = TestCommands.in(directory.resolve("small"));
        Path input = Files.createDirectory(directory.resolve("in"));
        String output = directory.resolve("out").toString();
        Path checkpoint = directory.resolve("checkpoint");
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        List<String> arguments = List.of("--output=" + output, "--incremental", "--slice-minutes=0.0001");
        VoidFunction2<Dataset<Row>, Long> commit = (batch, id) ->
                said.add(id + " " + DataFrameTasks.commit(commands.backend(), "summarize", batch, arguments));

        writeAtOnce(input, "a", "{\"id\": \"a1\", \"text\": \"one two\"}", "{\"id\": \"a2\", \"text\": \"one\"}");
        writeAtOnce(input, "b", "{\"id\": \"b1\", \"text\": \"one two three\"}");
        stream(input, checkpoint, commit);
        assertThat(said).hasSize(2).allMatch(line -> line.contains("written to " + output));
        assertThat(summaries(output)).containsExactlyInAnyOrder("a1: 2 words", "a2: 1 words", "b1: 3 words");

        writeAtOnce(input, "c", "{\"id\": \"a2\", \"text\": \"now four words here\"}");
        stream(input, checkpoint, commit);
        assertThat(said).hasSize(3);
        assertThat(summaries(output)).containsExactlyInAnyOrder("a1: 2 words", "a2: 4 words", "b1: 3 words");

        stream(
                input,
                directory.resolve("another checkpoint"),
                (batch, id) ->
                        DataFrameTasks.commit(commands.backend(), "summarize", batch, List.of("--output=" + output)));
        assertThat(summaries(output))
                .as("nothing twice, where the stream begins anew; the old text of a2 comes again and is a row again")
                .containsExactlyInAnyOrder("a1: 2 words", "a2: 4 words", "a2: 1 words", "b1: 3 words");
    }

    @Test
    void aBatchThatFailsIsRepeatedWithoutLossAndWithoutRepetition() throws Exception {
        TestCommands commands = TestCommands.in(directory.resolve("small"));
        Path input = Files.createDirectory(directory.resolve("in"));
        String output = directory.resolve("out").toString();
        writeAtOnce(input, "a", "{\"id\": \"a1\", \"text\": \"one two\"}", "{\"id\": \"a2\", \"text\": \"one\"}");
        AtomicInteger calls = new AtomicInteger();
        VoidFunction2<Dataset<Row>, Long> diesAfterItsCommit = (batch, id) -> {
            DataFrameTasks.commit(commands.backend(), "summarize", batch, List.of("--output=" + output));
            if (calls.getAndIncrement() == 0) {
                throw new IllegalStateException("the process dies here");
            }
        };

        assertThatThrownBy(() -> stream(input, directory.resolve("checkpoint"), diesAfterItsCommit))
                .hasStackTraceContaining("the process dies here");
        stream(input, directory.resolve("checkpoint"), diesAfterItsCommit);

        assertThat(calls).hasValue(2);
        assertThat(summaries(output)).containsExactlyInAnyOrder("a1: 2 words", "a2: 1 words");
    }

    @Test
    void optionsThatMakeNoSenseForABatchAreRefused() {
        TestCommands commands = TestCommands.in(directory);
        Dataset<Row> documents = spark.range(1).selectExpr("id", "'words' AS text");

        for (String option : List.of("--input=x", "--limit=3", "--stop-after=2h", "--stream", "--mode=append")) {
            List<String> arguments = List.of("--output=" + directory.resolve("out"), option);
            assertThatThrownBy(() -> DataFrameTasks.commit(commands.backend(), "summarize", documents, arguments))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("Cannot use " + option.split("=", -1)[0])
                    .hasMessageContaining("for a DataFrame: its rows are committed");
        }
        assertThatThrownBy(() -> DataFrameTasks.commit(commands.backend(), "summarize", documents, List.of()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no output is named");
        assertThat(documents.storageLevel()).isEqualTo(org.apache.spark.storage.StorageLevel.NONE());
    }

    private static void writeAtOnce(Path input, String name, String... lines) throws Exception {
        Path half = Files.write(input.resolve("." + name), List.of(lines));
        Files.move(half, input.resolve(name + ".jsonl"));
    }

    /** One file a batch. */
    private void stream(Path input, Path checkpoint, VoidFunction2<Dataset<Row>, Long> batches) throws Exception {
        StreamingQuery query = spark.readStream()
                .schema("id STRING, text STRING")
                .option("maxFilesPerTrigger", 1)
                .json(input.toString())
                .writeStream()
                .option("checkpointLocation", checkpoint.toString())
                .trigger(Trigger.AvailableNow())
                .foreachBatch(batches)
                .start();
        query.awaitTermination();
    }

    private List<String> summaries(String output) {
        return spark.read().parquet(output).selectExpr("concat(id, ': ', summary)").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }

    @Test
    void failuresOfSparkAreToldAsTheCommandLineTellsThem() {
        UserException cause = new UserException("Cannot load the model: weights.bin is damaged");

        assertThat(DataFrameTasks.sentence(new SparkException("Job aborted", cause)))
                .isEqualTo(cause.getMessage());
        assertThat(DataFrameTasks.isUserError(cause)).isTrue();
        assertThat(DataFrameTasks.isUserError(new IllegalStateException("bug"))).isFalse();
    }
}
