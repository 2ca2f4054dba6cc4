package io.github.longwing.spark.columns;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.TestSessions;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class InputColumnsTest {
    private static SparkSession spark;

    @BeforeAll
    static void startSpark() {
        spark = TestSessions.start("local[1]");
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @Test
    void namesTheColumnsThereAreForOneThatIsMissing() {
        Dataset<Row> documents = spark.sql("SELECT 1 AS id, 'x' AS body, 'y' AS title");

        assertThatThrownBy(() -> schema(documents, "id", "text"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read the documents: the text column is text, expected one of the columns that the"
                        + " input has (id, body, title); name it with --text-column");
    }

    @Test
    void suggestsTheNameThatWasMeant() {
        Dataset<Row> documents = spark.sql("SELECT 1 AS id, 'x' AS abstract_text");

        assertThatThrownBy(() -> schema(documents, "id", "abstracttext"))
                .isInstanceOf(UserException.class)
                .hasMessageEndingWith("(id, abstract_text); name it with --text-column (did you mean abstract_text?)");
        assertThatThrownBy(() -> schema(documents, "ids", "abstract_text"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the id column is ids")
                .hasMessageEndingWith("; name it with --id-column (did you mean id?)");
        assertThatThrownBy(() -> schema(documents, "id", "abstract_text", "titel"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the kept column is titel")
                .hasMessageNotContaining("did you mean")
                .hasMessageContaining("--keep-columns");
    }

    @Test
    void listsOnlyTheFirstOfManyColumns() {
        Dataset<Row> documents = spark.range(1)
                .select(IntStream.range(0, 100)
                        .mapToObj(i -> lit(i).as("c" + i))
                        .toArray(Column[]::new));

        assertThatThrownBy(() -> schema(documents, "id", "text"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("c28, c29 and 70 more");
    }

    @Test
    void refusesATextColumnOfAnotherType() {
        Dataset<Row> documents = spark.sql("SELECT 1 AS id, 42 AS text, array('x') AS texts");

        assertThatThrownBy(() -> schema(documents, "id", "text"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read the documents: the text column text is int, expected string or binary;"
                        + " name another with --text-column");
        assertThatThrownBy(() -> schema(documents, "id", "texts"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("texts is array<string>, expected string or binary");
    }

    @Test
    void refusesToKeepAColumnWithTheNameOfAResult() {
        Dataset<Row> documents = spark.sql("SELECT 1 AS id, 'x' AS text, 'y' AS summary, 'z' AS Model");
        String remedy = ": it is also the name of a result column, expected names that differ;"
                + " set --result-prefix, for instance longwing_, to rename the result columns";

        assertThatThrownBy(() -> schema(documents, "id", "text", "summary"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot keep column summary" + remedy);
        assertThatThrownBy(() -> schema(documents, "id", "text", "Model"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot keep column Model" + remedy);
        assertThatThrownBy(() -> schema(documents, "summary", "text"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot keep column summary" + remedy);
    }

    @Test
    void findsFieldsInsideStructs() {
        Dataset<Row> documents =
                spark.sql("SELECT named_struct('id', 'a', 'part', named_struct('text', 'x', 'a.b', 1)) AS doc");

        assertThat(schema(documents, "doc.id", "doc.part.text", "doc.part.`a.b`"))
                .startsWith("id", "a.b", "summary");
        assertThatThrownBy(() -> schema(documents, "doc.id", "doc.part.words"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the text column is doc.part.words, expected one of");
        assertThatThrownBy(() -> schema(documents, "doc.id", "doc.*"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the text column is doc.*, expected one of");
    }

    @Test
    void takesAColumnWithADotOrABacktickInItsNameAsItStands() {
        Dataset<Row> documents = spark.sql("SELECT 'a' AS `doc.id`, 'x' AS `the ``text```, 1 AS `*`");

        assertThat(schema(documents, "doc.id", "the `text`", "*")).startsWith("doc.id", "*", "summary");
        assertThat(schema(documents, "`doc.id`", "the `text`")).startsWith("doc.id", "summary");
        assertThatThrownBy(() -> schema(documents, "doc.id", "the `text"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the text column is the `text, expected one of");
    }

    @Test
    void keepsTheSameColumnOnceAndRefusesTwoColumnsOfOneName() {
        Dataset<Row> documents = spark.sql("SELECT 1 AS id, 'x' AS text, named_struct('id', 2) AS meta");

        assertThat(schema(documents, "id", "text", "id", "meta", "meta", "text"))
                .startsWith("id", "meta", "text", "summary");
        assertThatThrownBy(() -> schema(documents, "id", "text", "meta.id"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot keep column meta.id: `id` already gives the result a column id, expected names that"
                        + " differ; rename one of them before, or leave it out of --keep-columns");
    }

    @Test
    void refusesANameThatTwoColumnsHave() {
        Dataset<Row> documents = spark.sql("SELECT 1 AS id, 'x' AS text, 'y' AS text");

        assertThatThrownBy(() -> schema(documents, "id", "text"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read the documents: the text column is text, and 2 columns of the input have that"
                        + " name, expected one; rename them before");
    }

    @Test
    void matchesNamesAsTheSessionDoes() {
        Dataset<Row> documents = spark.sql("SELECT 1 AS Id, 'x' AS Text, 'y' AS Summary");

        assertThat(schema(documents, "ID", "text")).startsWith("Id", "summary");
        assertThatThrownBy(() -> schema(documents, "id", "text", "Summary"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("it is also the name of a result column");

        spark.conf().set("spark.sql.caseSensitive", true);
        try {
            assertThatThrownBy(() -> schema(documents, "Id", "text"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("did you mean Text?");
            assertThat(schema(documents, "Id", "Text", "Summary")).startsWith("Id", "Summary", "summary");
        } finally {
            spark.conf().unset("spark.sql.caseSensitive");
        }
    }

    private static List<String> schema(Dataset<Row> documents, String id, String text, String... keep) {
        DocumentColumns columns = new DocumentColumns(id, text, List.of(keep), "");
        return List.of(DocumentTransformation.SUMMARIZE
                .schema(documents, TaskOptions.of(ModelReference.embedded(), columns, SummarizerOptions.of(Map.of())))
                .fieldNames());
    }
}
