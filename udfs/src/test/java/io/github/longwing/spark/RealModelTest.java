package io.github.longwing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.models.ElsewhereFileSystem;
import io.github.longwing.spark.models.EmbeddedFiles;
import io.github.longwing.spark.models.LocatedModel;
import io.github.longwing.spark.models.ModelLocator;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.EmbeddedModel;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.Questions;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.task.AnswerColumns;
import io.github.longwing.spark.task.ClassificationColumns;
import io.github.longwing.store.ImportOptions;
import io.github.longwing.store.ModelImporter;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The model that the jar carries, through all layers. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RealModelTest {
    private static final String SENTENCE =
            "The committee met on Tuesday to discuss how the river could be kept clean, and members of the public"
                    + " asked what the new plant would cost. ";
    private static final StructType SCHEMA = DataTypes.createStructType(List.of(
            ResultSchema.nullable("id", DataTypes.IntegerType), ResultSchema.nullable("text", DataTypes.StringType)));

    private static SparkSession spark;

    @BeforeAll
    static void startSpark() {
        spark = TestSessions.builder("local[2]")
                .config("spark.hadoop.fs.elsewhere.impl", ElsewhereFileSystem.class.getName())
                .getOrCreate();
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @Test
    void summarizesDocumentsThatBelongInOneJob() {
        Dataset<Row> rows = summarize(documents(5), options(ModelReference.embedded(), Map.of("num_beams", "2")));

        List<Row> summaries = rows.orderBy("id").collectAsList();

        assertThat(summaries).hasSize(6);
        assertThat(summaries.subList(0, 5)).allSatisfy(row -> {
            assertThat(row.<Object>getAs("error")).isNull();
            assertThat(row.<String>getAs("summary")).isNotBlank();
            assertThat(row.<Double>getAs("score")).isNegative();
            assertThat(row.<Integer>getAs("output_tokens")).isBetween(1, 8);
            assertThat(row.<Integer>getAs("input_tokens")).isGreaterThan(20);
            assertThat(row.<String>getAs("attention")).isEqualTo("original_full");
        });
        assertThat(summaries)
                .extracting(row -> row.<String>getAs("model"))
                .allMatch(model -> model.startsWith("sentence-summarizer@"))
                .containsOnly(summaries.get(0).<String>getAs("model"));
        assertThat(summaries.get(5).<Row>getAs("error").getString(0)).isEqualTo("EmptyText");
    }

    @Test
    void labelsWithAnotherModelOfTheJar() {
        List<Row> documents = List.of(
                RowFactory.create(
                        1, "An acid gives a proton to a base, and atoms share electrons in covalent bonds. ".repeat(9)),
                RowFactory.create(
                        2, "The central bank raises interest rates when demand and prices grow too fast. ".repeat(9)));

        List<Row> rows = DocumentTransformation.CLASSIFY
                .apply(
                        spark.createDataFrame(documents, SCHEMA),
                        TaskOptions.of(
                                ModelReference.embedded(),
                                DocumentColumns.standard(),
                                ClassificationColumns.TASK.defaults()),
                        JobProgress.none())
                .orderBy("id")
                .collectAsList();

        assertThat(rows).extracting(row -> row.<String>getAs("label")).containsExactly("chemistry", "economics");
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.<String>getAs("model")).startsWith("openstax-subjects@"));
    }

    @Test
    void answersWithTheModelOfTheJarAndItsOwnThreshold() {
        String contract =
                "SUPPLY AGREEMENT. This Supply Agreement is made on May 3, 2011 by and between Alder Mills, Inc."
                        + " and Birch Foods LLC. " + "The Supplier shall deliver the goods to the Buyer. ".repeat(12)
                        + "This Agreement shall be governed by and construed in accordance with the laws of the State of Oregon."
                        + " " + "Each party bears its own costs. ".repeat(12);
        StructType schema = SCHEMA.add("question", DataTypes.StringType);
        List<Row> documents = List.of(
                RowFactory.create(1, contract, "Which law governs this agreement?"),
                RowFactory.create(2, contract, "Is source code put into escrow?"));

        List<Row> rows = DocumentTransformation.ANSWER
                .apply(
                        spark.createDataFrame(documents, schema),
                        TaskOptions.of(
                                ModelReference.embedded(),
                                DocumentColumns.standard().asking(new Questions.InColumn("question")),
                                AnswerColumns.TASK.defaults()),
                        JobProgress.none())
                .orderBy("id")
                .collectAsList();

        assertThat(rows.get(0).<String>getAs("answer")).contains("State of Oregon");
        assertThat(rows.get(1).<String>getAs("answer")).as("there is none").isNull();
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.<String>getAs("model")).startsWith("contract-answers@"));
    }

    @Test
    void givesADocumentTheSameRowWhateverItsPartitionAndNeighbours() {
        TaskOptions<SummarizerOptions> options = options(ModelReference.embedded(), Map.of("num_beams", "3"));
        Dataset<Row> documents = documents(6);

        List<Row> together =
                summarize(documents.coalesce(1), options).orderBy("id").collectAsList();
        List<Row> apart =
                summarize(documents.repartition(7), options).orderBy("id").collectAsList();
        List<Row> alone = summarize(documents.filter("id = 3"), options).collectAsList();

        assertThat(apart).isEqualTo(together);
        assertThat(alone).containsExactly(together.get(3));
    }

    @Test
    void endsTheNativeRunOfACancelledJobWithinTwoSecondsOfWork() throws Exception {
        // thousands of tokens in and hundreds out, after a document that only shows that the model is there
        Dataset<Row> documents = longDocuments(30);
        TaskOptions<SummarizerOptions> options = longSummaries();
        TaskEnds ends = new TaskEnds();
        spark.sparkContext().addSparkListener(ends);
        ExecutorService driver = Executors.newSingleThreadExecutor();
        try (JobProgress progress = JobProgress.registered(spark.sparkContext())) {
            Future<?> action = driver.submit(() -> {
                spark.sparkContext().setJobGroup("cancelled", "minutes of work", /* interruptOnCancel */ false);
                DocumentTransformation.SUMMARIZE
                        .apply(documents.coalesce(1), options, progress)
                        .collectAsList();
            });
            while (progress.soFar().errors() == 0) {
                Thread.sleep(10);
            }
            long before = engineNanos();
            while (engineNanos() - before < 100_000_000) { // at work
                Thread.sleep(10);
            }

            while (progress.oldest()
                    .filter(oldest -> oldest.stage().startsWith("decoding"))
                    .isEmpty()) {
                assertThat(action).isNotDone();
                Thread.sleep(10);
            }
            long cancelled = engineNanos();
            spark.sparkContext().cancelJobGroup("cancelled");
            assertThat(ends.first.await(120, TimeUnit.SECONDS))
                    .as("the task ended")
                    .isTrue();
            while (enginesAtWork()) {
                Thread.sleep(10);
            }
            assertThat((engineNanos() - cancelled) / 1e9)
                    .as("seconds of work after the cancellation")
                    .isLessThan(2);
            assertThat(action).failsWithin(120, TimeUnit.SECONDS);
        } finally {
            driver.shutdownNow();
            spark.sparkContext().removeSparkListener(ends);
        }
    }

    @Test
    void endsTheNativeRunsOfDocumentsThatTakeTooLongAndGoesOnWithTheModel() {
        TaskOptions<SummarizerOptions> options =
                longSummaries().isolated(Isolation.none().withTimeout(Duration.ofMillis(50)));

        List<Row> rows = DocumentTransformation.SUMMARIZE
                .apply(longDocuments(5).coalesce(1), options, JobProgress.none())
                .orderBy("id")
                .collectAsList();

        assertThat(rows)
                .extracting(row -> row.<Row>getAs("error").getString(0))
                .containsExactly("EmptyText", "Timeout", "Timeout", "Timeout", "Timeout");
        assertThat(DocumentTransformation.SUMMARIZE
                        .apply(longDocuments(2), longSummaries(), JobProgress.none())
                        .where("error is null")
                        .collectAsList())
                .hasSize(1);
    }

    /** Thousands of tokens each, after one without a text. */
    private static Dataset<Row> longDocuments(int count) {
        return spark.createDataFrame(
                IntStream.range(0, count)
                        .mapToObj(i -> RowFactory.create(i, i == 0 ? "" : SENTENCE.repeat(150)))
                        .toList(),
                SCHEMA);
    }

    private static TaskOptions<SummarizerOptions> longSummaries() {
        return new TaskOptions<>(
                ModelReference.embedded(),
                DocumentColumns.standard(),
                SummarizerOptions.of(
                        Map.of("num_beams", "4", "min_length", "500", "max_length", "512", "extractive", "false")),
                ErrorPolicy.PERMISSIVE,
                InputPartitioning.AS_GIVEN);
    }

    @Test
    void importsATransformersDirectoryOnceAndRunsAModelDirectoryInPlace(@TempDir Path directory) throws IOException {
        Path transformers = Files.createDirectory(directory.resolve("my-model"));
        new EmbeddedFiles(EmbeddedModel.SENTENCE_SUMMARIZER).copyTo(transformers);
        Path imported = directory.resolve("imported");
        ModelImporter.run(transformers, imported, new ImportOptions("mine", Precision.FLOAT32, RandomBlocks.REFERENCE));

        ModelLocator locator = ModelLocator.ofThisMachine();
        try (LocatedModel first = locator.locate(ModelReference.at(transformers.toString()));
                LocatedModel second = locator.locate(ModelReference.at(transformers.toString()));
                LocatedModel remote = locator.locate(ModelReference.at("elsewhere:" + transformers));
                LocatedModel remoteImported = locator.locate(ModelReference.at("elsewhere:" + imported));
                LocatedModel inPlace = locator.locate(ModelReference.at(imported.toString()))) {
            assertThat(first.directory()).isEqualTo(second.directory()).isNotEqualTo(transformers);
            assertThat(first.directory().resolve("longwing.json")).content().contains("\"name\": \"my-model\"");
            assertThat(remote.directory().resolve("longwing.json")).content().contains("\"name\": \"my-model\"");
            assertThat(remoteImported.directory().toFile().list())
                    .containsExactlyInAnyOrder(imported.toFile().list());
            assertThat(inPlace.directory()).isEqualTo(imported);
        }
    }

    @Test
    void refusesAModelDirectoryOfOtherSettingsThanAskedFor(@TempDir Path directory) throws IOException {
        Path transformers = Files.createDirectory(directory.resolve("source"));
        new EmbeddedFiles(EmbeddedModel.SENTENCE_SUMMARIZER).copyTo(transformers);
        Path imported = directory.resolve("imported");
        ModelImporter.run(transformers, imported, new ImportOptions("mine", Precision.FLOAT32, RandomBlocks.PAPER));
        ModelLocator locator = ModelLocator.ofThisMachine();

        try (LocatedModel asImported =
                locator.locate(new ModelReference(imported.toString(), RandomBlocks.PAPER, Precision.FLOAT32))) {
            assertThat(asImported.directory()).isEqualTo(imported);
        }
        assertThatThrownBy(() -> locator.locate(
                        new ModelReference(imported.toString(), RandomBlocks.REFERENCE, Precision.FLOAT32)))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use the model in " + imported
                        + ": it was imported with random-blocks paper, expected reference; leave out --random-blocks,"
                        + " or import the model again with it");
        assertThatThrownBy(() -> locator.locate(new ModelReference("elsewhere:" + imported, null, Precision.INT8)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("it was imported with precision float32, expected int8");
    }

    @Test
    void asksTheHubForAModelThatIsNoPath() {
        assertThatThrownBy(() -> ModelLocator.ofThisMachine().pin(ModelReference.at("no-such-owner/no-such-model")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Cannot use no-such-owner/no-such-model@main: HF_HUB_OFFLINE is set");
    }

    @Test
    void refusesAModelThatIsNotThereBeforeAnyTaskRuns() {
        assertThatThrownBy(() -> summarize(documents(1), options(ModelReference.at("/no/such/model"), Map.of())))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot find the model /no/such/model: expected a directory");
        assertThatThrownBy(() -> LongwingFunctions.registerSummarize(
                        spark, options(ModelReference.at("/no/such/model"), Map.of())))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot find the model /no/such/model: expected a directory");
    }

    @Test
    void summarizesInSql() {
        LongwingFunctions.registerSummarize(spark, options(ModelReference.embedded(), Map.of("num_beams", "2")));
        documents(2).createOrReplaceTempView("documents");

        assertThat(spark.sql("SELECT id, longwing_summarize(text) FROM documents ORDER BY id")
                        .collectAsList())
                .isEqualTo(summarize(documents(2), options(ModelReference.embedded(), Map.of("num_beams", "2")))
                        .select("id", "summary")
                        .orderBy("id")
                        .collectAsList())
                .hasSize(3);
    }

    private static final class TaskEnds extends SparkListener {
        final CountDownLatch first = new CountDownLatch(1);

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            first.countDown();
        }
    }

    /** What the threads that run the models have used, native code included. */
    private static long engineNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return engines()
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getId()))
                .sum();
    }

    /** Whether an engine does anything but wait for documents. */
    private static boolean enginesAtWork() {
        return engines().anyMatch(thread -> thread.getState() != Thread.State.WAITING);
    }

    private static Stream<Thread> engines() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("longwing-engine"));
    }

    /** Texts of different lengths, and one that is empty. */
    private static Dataset<Row> documents(int count) {
        List<Row> rows = IntStream.rangeClosed(0, count)
                .mapToObj(
                        i -> RowFactory.create(i, i == count ? "" : "Report " + i + ": " + SENTENCE.repeat(1 + i % 3)))
                .toList();
        return spark.createDataFrame(rows, SCHEMA);
    }

    private static Dataset<Row> summarize(Dataset<Row> documents, TaskOptions<SummarizerOptions> options) {
        return DocumentTransformation.SUMMARIZE.apply(documents, options, JobProgress.none());
    }

    private static TaskOptions<SummarizerOptions> options(ModelReference model, Map<String, String> generation) {
        Map<String, String> quick = new HashMap<>(generation);
        quick.put("extractive", "false");
        quick.put("min_length", "0");
        quick.put("max_new_tokens", "8");
        return new TaskOptions<>(
                model,
                DocumentColumns.standard(),
                SummarizerOptions.of(quick),
                ErrorPolicy.PERMISSIVE,
                InputPartitioning.AS_GIVEN);
    }
}
