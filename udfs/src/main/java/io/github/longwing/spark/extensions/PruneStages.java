package io.github.longwing.spark.extensions;

import io.github.longwing.spark.executor.DocumentSpread;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Repartition;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import scala.Option;
import scala.collection.immutable.Seq;

/**
 * Keeps rows away from stages that the query does not need results for: filters and limits on other columns come first,
 * and a stage whose results nobody reads is left out.
 */
final class PruneStages {
    private final SparkSession session;

    PruneStages(SparkSession session) {
        this.session = session;
    }

    LogicalPlan apply(LogicalPlan plan) {
        return plan.isStreaming() ? plan : plan.transformDown(new PlanFunction(this::prune));
    }

    private LogicalPlan prune(LogicalPlan node) {
        if (node instanceof Project project && project.child() instanceof DocumentStage stage) {
            return stage.task().keepsRows() && !stage.uses(project.references())
                    ? new Project(project.projectList(), stage.child())
                    : node;
        }
        if (node instanceof Filter filter && filter.child() instanceof DocumentStage stage) {
            return pushFilter(filter, stage);
        }
        if (node instanceof LocalLimit limit) {
            return limit.child() instanceof Sort ? node : limitRows(limit);
        }
        return node instanceof GlobalLimit limit ? limitSorted(limit) : node;
    }

    private static LogicalPlan pushFilter(Filter filter, DocumentStage stage) {
        List<Expression> before = new ArrayList<>();
        List<Expression> after = new ArrayList<>();
        for (Expression condition : ExtractCalls.conjuncts(filter.condition())) {
            boolean mayComeFirst =
                    stage.task().keepsRows() && condition.deterministic() && !stage.uses(condition.references());
            (mayComeFirst ? before : after).add(condition);
        }
        if (before.isEmpty()) {
            return filter;
        }
        DocumentStage fewer = stage.over(new Filter(ExtractCalls.conjunction(before), stage.child()));
        return after.isEmpty() ? fewer : new Filter(ExtractCalls.conjunction(after), fewer);
    }

    private static LogicalPlan limitRows(LocalLimit limit) {
        int rows = (Integer) limit.limitExpr().eval(InternalRow.empty());
        return change(
                limit,
                limit.child(),
                below -> hasAtMost(below.maxRowsPerPartition(), rows)
                        ? below
                        : new LocalLimit(limit.limitExpr(), below));
    }

    /** The first rows of an order that does not depend on results. */
    private LogicalPlan limitSorted(GlobalLimit limit) {
        if (!(limit.child() instanceof LocalLimit local) || !local.limitExpr().equals(limit.limitExpr())) {
            return limit;
        }
        LogicalPlan ordered = local.child();
        while (ordered instanceof Project project && isDeterministic(project)) {
            ordered = project.child();
        }
        if (!(ordered instanceof Sort sort) || !sort.global()) {
            return limit;
        }
        int rows = (Integer) limit.limitExpr().eval(InternalRow.empty());
        return change(limit, sort.child(), below -> {
            Seq<SortOrder> order = orderOf(sort, below);
            if (order == null || below instanceof Repartition || hasAtMost(below.maxRows(), rows)) {
                return below;
            }
            LogicalPlan first = new GlobalLimit(
                    limit.limitExpr(),
                    new LocalLimit(limit.limitExpr(), new Sort(order, /* global */ true, below, Option.empty())));
            int slots = DocumentSpread.slots(session.sparkContext());
            // the sort that is above puts them in order again
            return rows > 1 && slots > 1 ? new Repartition(Math.min(rows, slots), /* shuffle */ true, first) : first;
        });
    }

    /** The order in terms of rows that stages have not seen; null if it depends on what is computed in between. */
    private static Seq<SortOrder> orderOf(Sort sort, LogicalPlan below) {
        List<SortOrder> order = new ArrayList<>();
        for (SortOrder by : ScalaLists.<SortOrder>java(sort.order())) {
            SortOrder named = (SortOrder) by.mapChildren(child -> inTermsOf(child, sort.child()));
            if (!named.references().subsetOf(below.outputSet()) || !named.deterministic()) {
                return null;
            }
            order.add(named);
        }
        return ScalaLists.scala(order);
    }

    /** The expression with names of projections replaced by what they stand for. */
    private static Expression inTermsOf(Expression expression, LogicalPlan plan) {
        if (plan instanceof DocumentStage stage) {
            return inTermsOf(expression, stage.child());
        }
        return plan instanceof Project project && leadsToStage(project)
                ? inTermsOf(substitute(expression, project), project.child())
                : expression;
    }

    private static Expression substitute(Expression expression, Project project) {
        if (expression instanceof Attribute attribute) {
            for (NamedExpression column : ScalaLists.<NamedExpression>java(project.projectList())) {
                if (column instanceof Alias alias && alias.exprId().equals(attribute.exprId())) {
                    return alias.child();
                }
            }
            return expression;
        }
        return expression.mapChildren(child -> substitute(child, project));
    }

    private interface Change {
        LogicalPlan of(LogicalPlan below);
    }

    /** The node with a change below all stages that it is directly above. */
    private static LogicalPlan change(LogicalPlan node, LogicalPlan top, Change change) {
        if (!leadsToStage(top)) {
            return node;
        }
        LogicalPlan changed = changeBelow(top, change);
        return changed == top ? node : replaceBelow(node, top, changed);
    }

    private static LogicalPlan replaceBelow(LogicalPlan node, LogicalPlan top, LogicalPlan changed) {
        LogicalPlan child = node.children().head();
        return withChild(node, child == top ? changed : replaceBelow(child, top, changed));
    }

    private static LogicalPlan changeBelow(LogicalPlan plan, Change change) {
        if (!leadsToStage(plan)) {
            return change.of(plan);
        }
        LogicalPlan child = plan.children().head();
        LogicalPlan changed = changeBelow(child, change);
        return changed == child ? plan : withChild(plan, changed);
    }

    private static LogicalPlan withChild(LogicalPlan node, LogicalPlan child) {
        return node.withNewChildren(ScalaLists.scala(List.of(child)));
    }

    /** Whether there is a stage below, with nothing but stages and projections above it, each row in one row out. */
    private static boolean leadsToStage(LogicalPlan plan) {
        if (plan instanceof Project project) {
            return isDeterministic(project) && leadsToStage(project.child());
        }
        return plan instanceof DocumentStage stage && stage.task().keepsRows();
    }

    private static boolean isDeterministic(Project project) {
        return ScalaLists.<NamedExpression>java(project.projectList()).stream()
                .allMatch(column -> ((Expression) column).deterministic());
    }

    private static boolean hasAtMost(Option<Object> rows, int most) {
        return rows.isDefined() && (Long) rows.get() <= most;
    }
}
