package io.github.longwing.spark;

import static org.apache.spark.sql.functions.udf;

import io.github.longwing.error.UserException;
import io.github.longwing.task.Summaries;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/** Longwing as SQL functions of a session. */
public final class LongwingFunctions {
    /** {@code longwing_summarize(text)} gives a summary. */
    public static final String SUMMARIZE = "longwing_summarize";

    private LongwingFunctions() {}

    /**
     * Registers the functions with these settings, of which columns and partitioning do not matter here. SQL can then
     * say {@code SELECT id, longwing_summarize(text) FROM documents}.
     */
    public static void register(SparkSession spark, SummarizeOptions options) {
        register(spark, SummarizerLoader.pinned(options, spark), options.onError());
    }

    static void register(SparkSession spark, TaskLoader<Summaries> loader, ErrorPolicy onError) {
        if (onError == ErrorPolicy.DROPMALFORMED) {
            throw new UserException("Cannot register " + SUMMARIZE + ": on_error is dropmalformed, expected permissive"
                    + " or failfast, since a function has to give a value for every row");
        }
        // it gives the same every time, yet to Spark it must not look so: a summary is nothing to compute twice
        spark.udf()
                .register(
                        SUMMARIZE,
                        udf(new SummarizeFunction(loader, onError), DataTypes.StringType)
                                .asNondeterministic());
    }
}
