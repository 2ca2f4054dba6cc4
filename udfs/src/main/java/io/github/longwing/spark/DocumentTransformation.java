package io.github.longwing.spark;

import io.github.longwing.task.AnswererOptions;
import io.github.longwing.task.Answers;
import io.github.longwing.task.Classification;
import io.github.longwing.task.ClassifierOptions;
import io.github.longwing.task.EmbedderOptions;
import io.github.longwing.task.Embedding;
import io.github.longwing.task.GeneratedTexts;
import io.github.longwing.task.GeneratorOptions;
import io.github.longwing.task.Summaries;
import io.github.longwing.task.SummarizerOptions;
import java.io.Serializable;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A task as a transformation of Datasets, such as {@link #SUMMARIZE}: columns are found and the schema is declared on
 * the driver, then the partition function takes over.
 *
 * @param <S> the settings of the task
 * @param <T> its output
 */
public final class DocumentTransformation<S extends Serializable, T> {
    /** Summaries of documents. */
    public static final DocumentTransformation<SummarizerOptions, Summaries> SUMMARIZE =
            new DocumentTransformation<>(ModelLoader.OfSummarizer::new, SummaryColumns::of);

    /** Labels, or the values of a regression. */
    public static final DocumentTransformation<ClassifierOptions, Classification> CLASSIFY =
            new DocumentTransformation<>(ModelLoader.OfClassifier::new, ClassificationColumns::of);

    /** Answers to the questions that {@link DocumentColumns#questions} names. */
    public static final DocumentTransformation<AnswererOptions, Answers> ANSWER =
            new DocumentTransformation<>(ModelLoader.OfAnswerer::new, settings -> new AnswerColumns());

    /** Continuations of prompts, which the text column holds. */
    public static final DocumentTransformation<GeneratorOptions, GeneratedTexts> GENERATE =
            new DocumentTransformation<>(ModelLoader.OfGenerator::new, ContinuationColumns::of);

    /** Vectors of documents. */
    public static final DocumentTransformation<EmbedderOptions, Embedding> EMBED =
            new DocumentTransformation<>(ModelLoader.OfEmbedder::new, settings -> new EmbeddingColumns());

    private final BiFunction<ModelReference, S, ModelLoader<T>> loaders;
    private final Function<S, TaskColumns<T>> columns;

    private DocumentTransformation(
            BiFunction<ModelReference, S, ModelLoader<T>> loaders, Function<S, TaskColumns<T>> columns) {
        this.loaders = loaders;
        this.columns = columns;
    }

    /** The columns that {@link #apply} gives, after the same checks of the input. */
    public StructType schema(Dataset<Row> documents, TaskOptions<S> options) {
        return schemaOfResult(InputColumns.project(documents, options.columns()), options);
    }

    /** Whether the result has a row for each document or for each question. */
    public RowUnit unit(Dataset<Row> documents, TaskOptions<S> options) {
        Dataset<Row> projected = InputColumns.project(documents, options.columns());
        return InputColumns.questionFields(projected).isEmpty() ? RowUnit.DOCUMENT : RowUnit.QUESTION;
    }

    /**
     * One row for each document, or for each document and question of an array: its id, the kept columns and the result
     * columns, in no certain order. Lazy like every transformation, but wrong columns and a model that is not there are
     * refused at once, and {@link InputPartitioning#BALANCED} counts the beginning of the input.
     */
    public Dataset<Row> apply(Dataset<Row> documents, TaskOptions<S> options, JobProgress progress) {
        return apply(documents, options, pinnedLoader(options, documents.sparkSession()), progress);
    }

    /** The same with a loader of the caller's; the options that belong to the model are the loader's to heed. */
    public Dataset<Row> apply(
            Dataset<Row> documents, TaskOptions<S> options, TaskLoader<T> loader, JobProgress progress) {
        Dataset<Row> projected = InputColumns.project(documents, options.columns());
        StructType schema = schemaOfResult(projected, options);
        Dataset<Row> spread =
                switch (options.partitioning()) {
                    case BALANCED -> DocumentSpread.balanced(projected);
                    case AS_GIVEN -> projected;
                };
        DocumentFunction<T> function =
                new DocumentFunction<>(loader, columns(options.settings()), options.onError(), progress);
        return InputColumns.askEach(spread).mapPartitions(function, Encoders.row(schema));
    }

    /**
     * Lets Spark count the rows of a result as they pass, for sessions without a SparkContext. After the first action
     * the observation has {@code documents}, {@code errors}, {@code input_tokens} and {@code output_tokens}; documents
     * that {@link ErrorPolicy#DROPMALFORMED} left out are not among them.
     */
    public Dataset<Row> observe(Dataset<Row> result, TaskOptions<S> options, Observation observation) {
        return ResultMetrics.observe(
                result, columns(options.settings()), options.columns().resultPrefix(), observation);
    }

    TaskColumns<T> columns(S settings) {
        return columns.apply(settings);
    }

    ModelLoader<T> loader(ModelReference model, S settings) {
        return loaders.apply(model, settings);
    }

    /** With the model pinned, unless this is a client far from the cluster, which sees other files. */
    ModelLoader<T> pinnedLoader(TaskOptions<S> options, SparkSession session) {
        ModelReference model = VisibleContext.of(session).isPresent()
                ? ModelLocator.ofThisMachine().pin(options.model())
                : options.model();
        return loader(model, options.settings());
    }

    private StructType schemaOfResult(Dataset<Row> projected, TaskOptions<S> options) {
        return ResultSchema.of(
                InputColumns.keptFields(projected),
                InputColumns.questionFields(projected),
                columns(options.settings()),
                options.columns().resultPrefix(),
                NameRule.of(projected.sparkSession()));
    }
}
