package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.ml.DocumentClassifier;
import io.github.longwing.spark.ml.DocumentEmbedder;
import io.github.longwing.spark.ml.QuestionAnswerer;
import io.github.longwing.spark.ml.StageParams;
import io.github.longwing.spark.ml.Summarizer;
import io.github.longwing.spark.ml.TextGenerator;
import io.github.longwing.spark.sql.TaskRequest;
import io.github.longwing.spark.task.AnswerColumns;
import io.github.longwing.spark.task.ClassificationColumns;
import io.github.longwing.spark.task.ContinuationColumns;
import io.github.longwing.spark.task.EmbeddingColumns;
import io.github.longwing.spark.task.NamedOption;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.spark.task.SparkTasks;
import io.github.longwing.spark.task.SummaryColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stages of Spark ML on small random models. */
class MlTest {
    private static final Map<SparkTask<?, ?>, Transformer> STAGES = Map.of(
            SummaryColumns.TASK, new Summarizer(),
            ClassificationColumns.TASK, new DocumentClassifier(),
            AnswerColumns.TASK, new QuestionAnswerer(),
            ContinuationColumns.TASK, new TextGenerator(),
            EmbeddingColumns.TASK, new DocumentEmbedder());

    private static final List<String> COLUMNS =
            List.of("textCol", "idCol", "questionCol", "outputCol", "errorCol", "resultCol", "outputType");

    @TempDir
    private static Path directory;

    private static SparkSession spark;
    private static TinyModels models;

    @BeforeAll
    static void importModels() throws IOException {
        spark = TestCommands.spark();
        models = TinyModels.importAll(directory);
    }

    @Test
    void everyTaskIsAStageWithAParamForEveryOptionOfTheTable() {
        assertThat(STAGES.keySet()).containsExactlyInAnyOrderElementsOf(SparkTasks.all());
        STAGES.forEach((task, stage) -> {
            Map<String, Param<?>> params = new TreeMap<>();
            Arrays.stream(stage.params())
                    .filter(param -> !COLUMNS.contains(param.name()))
                    .forEach(param -> params.put(param.name(), param));
            List<NamedOption> options = Stream.concat(
                            TaskRequest.RUN_OPTIONS.stream(), task.optionTable().options().stream())
                    .toList();
            assertThat(params.keySet())
                    .as(task.name())
                    .containsExactlyInAnyOrderElementsOf(
                            options.stream().map(MlTest::name).toList());
            options.forEach(option -> {
                Param<?> param = params.get(name(option));
                assertThat(param.doc()).isEqualTo(option.description());
                assertThat(param.getClass()).as(name(option)).isEqualTo(type(option));
                assertThat(Arrays.stream(stage.getClass().getMethods()).map(java.lang.reflect.Method::getName))
                        .contains("set" + name(option).substring(0, 1).toUpperCase(Locale.ROOT)
                                + name(option).substring(1));
            });
        });
    }

    private static String name(NamedOption option) {
        String[] parts = option.key().split("-", -1);
        return parts[0]
                + Arrays.stream(parts)
                        .skip(1)
                        .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
                        .reduce("", String::concat);
    }

    private static Class<?> type(NamedOption option) {
        return switch (option.kind()) {
            case INTEGER -> IntParam.class;
            case LONG -> LongParam.class;
            case NUMBER -> DoubleParam.class;
            case FLAG -> BooleanParam.class;
            case TEXT -> Param.class;
        };
    }

    @Test
    void connectFindsTheStages() {
        assertThat(ServiceLoader.load(Transformer.class).stream().map(ServiceLoader.Provider::type))
                .containsAll(STAGES.values().stream().<Class<?>>map(Object::getClass).toList().stream()
                        .map(type -> (Class<? extends Transformer>) type.asSubclass(Transformer.class))
                        .toList());
    }

