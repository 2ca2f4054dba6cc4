package io.github.longwing.spark;

import io.github.longwing.spark.executor.TaskLoader;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.sql.ScalarFunction;
import io.github.longwing.spark.task.AnswerColumns;
import io.github.longwing.spark.task.ClassificationColumns;
import io.github.longwing.spark.task.ContinuationColumns;
import io.github.longwing.spark.task.EmbeddingColumns;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.spark.task.SummaryColumns;
import io.github.longwing.task.answer.AnswererOptions;
import io.github.longwing.task.classify.ClassifierOptions;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.generate.GeneratorOptions;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.io.Serializable;
import org.apache.spark.sql.SparkSession;

/**
 * Longwing as SQL functions of a session, each registered with options of its own; columns and partitioning have no
 * effect. SQL can then say {@code SELECT id, longwing_summarize(text) FROM documents}.
 *
 * <p>They go before the functions that the session has by itself. Spark 4.2 would ask for those first; there the session is told
 * to look among registered functions first.
 */
public final class LongwingFunctions {
    /** {@code longwing_summarize(text)} gives a summary. */
    public static final String SUMMARIZE = "longwing_summarize";

    /** {@code longwing_classify(text)} gives a label, its probability and the list of labels. */
    public static final String CLASSIFY = "longwing_classify";

    /** {@code longwing_answer(question, text)} gives an answer, its score and its position in the text. */
    public static final String ANSWER = "longwing_answer";

    /** {@code longwing_generate(prompt)} gives a continuation. */
    public static final String GENERATE = "longwing_generate";

    /** {@code longwing_embed(text)} gives a vector. */
    public static final String EMBED = "longwing_embed";

    /** A setting of Spark 4.2 and later; earlier ones always look among registered functions first. */
    private static final String LOOK_UP_ORDER = "spark.sql.functionResolution.sessionOrder";

    private LongwingFunctions() {}

    /** Registers {@link #SUMMARIZE}. */
    public static void registerSummarize(SparkSession spark, TaskOptions<SummarizerOptions> options) {
        register(spark, SummaryColumns.TASK, options);
    }

    /** Registers {@link #CLASSIFY}. */
    public static void registerClassify(SparkSession spark, TaskOptions<ClassifierOptions> options) {
        register(spark, ClassificationColumns.TASK, options);
    }

    /** Registers {@link #ANSWER}. */
    public static void registerAnswer(SparkSession spark, TaskOptions<AnswererOptions> options) {
        register(spark, AnswerColumns.TASK, options);
    }

    /** Registers {@link #GENERATE}. */
    public static void registerGenerate(SparkSession spark, TaskOptions<GeneratorOptions> options) {
        register(spark, ContinuationColumns.TASK, options);
    }

    /** Registers {@link #EMBED}. */
    public static void registerEmbed(SparkSession spark, TaskOptions<EmbedderOptions> options) {
        register(spark, EmbeddingColumns.TASK, options);
    }

    /** Registers the function of any task under {@link SparkTask#sqlFunction}. */
    public static <S extends Serializable, T> void register(
            SparkSession spark, SparkTask<S, T> task, TaskOptions<S> options) {
        register(spark, task, DocumentTransformation.of(task).pinnedLoader(options, spark), options.onError());
    }

    /** Registers the function of a task with a loader of the caller's. */
    static <T> void register(SparkSession spark, SparkTask<?, T> task, TaskLoader<T> loader, ErrorPolicy onError) {
        ScalarFunction<T> function = new ScalarFunction<>(task, context -> loader, onError);
        // it gives the same value every time, but Spark may compute a deterministic function twice
        spark.udf().register(task.sqlFunction(), function.asUdf().asNondeterministic());
        if (spark.conf().isModifiable(LOOK_UP_ORDER)) {
            spark.conf().set(LOOK_UP_ORDER, "first");
        }
    }
}
