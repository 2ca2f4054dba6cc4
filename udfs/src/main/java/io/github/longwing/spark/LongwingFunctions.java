package io.github.longwing.spark;

import io.github.longwing.spark.executor.TaskLoader;
import io.github.longwing.spark.options.TaskOptions;
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
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.UserDefinedFunction;

/**
 * Longwing as SQL functions of a session, each registered with settings of its own, of which columns and partitioning do
 * not matter here. SQL can then say {@code SELECT id, longwing_summarize(text) FROM documents}.
 */
public final class LongwingFunctions {
    /** {@code longwing_summarize(text)} gives a summary. */
    public static final String SUMMARIZE = "longwing_summarize";

    /** {@code longwing_classify(text)} gives a label, its probability and the list of labels. */
    public static final String CLASSIFY = "longwing_classify";

    /** {@code longwing_answer(question, text)} gives an answer, its score and its place in the text. */
    public static final String ANSWER = "longwing_answer";

    /** {@code longwing_generate(prompt)} gives a continuation. */
    public static final String GENERATE = "longwing_generate";

    /** {@code longwing_embed(text)} gives a vector. */
    public static final String EMBED = "longwing_embed";

    private LongwingFunctions() {}

    /** Registers {@link #SUMMARIZE}. */
    public static void registerSummarize(SparkSession spark, TaskOptions<SummarizerOptions> options) {
        TaskLoader<Summaries> loader = DocumentTransformation.SUMMARIZE.pinnedLoader(options, spark);
        register(spark, SUMMARIZE, new SummarizeFunction(context -> loader, options.onError()).asUdf());
    }

    /** Registers {@link #CLASSIFY}. */
    public static void registerClassify(SparkSession spark, TaskOptions<ClassifierOptions> options) {
        TaskLoader<Classification> loader = DocumentTransformation.CLASSIFY.pinnedLoader(options, spark);
        register(spark, CLASSIFY, new ClassifyFunction(context -> loader, options.onError()).asUdf());
    }

    /** Registers {@link #ANSWER}. */
    public static void registerAnswer(SparkSession spark, TaskOptions<AnswererOptions> options) {
        TaskLoader<Answers> loader = DocumentTransformation.ANSWER.pinnedLoader(options, spark);
        register(spark, ANSWER, new AnswerFunction(context -> loader, options.onError()).asUdf());
    }

    /** Registers {@link #GENERATE}. */
    public static void registerGenerate(SparkSession spark, TaskOptions<GeneratorOptions> options) {
        TaskLoader<GeneratedTexts> loader = DocumentTransformation.GENERATE.pinnedLoader(options, spark);
        register(spark, GENERATE, new GenerateFunction(context -> loader, options.onError()).asUdf());
    }

    /** Registers {@link #EMBED}. */
    public static void registerEmbed(SparkSession spark, TaskOptions<EmbedderOptions> options) {
        TaskLoader<Embedding> loader = DocumentTransformation.EMBED.pinnedLoader(options, spark);
        register(spark, EMBED, new EmbedFunction(context -> loader, options.onError()).asUdf());
    }

    static void register(SparkSession spark, String name, UserDefinedFunction function) {
        // it gives the same every time, yet to Spark it must not look so: a result is nothing to compute twice
        spark.udf().register(name, function.asNondeterministic());
    }
}
