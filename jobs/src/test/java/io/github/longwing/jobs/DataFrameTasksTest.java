package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
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
    void failuresOfSparkAreToldAsTheCommandLineTellsThem() {
        UserException cause = new UserException("Cannot load the model: weights.bin is damaged");

        assertThat(DataFrameTasks.sentence(new SparkException("Job aborted", cause)))
                .isEqualTo(cause.getMessage());
        assertThat(DataFrameTasks.isUserError(cause)).isTrue();
        assertThat(DataFrameTasks.isUserError(new IllegalStateException("bug"))).isFalse();
    }
}
