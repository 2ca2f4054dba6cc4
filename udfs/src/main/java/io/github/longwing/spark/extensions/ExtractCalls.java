package io.github.longwing.spark.extensions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * Replaces the calls of an analysed query by columns of stages, before any optimization, so that no rule of Spark's copies
 * or drops a call. What is checked here is refused before any work starts.
 */
final class ExtractCalls {
    private final SparkSession session;

    ExtractCalls(SparkSession session) {
        this.session = session;
    }

    LogicalPlan apply(LogicalPlan plan) {
        return plan.resolveOperatorsUp(new PlanFunction(this::extract));
    }

    private LogicalPlan extract(LogicalPlan node) {
        if (!node.resolved() || node instanceof Command) {
            return node;
        }
        Optional<TaskCall> call = calls(node).findFirst();
        if (call.isEmpty()) {
            return node;
        }
        if (node.children().size() != 1) {
            refuse(call.get(), node); // here, since Spark adds the plan to the sentences of later checks
        }
        if (node instanceof Filter filter) {
            return extractFromFilter(filter);
        }
        return node instanceof Aggregate aggregate ? extractFromAggregate(aggregate) : extractFrom(node);
    }

    static Stream<TaskCall> calls(LogicalPlan node) {
        return ScalaLists.<Expression>java(node.expressions()).stream()
                .flatMap(
                        expression -> ScalaLists.<Expression>java(expression.collect(new CallsOfExpression())).stream())
                .map(TaskCall.class::cast);
    }

    private static final class CallsOfExpression extends AbstractPartialFunction<Expression, Expression> {
        @Override
        public boolean isDefinedAt(Expression expression) {
            return expression instanceof TaskCall;
        }

        @Override
        public Expression apply(Expression expression) {
            return expression;
        }
    }

    private LogicalPlan extractFrom(LogicalPlan node) {
        Extraction extraction = new Extraction(session, node.children().head());
        ScalaLists.<Expression>java(node.expressions()).forEach(extraction::prepare);
        LogicalPlan rewritten = node.mapExpressions(extraction::replace);
        return withOutput(node.output(), rewritten.withNewChildren(ScalaLists.scala(List.of(extraction.plan()))));
    }

    /** Columns of stages are no columns of the query. */
    private static LogicalPlan withOutput(Seq<Attribute> output, LogicalPlan plan) {
        return plan.output().equals(output) ? plan : new Project(ScalaLists.widen(output), plan);
    }

    /** What costs nothing is looked at first. */
    private LogicalPlan extractFromFilter(Filter filter) {
        List<Expression> cheap = new ArrayList<>();
        List<Expression> costly = new ArrayList<>();
        conjuncts(filter.condition()).forEach(condition -> {
            boolean isCheap = !Extraction.hasCall(condition) && condition.deterministic();
            (isCheap ? cheap : costly).add(condition);
        });
        LogicalPlan child = cheap.isEmpty() ? filter.child() : new Filter(conjunction(cheap), filter.child());
        return extractFrom(new Filter(conjunction(costly), child));
    }

    static List<Expression> conjuncts(Expression condition) {
        return condition instanceof And and
                ? Stream.concat(conjuncts(and.left()).stream(), conjuncts(and.right()).stream())
                        .toList()
                : List.of(condition);
    }

    static Expression conjunction(List<Expression> conditions) {
        return conditions.stream().reduce(And::new).orElseThrow();
    }

    /** Calls of rows are computed below the aggregate, calls of its groups above it. */
    private LogicalPlan extractFromAggregate(Aggregate aggregate) {
        Extraction below = new Extraction(session, aggregate.child());
        List<Expression> groups = ScalaLists.java(aggregate.groupingExpressions());
        groups.forEach(below::prepare);
        List<Expression> keys = groups.stream().map(below::replace).toList();
        List<NamedExpression> results = ScalaLists.<NamedExpression>java(aggregate.aggregateExpressions()).stream()
                .map(result -> (NamedExpression) replaceOfRows((Expression) result, groups, keys, below))
                .toList();
        List<NamedExpression> inner = new ArrayList<>();
        List<NamedExpression> outer = new ArrayList<>();
        for (NamedExpression result : results) {
            Expression expression = (Expression) result;
            if (Extraction.hasCall(expression)) {
                outer.add((NamedExpression) overGroups(expression, keys, inner));
            } else {
                inner.add(result);
                outer.add(result.toAttribute());
            }
        }
        Object[] parts = {ScalaLists.scala(keys), ScalaLists.scala(inner), below.plan(), aggregate.productElement(3)};
        LogicalPlan grouped = aggregate.makeCopy(parts);
        return inner.size() == results.size() && outer.stream().allMatch(Attribute.class::isInstance)
                ? grouped
                : extractFrom(new Project(ScalaLists.scala(outer), grouped));
    }

    /** Without the calls inside of keys and of aggregate functions. */
    private static Expression replaceOfRows(
            Expression expression, List<Expression> groups, List<Expression> keys, Extraction below) {
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).semanticEquals(expression)) {
                return keys.get(i);
            }
        }
        return expression instanceof AggregateExpression
                ? below.replace(expression)
                : expression.mapChildren(child -> replaceOfRows(child, groups, keys, below));
    }

    /** On top of the aggregate, which computes what the expression needs as columns of its own. */
    private static Expression overGroups(Expression expression, List<Expression> keys, List<NamedExpression> inner) {
        boolean isOfGroup = expression instanceof AggregateExpression
                || keys.stream().anyMatch(key -> key.semanticEquals(expression));
        if (!isOfGroup) {
            return expression.mapChildren(child -> overGroups(child, keys, inner));
        }
        for (NamedExpression column : inner) {
            if (column instanceof Alias alias && alias.child().semanticEquals(expression)) {
                return (Expression) column.toAttribute();
            }
        }
        Alias column = Extraction.alias(expression, "longwing group");
        inner.add(column);
        return (Expression) column.toAttribute();
    }

    /** Refuses the calls that are left, but for those of commands, which are queries again when they run. */
    static LogicalPlan checked(LogicalPlan plan) {
        plan.foreach(node -> {
            if (!(node instanceof Command)) {
                calls(node).findFirst().ifPresent(call -> refuse(call, node));
            }
            return BoxedUnit.UNIT;
        });
        return plan;
    }

    private static void refuse(TaskCall call, LogicalPlan node) {
        String remedy = "; compute it in a subquery first, such as (SELECT *, " + call.sql() + " AS result FROM ...)";
        throw QueryErrors.analysis(
                node instanceof Join
                        ? "Cannot run " + call.prettyName() + " in the condition of a join: " + call.sql()
                                + " is computed for rows of one table, expected a column there" + remedy
                        : "Cannot run " + call.prettyName() + " in " + node.nodeName()
                                + ": expected it in SELECT, WHERE," + " GROUP BY or ORDER BY" + remedy);
    }
}