    @Test
    void aPipelineIsSavedAndLoadedWithTheModelByReference() throws IOException {
        Summarizer summarizer = new Summarizer()
                .setModel(models.of(SummaryColumns.TASK))
                .setNumBeams(1)
                .setMaxNewTokens(4)
                .setErrorCol("failure");
        DocumentEmbedder embedder = new DocumentEmbedder()
                .setModel(models.of(EmbeddingColumns.TASK))
                .setTextCol("summary")
                .setNormalize(true);
        Dataset<Row> documents = spark.sql("SELECT * FROM VALUES ('The ship left.'), (' ') AS d(text)");
        PipelineModel pipeline = new Pipeline()
                .setStages(new PipelineStage[] {summarizer, embedder})
                .fit(documents);
        String place = directory.resolve("pipeline").toString();
        pipeline.write().overwrite().save(place);
        Dataset<Row> rows = PipelineModel.load(place).transform(documents);

        assertThat(rows.schema()).isEqualTo(pipeline.transformSchema(documents.schema()));
        assertThat(rows.schema().apply("embedding").dataType()).isEqualTo(SQLDataTypes.VectorType());
        assertThat(rows.collectAsList())
                .isEqualTo(pipeline.transform(documents).collectAsList())
                .satisfies(both -> {
                    assertThat(both.get(0).<String>getAs("summary")).isNotNull();
                    assertThat(both.get(0).<Vector>getAs("embedding").numNonzeros())
                            .isPositive();
                    assertThat(both.get(1).<Row>getAs("failure").getString(0)).isEqualTo("EmptyText");
                    assertThat(both.get(1).<Row>getAs("embedding_error").getString(0))
                            .isEqualTo("EmptyText");
                    assertThat(both.get(1).<Object>getAs("embedding")).isNull();
                });
        Summarizer copy = summarizer.copy(new ParamMap().put(summarizer.numBeams(), 3));
        assertThat(copy.uid()).isEqualTo(summarizer.uid());
        assertThat(copy.getOrDefault(copy.numBeams())).isEqualTo(3);
        summarizer.write().overwrite().save(directory.resolve("stage").toString());
        assertThat(Summarizer.load(directory.resolve("stage").toString()).explainParams())
                .isEqualTo(summarizer.explainParams())
                .contains("numBeams: Beams of beam search", "current: 1");
    }

    @Test
    void refusesWithASentenceBeforeWorkStarts() {
        Dataset<Row> documents = spark.sql("SELECT 1 AS id, 'The ship left.' AS text");
        assertThatThrownBy(() -> new Summarizer().setNumBeams(0))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("num_beams is 0, expected at least 1");
        assertThatThrownBy(() -> new DocumentClassifier().setThreshold(2))
                .hasMessageContaining("threshold: it is 2.0, expected a number from 0 to 1");
        assertThatThrownBy(() -> new Summarizer().setTextCol("body").transform(documents))
                .hasMessageContaining("textCol is body, expected one of the columns that the input has (id, text)");
        assertThatThrownBy(() -> new Summarizer().setTextCol("id").transform(documents))
                .hasMessageContaining("the text column id is int, expected string or binary");
        assertThatThrownBy(() -> new Summarizer().setOutputCol("text").transform(documents))
                .hasMessageContaining("the input has a column text already");
        assertThatThrownBy(() -> new TextGenerator().transform(documents))
                .hasMessageContaining("set spark.longwing.generate.model in the session");
        assertThatThrownBy(() -> new Summarizer().setModel("/no/such/model").transform(documents))
                .hasMessageContaining("Cannot find the model /no/such/model");
        assertThatThrownBy(() -> new DocumentEmbedder().setOutputType("list")).hasMessageContaining("list");
        assertThat(((StageParams<?>) new Summarizer()).stage()).isNotNull();
        assertThat(new Summarizer()
                        .transformSchema(documents.schema())
                        .apply("summary")
                        .dataType())
                .isEqualTo(DataTypes.StringType);
    }

    /** As docs/ml.md says it. */
    @Test
    void documentsAreEmbeddedOnceForACrossValidation() {
        Dataset<Row> documents =
                spark.sql("SELECT concat(IF(id % 2 = 0, 'The ship left the bay ', 'A wind of storms '),"
                        + " id) AS text, CAST(id % 2 AS DOUBLE) AS label FROM range(40)");
        Dataset<Row> embedded = new DocumentEmbedder()
                .setModel(models.of(EmbeddingColumns.TASK))
                .transform(documents)
                .where("embedding IS NOT NULL")
                .cache();
        LogisticRegression regression =
                new LogisticRegression().setFeaturesCol("embedding").setMaxIter(10);
        CrossValidatorModel best = new CrossValidator()
                .setEstimator(regression)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
                .setEstimatorParamMaps(new ParamGridBuilder()
                        .addGrid(regression.regParam(), new double[] {0.001, 0.1})
                        .build())
                .setNumFolds(3)
                .setSeed(1)
                .fit(embedded);

        assertThat(best.avgMetrics()).hasSize(2);
        assertThat(Arrays.stream(best.avgMetrics()).max().orElseThrow()).isGreaterThan(0.8);
    }
}
