package io.github.longwing.spark.extensions;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A change of plans as a rule of Spark's. Rules see every query of a session: where the inside of a platform's Spark
 * differs, queries without functions of Longwing have to go on.
 */
final class StageRule extends Rule<LogicalPlan> {
    private static final Logger LOG = LoggerFactory.getLogger(StageRule.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private final UnaryOperator<LogicalPlan> change;

    StageRule(UnaryOperator<LogicalPlan> change) {
        this.change = change;
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        try {
            return change.apply(plan);
        } catch (LinkageError e) {
            if (!WARNED.getAndSet(true)) {
                LOG.warn("This Spark does not take the SQL functions of Longwing; other queries go on", e);
            }
            return plan;
        }
    }
}
