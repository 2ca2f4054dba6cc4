package io.github.longwing.spark.executor;

import static org.apache.spark.sql.functions.lit;

import io.github.longwing.spark.progress.SparkContexts;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Distributes the documents of a small input over all slots. Spark splits files by bytes, at least 4 MB to a task, so that
 * a hundred documents may go to one task while the other cores are idle; a document takes seconds, so this counts
 * documents.
 */
public final class DocumentSpread {
    /** An input with more documents for each slot than this is large, and its partitions stay as they are. */
    static final int MAX_COUNTED_PER_SLOT = 64;

    /** More tasks than slots balance the lengths of documents; so many documents are worth the start of a task. */
    static final int DOCUMENTS_PER_TASK = 16;

    private static final Logger LOG = LoggerFactory.getLogger(DocumentSpread.class);

    private DocumentSpread() {}

    /**
     * The same rows, repartitioned if that helps. Counts the beginning of the input in a small job. Does not change
     * streams, and inputs of sessions that do not tell the number of slots.
     */
    public static Dataset<Row> balanced(Dataset<Row> documents) {
        Optional<SparkContext> context = SparkContexts.of(documents.sparkSession());
        if (documents.isStreaming() || context.isEmpty()) {
            return documents;
        }
        int slots = slots(context.get());
        int max = slots * MAX_COUNTED_PER_SLOT;
        int counted = documents.select(lit(1)).takeAsList(max + 1).size();
        int tasks = counted > max ? tasksOfLargeInput(slots, partitions(documents)) : tasks(counted, slots);
        if (tasks == 0) {
            return documents;
        }
        LOG.info(
                "Spreading {}{} documents over {} tasks",
                counted > max ? "more than " : "",
                Math.min(counted, max),
                tasks);
        // Spark distributes each partition round-robin from a random start: with few partitions, tasks get equal shares
        return documents.coalesce(slots).repartition(tasks);
    }

    /** Tasks for so many documents: all slots busy, in several rounds if there are enough documents. */
    static int tasks(int documents, int slots) {
        return Math.min(documents, slots * Math.max(1, documents / (slots * DOCUMENTS_PER_TASK)));
    }

    /** A large input is shuffled only if it has fewer partitions than slots, like one compressed file. */
    static int tasksOfLargeInput(int slots, int partitions) {
        boolean known = partitions > 0;
        return known && partitions < slots ? slots * MAX_COUNTED_PER_SLOT / DOCUMENTS_PER_TASK : 0;
    }

    /** How many documents can be begun at once, one in each slot. */
    public static int slots(SparkContext context) {
        return Math.max(1, context.defaultParallelism() / context.conf().getInt("spark.task.cpus", 1));
    }

    /** Partitions of the input, without running any part of it; 0 if unknown. */
    static int partitions(Dataset<Row> documents) {
        SparkPlan plan = documents.queryExecution().executedPlan();
        if (plan instanceof AdaptiveSparkPlanExec adaptive) { // its RDD would run all stages but the last
            return adaptive.initialPlan().outputPartitioning().numPartitions();
        }
        return documents.rdd().getNumPartitions();
    }
}
