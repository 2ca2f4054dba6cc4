package io.github.longwing.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.ml.DocumentClassifier;
import io.github.longwing.spark.ml.DocumentEmbedder;
import io.github.longwing.spark.ml.QuestionAnswerer;
import io.github.longwing.spark.ml.Summarizer;
import io.github.longwing.spark.ml.TextGenerator;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.Questions;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.spark.task.SparkTask.SqlArguments;
import io.github.longwing.spark.task.SparkTasks;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A document has the same result from every entry: the command, SQL in its three forms, Java, Spark ML, streams. */
class EntriesTest {
    @TempDir
    private static Path directory;

    private static SparkSession spark;
    private static TinyModels models;
    private static Dataset<Row> documents;

    @BeforeAll
    static void writeDocuments() throws IOException {
        spark = TestCommands.spark().newSession(); // without the functions that other tests register
        models = TinyModels.importAll(directory);
        SparkTasks.all().forEach(task -> spark.conf().set(task.modelSetting(), models.of(task)));
        StructType schema = new StructType()
                .add("id", DataTypes.StringType)
                .add("text", DataTypes.StringType)
                .add("question", DataTypes.StringType);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 5; i++) { // the last two are longer than the models' 256 positions
            rows.add(RowFactory.create(
                    "d" + i, "The na\u00EFve ship left the bay. ".repeat(1 + i * i * 4), "What left?"));
        }
        rows.add(RowFactory.create("blank", " ", "What left?"));
        spark.createDataFrame(rows, schema)
                .coalesce(1)
                .write()
                .parquet(directory.resolve("documents").toString());
        documents = spark.read().parquet(directory.resolve("documents").toString());
        documents.createOrReplaceTempView("entries");
    }

    @AfterAll
    static void forget() {
        SparkTasks.all().forEach(task -> spark.conf().unset(task.modelSetting()));
        spark.catalog().dropTempView("entries");
    }

    static List<SparkTask<?, ?>> tasks() {
        return SparkTasks.all();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    <S extends Serializable, T> void everyEntryGivesWhatTheCommandGives(SparkTask<S, T> task) throws Exception {
        Dataset<Row> job = job(task, "out");
        List<String> results =
                Arrays.stream(job.columns()).filter(name -> !name.equals("id")).toList();
        Map<String, String> expected = json(job, all(results));
        List<String> valueNames = results.subList(0, task.sqlColumns());
        Map<String, String> expectedValues = json(job, value(valueNames));
        assertThat(expected).hasSize(6);

        assertThat(json(spark.sql("SELECT * FROM " + task.sqlFunction() + "(TABLE(entries), 'text')"), all(results)))
                .as("table function, tokens, errors and fingerprints too")
                .isEqualTo(expected);
        assertThat(json(transformation(task), all(without(results))))
                .as("transformation")
                .isEqualTo(json(job, all(without(results))));
        String arguments = task.sqlArguments() == SqlArguments.TEXT ? "(text)" : "(question, text)";
        assertThat(values(spark.sql("SELECT id, " + task.sqlFunction() + arguments + " AS value FROM entries")))
                .as("SQL function")
                .isEqualTo(expectedValues);
        String byName = "by_name_" + task.name();
        String name = task.name();
        spark.udf()
                .registerJava(
                        byName,
                        "io.github.longwing.spark." + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1)
                                + "Function",
                        task.sqlType());
        assertThat(values(spark.sql("SELECT id, " + byName + arguments + " AS value FROM entries")))
                .as("class of a function")
                .isEqualTo(expectedValues);
        Dataset<Row> staged = stage(task).transform(documents);
        assertThat(values(staged.withColumnRenamed("out", "value")))
                .as("Spark ML")
                .isEqualTo(expectedValues);
        assertThat(json(staged.select(col("id"), col("all.*")), all(results)))
                .as("Spark ML, all columns")
                .isEqualTo(expected);
        assertThat(json(job(task, "stream", "--stream"), all(results)))
                .as("stream")
                .isEqualTo(expected);
        assertThat(json(batches(task), all(results)))
                .as("batches of Structured Streaming")
                .isEqualTo(expected);
    }

    private static Dataset<Row> job(SparkTask<?, ?> task, String name, String... more) {
        String output = directory.resolve(name + "-" + task.name()).toString();
        List<String> words = new ArrayList<>(List.of(
                task.name(),
                "--model",
                models.of(task),
                "--input",
                directory.resolve("documents").toString(),
                "--output",
                output,
                "--quiet"));
        words.addAll(List.of(more));
        TinyModels.run(words.toArray(String[]::new));
        return spark.read().parquet(output);
    }

    private static Dataset<Row> batches(SparkTask<?, ?> task) throws Exception {
        String output = directory.resolve("batches-" + task.name()).toString();
        VoidFunction2<Dataset<Row>, Long> commit = (batch, id) ->
                DataFrameTasks.commit(task.name(), batch, List.of("--model=" + models.of(task), "--output=" + output));
        spark.readStream()
                .schema(documents.schema())
                .parquet(directory.resolve("documents").toString())
                .writeStream()
                .option(
                        "checkpointLocation",
                        directory.resolve("checkpoint-" + task.name()).toString())
                .trigger(Trigger.AvailableNow())
                .foreachBatch(commit)
                .start()
                .awaitTermination();
        return spark.read().parquet(output);
    }

    private static <S extends Serializable, T> Dataset<Row> transformation(SparkTask<S, T> task) {
        DocumentColumns columns = DocumentColumns.standard()
                .asking(
                        task.sqlArguments() == SqlArguments.TEXT
                                ? new Questions.None()
                                : new Questions.InColumn("question"));
        return DocumentTransformation.of(task)
                .apply(
                        documents,
                        TaskOptions.of(ModelReference.at(models.of(task)), columns, task.defaults()),
                        JobProgress.none());
    }

    private static Transformer stage(SparkTask<?, ?> task) {
        return switch (task.name()) {
            case "summarize" ->
                new Summarizer().setOutputCol("out").setResultCol("all").setIdCol("id");
            case "classify" -> new DocumentClassifier().setOutputCol("out").setResultCol("all");
            case "answer" -> new QuestionAnswerer().setOutputCol("out").setResultCol("all");
            case "generate" -> new TextGenerator().setOutputCol("out").setResultCol("all");
            default ->
                new DocumentEmbedder().setOutputCol("out").setResultCol("all").setOutputType("array");
        };
    }

    /** Transformations leave it to the executors to fit options to the model, so that their fingerprints differ. */
    private static List<String> without(List<String> results) {
        return results.stream()
                .filter(name -> !name.equals(ResultSchema.FINGERPRINT) && !name.equals("sentences"))
                .toList();
    }

    private static Column all(List<String> names) {
        return to_json(struct(names.stream().map(name -> col("`" + name + "`")).toArray(Column[]::new)));
    }

    private static Column value(List<String> names) {
        return to_json(struct(when(
                        col("error").isNull(),
                        names.size() == 1
                                ? col(names.get(0))
                                : struct(names.stream()
                                        .map(name -> col("`" + name + "`"))
                                        .toArray(Column[]::new)))
                .as("value")));
    }

    private static Map<String, String> values(Dataset<Row> rows) {
        return json(rows, to_json(struct(col("value"))));
    }

    private static Map<String, String> json(Dataset<Row> rows, Column value) {
        Map<String, String> byId = new TreeMap<>();
        rows.select(col("id"), value).collectAsList().forEach(row -> byId.put(row.getString(0), row.getString(1)));
        return byId;
    }
}
