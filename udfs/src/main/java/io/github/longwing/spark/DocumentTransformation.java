package io.github.longwing.spark;

import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.columns.NameRule;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.columns.RowFingerprint;
import io.github.longwing.spark.columns.TaskColumns;
import io.github.longwing.spark.columns.TextPages;
import io.github.longwing.spark.executor.DocumentFunction;
import io.github.longwing.spark.executor.DocumentSpread;
import io.github.longwing.spark.executor.ModelLoader;
import io.github.longwing.spark.executor.TaskLoader;
import io.github.longwing.spark.models.ModelLocator;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.progress.ResultMetrics;
import io.github.longwing.spark.progress.SparkContexts;
import io.github.longwing.spark.task.AnswerColumns;
import io.github.longwing.spark.task.ClassificationColumns;
import io.github.longwing.spark.task.ContinuationColumns;
import io.github.longwing.spark.task.EmbeddingColumns;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.spark.task.SummaryColumns;
import io.github.longwing.task.GeneratedTexts;
import io.github.longwing.task.answer.AnswererOptions;
import io.github.longwing.task.answer.Answers;
import io.github.longwing.task.classify.Classification;
import io.github.longwing.task.classify.ClassifierOptions;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.embed.Embedding;
import io.github.longwing.task.generate.GeneratorOptions;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.io.Serializable;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A task as a transformation of Datasets, such as {@link #SUMMARIZE}: the driver finds the columns and declares the
 * schema, the partition function runs on the executors.
 *
 * @param <S> the options of the task
 * @param <T> its output
 */
public final class DocumentTransformation<S extends Serializable, T> {
    /** Summaries of documents. */
    public static final DocumentTransformation<SummarizerOptions, Summaries> SUMMARIZE = of(SummaryColumns.TASK);

    /** Labels, or the values of a regression. */
    public static final DocumentTransformation<ClassifierOptions, Classification> CLASSIFY =
            of(ClassificationColumns.TASK);

    /** Answers to the questions that {@link DocumentColumns#questions} names. */
    public static final DocumentTransformation<AnswererOptions, Answers> ANSWER = of(AnswerColumns.TASK);

    /** Continuations of prompts, which the text column holds. */
    public static final DocumentTransformation<GeneratorOptions, GeneratedTexts> GENERATE =
            of(ContinuationColumns.TASK);

    /** Vectors of documents. */
    public static final DocumentTransformation<EmbedderOptions, Embedding> EMBED = of(EmbeddingColumns.TASK);

    private final SparkTask<S, T> task;

    private DocumentTransformation(SparkTask<S, T> task) {
        this.task = task;
    }

    /** The transformation of any task. */
    public static <S extends Serializable, T> DocumentTransformation<S, T> of(SparkTask<S, T> task) {
        return new DocumentTransformation<>(task);
    }

    public SparkTask<S, T> task() {
        return task;
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
     * columns, in no particular order. Lazy like every transformation, but wrong columns and a missing model are refused
     * at once, and {@link InputPartitioning#BALANCED} counts the beginning of the input.
     */
    public Dataset<Row> apply(Dataset<Row> documents, TaskOptions<S> options, JobProgress progress) {
        return apply(documents, options, pinnedLoader(options, documents.sparkSession()), progress);
    }

    /** Like the other {@code apply}, with a loader of the caller's, which replaces the model and the task options. */
    public Dataset<Row> apply(
            Dataset<Row> documents, TaskOptions<S> options, TaskLoader<T> loader, JobProgress progress) {
        UnaryOperator<Dataset<Row>> spread =
                switch (options.partitioning()) {
                    case BALANCED -> DocumentSpread::balanced;
                    case AS_GIVEN -> UnaryOperator.identity();
                };
        return applySelected(documents, options, loader, rows -> InputColumns.askEach(spread.apply(rows)), progress);
    }

    /**
     * Like the other {@code apply}, for callers who choose and distribute the rows.
     *
     * @param selection from the rows of {@code InputColumns.project} to those that are computed, with one question each
     */
    public Dataset<Row> applySelected(
            Dataset<Row> documents,
            TaskOptions<S> options,
            TaskLoader<T> loader,
            UnaryOperator<Dataset<Row>> selection,
            JobProgress progress) {
        Dataset<Row> projected = InputColumns.project(documents, options.columns());
        StructType schema = schemaOfResult(projected, options);
        DocumentFunction<T> function = new DocumentFunction<>(
                loader,
                columns(projected, options),
                RowFingerprint.of(task.name(), options.taskOptions()),
                options.onError(),
                options.isolation(),
                options.stop(),
                options.equalTexts(),
                progress);
        return selection.apply(projected).mapPartitions(function, Encoders.row(schema));
    }

    /**
     * Lets Spark count the rows of a result as they pass, for sessions without a SparkContext. After the first action
     * the observation has {@code documents}, {@code errors}, {@code input_tokens} and {@code output_tokens}; documents
     * that {@link ErrorPolicy#DROPMALFORMED} left out are not among them.
     */
    public Dataset<Row> observe(Dataset<Row> result, TaskOptions<S> options, Observation observation) {
        return ResultMetrics.observe(
                result, task.columns(options.taskOptions()), options.columns().resultPrefix(), observation);
    }

    /** As the first {@code apply} does with its model, for callers who choose and distribute the rows. */
    public Dataset<Row> applySelected(
            Dataset<Row> documents,
            TaskOptions<S> options,
            UnaryOperator<Dataset<Row>> selection,
            JobProgress progress) {
        return applySelected(documents, options, pinnedLoader(options, documents.sparkSession()), selection, progress);
    }

    /** Loads the model that the options name; pinned, unless this is a remote client, which sees other files. */
    ModelLoader<S, T> pinnedLoader(TaskOptions<S> options, SparkSession session) {
        ModelReference named = task.model(options.model(), "name one in the options");
        ModelReference model = SparkContexts.of(session).isPresent()
                ? ModelLocator.ofThisMachine().pin(named)
                : named;
        return new ModelLoader<>(task, model, options.taskOptions());
    }

    private TaskColumns<T> columns(Dataset<Row> projected, TaskOptions<S> options) {
        TaskColumns<T> columns = task.columns(options.taskOptions());
        return TextPages.isIn(projected) ? columns.withPages() : columns;
    }

    private StructType schemaOfResult(Dataset<Row> projected, TaskOptions<S> options) {
        return ResultSchema.of(
                InputColumns.keptFields(projected),
                InputColumns.questionFields(projected),
                columns(projected, options),
                options.columns().resultPrefix(),
                NameRule.of(projected.sparkSession()));
    }
}
