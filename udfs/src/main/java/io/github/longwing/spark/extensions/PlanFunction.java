package io.github.longwing.spark.extensions;

import java.util.function.UnaryOperator;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.runtime.AbstractPartialFunction;

/** A change of each node of a plan, as Spark's transformations of plans want it. */
final class PlanFunction extends AbstractPartialFunction<LogicalPlan, LogicalPlan> {
    private final UnaryOperator<LogicalPlan> change;

    PlanFunction(UnaryOperator<LogicalPlan> change) {
        this.change = change;
    }

    @Override
    public boolean isDefinedAt(LogicalPlan plan) {
        return true;
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return change.apply(plan);
    }
}
