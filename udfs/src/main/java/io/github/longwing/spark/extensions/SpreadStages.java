package io.github.longwing.spark.extensions;

import io.github.longwing.spark.executor.DocumentSpread;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Repartition;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionOperation;
import scala.math.BigInt;

/**
 * Distributes small inputs of stages over all slots, as the jobs do: Spark splits files by bytes and joins the partitions
 * of a shuffle until each has 64 MB, so that a few hundred documents may go to one task while the other cores are idle.
 * Leaves the rows of an ordered input where they are, and those that the query distributes itself.
 */
final class SpreadStages {
    /** Whether it does; a setting of the session. */
    static final String SETTING = "spark.longwing.sql.spread";

    /** An input with more bytes for each slot has enough partitions by itself. */
    private static final long MAX_BYTES_PER_SLOT = 64L << 20; // 64 MiB

    /** With more bytes to a task, more tasks than slots balance the lengths of documents. */
    private static final long BYTES_PER_TASK = 1L << 20; // 1 MiB

    private static final int MAX_TASKS_PER_SLOT = 4;

    private final SparkSession session;

    SpreadStages(SparkSession session) {
        this.session = session;
    }

    LogicalPlan apply(LogicalPlan plan) {
        boolean isOn = Boolean.parseBoolean(session.conf().get(SETTING, "true"));
        return isOn && !plan.isStreaming() ? plan.transformUp(new PlanFunction(this::spread)) : plan;
    }

    private LogicalPlan spread(LogicalPlan node) {
        if (!(node instanceof DocumentStage stage) || !mayMove(stage.child())) {
            return node;
        }
        int slots = DocumentSpread.slots(session.sparkContext());
        BigInt bytes = stage.child().stats().sizeInBytes();
        if (slots == 1 || !bytes.isValidLong() || bytes.toLong() > slots * MAX_BYTES_PER_SLOT) {
            return node;
        }
        long rounds = Math.max(1, Math.min(MAX_TASKS_PER_SLOT, bytes.toLong() / (slots * BYTES_PER_TASK)));
        return stage.over(new Repartition((int) (slots * rounds), /* shuffle */ true, stage.child()));
    }

    private static boolean mayMove(LogicalPlan rows) {
        boolean isDistributed = rows instanceof RepartitionOperation
                || rows instanceof LocalRelation // Spark gives it to all slots
                || rows instanceof LocalLimit // a few rows of each partition
                || hasStage(rows);
        boolean isOne = rows.maxRows().isDefined() && (Long) rows.maxRows().get() <= 1;
        return !isDistributed && !isOne && rows.outputOrdering().isEmpty();
    }

    /** The rows of a stage are distributed before it. */
    private static boolean hasStage(LogicalPlan rows) {
        return rows instanceof DocumentStage
                || (rows instanceof Project project && hasStage(project.child()))
                || (rows instanceof Filter filter && hasStage(filter.child()));
    }
}
