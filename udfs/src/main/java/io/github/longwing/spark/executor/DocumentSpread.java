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
 * Spreads a small input over all slots. Spark cuts files by bytes, at least 4 MB to a task, and so gives a hundred
 * documents to one task while the other cores look on; a document takes seconds, so here documents are counted.
 */
public final class DocumentSpread {
    /** An input with more documents for each slot than this is big, and its partitions stay as they are. */
    static final int MAX_COUNTED_PER_SLOT = 64;

    /** More tasks than slots even out the lengths of documents; this many documents make a task worth its start. */
    static final int DOCUMENTS_PER_TASK = 16;

    private static final Logger LOG = LoggerFactory.getLogger(DocumentSpread.class);

    private DocumentSpread() {}

    /**
     * The same rows, in other partitions where that helps. Counts the beginning of the input in a small job. Streams are
     * left alone, and so is an input whose session does not show how many slots there are.
     */
    public static Dataset<Row> balanced(Dataset<Row> documents) {
        Optional<SparkContext> context = SparkContexts.of(documents.sparkSession());
        if (documents.isStreaming() || context.isEmpty()) {
            return documents;
        }
        int slots = slots(context.get());
        int most = slots * MAX_COUNTED_PER_SLOT;
        int counted = documents.select(lit(1)).takeAsList(most + 1).size();
        int tasks = counted > most ? tasksOfBigInput(slots, partitions(documents)) : tasks(counted, slots);
        if (tasks == 0) {
            return documents;
        }
        LOG.info(
                "Spreading {}{} documents over {} tasks",
                counted > most ? "more than " : "",
                Math.min(counted, most),
                tasks);
        // Spark deals the rows of each partition in turn from a random start: few partitions, even hands
        return documents.coalesce(slots).repartition(tasks);
    }

    /** Tasks for so many documents: all slots busy, and in several rounds where there is enough to do. */
    static int tasks(int documents, int slots) {
        return Math.min(documents, slots * Math.max(1, documents / (slots * DOCUMENTS_PER_TASK)));
    }

    /** A big input is shuffled only where its partitions leave slots empty, like one compressed file. */
    static int tasksOfBigInput(int slots, int partitions) {
        boolean known = partitions > 0;
        return known && partitions < slots ? slots * MAX_COUNTED_PER_SLOT / DOCUMENTS_PER_TASK : 0;
    }

    private static int slots(SparkContext context) {
        return Math.max(1, context.defaultParallelism() / context.conf().getInt("spark.task.cpus", 1));
    }

    /** Partitions of the input, found without running any of it; 0 where that cannot be. */
    private static int partitions(Dataset<Row> documents) {
        SparkPlan plan = documents.queryExecution().executedPlan();
        if (plan instanceof AdaptiveSparkPlanExec adaptive) { // its RDD would run all stages but the last
            return adaptive.initialPlan().outputPartitioning().numPartitions();
        }
        return documents.rdd().getNumPartitions();
    }
}
