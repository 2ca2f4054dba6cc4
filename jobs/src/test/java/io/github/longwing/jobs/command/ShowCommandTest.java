package io.github.longwing.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import io.github.longwing.jobs.console.DisplayText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over real Parquet, as jobs write it. */
class ShowCommandTest {
    private static final String LONG_SUMMARY =
            "The river rises in the hills. ".repeat(40).strip();

    @TempDir
    private static Path directory;

    private static SparkSession spark;
    private static Path summaries;
    private static TestCommands commands;

    @BeforeAll
    static void writeRows() {
        spark = TestCommands.spark();
        commands = TestCommands.in(directory);
        StructType schema = StructType.fromDDL("id STRING, summary STRING, score DOUBLE, output_tokens INT, "
                + "labels ARRAY<STRUCT<label: STRING, probability: DOUBLE>>, embedding ARRAY<FLOAT>, model STRING, "
                + "error STRUCT<class: STRING, message: STRING>");
        List<Row> rows = new ArrayList<>();
        rows.add(row("short", "A river.", -0.123456, null));
        rows.add(row("long", LONG_SUMMARY, -1.5, null));
        rows.add(row("wide", "漢字 and \uD83D\uDE00 and e\u0301", -2.0, null));
        rows.add(row("hostile", "first\nsecond\u001b[31m \u202E", -3.0, null));
        rows.add(row("broken", null, null, RowFactory.create("EmptyText", "the text is empty")));
        summaries = directory.resolve("my [summaries]");
        spark.createDataFrame(rows, schema)
                .coalesce(1)
                .write()
                .parquet(summaries.toUri().getPath());
    }

    private static Row row(String id, String summary, Double score, Row error) {
        List<Row> labels = List.of(RowFactory.create("politics", 0.8571), RowFactory.create("history", 0.1));
        List<Float> embedding = Arrays.asList(0.25f, 0.5f, 0.75f, 1f, 2f, 3f, 4f);
        return error == null
                ? RowFactory.create(id, summary, score, 7, labels.toArray(), embedding.toArray(), "tiny@1", null)
                : RowFactory.create(id, null, null, null, null, null, "tiny@1", error);
    }

    @Test
    void printsATableThatFitsTheTerminal() {
        TestCommands.Outcome shown = show(summaries.toString(), "--columns", "id,summary,score,error", "--width", "80");

        assertThat(shown.status()).as(shown.err()).isZero();
        List<String> lines = shown.out().lines().toList();
        assertThat(lines.get(0)).startsWith("id ").contains("| summary ", " score |", "| error");
        assertThat(lines.get(1)).matches("-+(\\+|-)+.*");
        assertThat(lines)
                .anyMatch(line -> line.startsWith("short ") && line.contains("A river.") && line.contains("-0.1235"))
                .anyMatch(line -> line.startsWith("broken ") && line.contains("EmptyText: the"))
                .anyMatch(line -> line.contains("…"))
                .allSatisfy(line -> assertThat(DisplayText.width(line)).isLessThanOrEqualTo(120));
        assertThat(lines.get(lines.size() - 1)).startsWith("5 rows, 1 error (--errors shows them), in ");
        assertThat(shown.out()).doesNotContain("\u001b", "\u202E").contains("first\\nsecond\\u001b[31m");
    }

    @Test
    void noLineOfATableIsWiderThanTheTerminal() {
        for (int width : List.of(40, 72, 120, 200)) {
            TestCommands.Outcome shown = show(summaries.toString(), "--width", Integer.toString(width));

            assertThat(shown.status()).as(shown.err()).isZero();
            assertThat(shown.out().lines().filter(line -> !line.contains(", in ")))
                    .allSatisfy(line -> assertThat(DisplayText.width(line)).isLessThanOrEqualTo(width));
        }
    }

    @Test
    void namesOnceWhatAllRowsHaveInCommon() {
        TestCommands.Outcome shown = show(summaries.toString(), "--width", "200");

        assertThat(shown.out()).contains("In all these rows: model tiny@1");
        assertThat(shown.out().lines().findFirst().orElseThrow()).doesNotContain("model");
    }

    @Test
    void showsWhatIsNestedWithItsNamesAndOfAVectorTheBeginning() {
        TestCommands.Outcome shown = show(summaries.toString(), "--id", "short");

        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out())
                .contains("[{label: politics, probability: 0.8571}, {label: history, probability: 0.1}]")
                .contains("[0.25, 0.5, 0.75, 1, … 7 numbers]")
                .contains("error          -")
                .contains("1 row, no errors");
    }

    @Test
    void showsTheWholeTextOfOneDocument() {
        TestCommands.Outcome shown = show(summaries.toString(), "--id", "long", "--width", "60");

        String words = shown.out().replaceAll("\\s+", " ");
        assertThat(words).contains(LONG_SUMMARY).doesNotContain("river. …");
    }

    @Test
    void showsOnlyErrorsWhereAsked() {
        TestCommands.Outcome shown = show(summaries.toString(), "--errors", "--columns", "id,error.class");

        assertThat(shown.out())
                .contains("broken", "EmptyText", "1 row, 1 error, in ")
                .doesNotContain("short");
    }

    @Test
    void saysHowManyRowsItLeftOut() {
        TestCommands.Outcome shown = show(summaries.toString(), "--limit", "2", "--columns", "id");

        assertThat(shown.out()).contains("2 of 5 rows, 1 error (--errors shows them), in ");
    }

    @Test
    void readsUrisTablesAndPatterns() {
        spark.read().parquet(directory.toUri().getPath() + "my \\[summaries\\]").createOrReplaceTempView("shown");

        assertThat(show("--table", "shown", "--columns", "id").out()).contains("hostile", "5 rows, 1 error");
        assertThat(show(directory.toUri() + "my*", "--columns", "id").out()).contains("hostile", "5 rows, 1 error");
    }

    @Test
    void refusesWhatIsNotThere() throws IOException {
        refuses("there is no such file or directory", directory.resolve("none").toString());
        refuses(
                "it holds no rows in Parquet",
                Files.createDirectory(directory.resolve("empty")).toString());
        refuses(
                "it holds no rows in Parquet",
                Files.writeString(directory.resolve("text.txt"), "no Parquet at all")
                        .toString());
        refuses("Cannot show nowhere: it cannot be read", "--table", "nowhere");
        refuses("Cannot show nothing");
        refuses("Cannot show both", summaries.toString(), "--table", "shown");
        refuses("no FileSystem for scheme \"nosuch\"", "nosuch://host/a");
        refuses("Cannot use --limit", summaries.toString(), "--limit", "0");
        refuses("did you mean summary?", summaries.toString(), "--columns", "sumary");
    }

    private static void refuses(String part, String... arguments) {
        TestCommands.Outcome refused = show(arguments);

        assertThat(refused.status()).as(refused.out() + refused.err()).isEqualTo(2);
        assertThat(refused.err().lines()).as(refused.err()).hasSize(1);
        assertThat(refused.err()).startsWith("Cannot ").containsIgnoringCase(part);
    }

    private static TestCommands.Outcome show(String... arguments) {
        List<String> command = new ArrayList<>(List.of("show"));
        command.addAll(List.of(arguments));
        return commands.run(command.toArray(String[]::new));
    }
}
