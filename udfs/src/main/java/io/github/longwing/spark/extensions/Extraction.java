package io.github.longwing.spark.extensions;

import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.sql.TaskRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.CaseWhen;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.expressions.NamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import scala.Option;
import scala.Tuple2;
import scala.collection.immutable.Seq;

/**
 * Takes the calls out of the expressions of one node and puts stages below it. Equal calls become one stage. A call in a
 * branch of CASE, IF or COALESCE is computed for the rows that reach the branch.
 */
final class Extraction {
    private final SparkSession session;
    private final List<Extracted> extracted = new ArrayList<>();
    private LogicalPlan plan;

    /** A stage that exists, by the call and the condition under which it has a value; null for none. */
    private record Extracted(TaskCall call, Expression condition, Attribute result) {}

    Extraction(SparkSession session, LogicalPlan below) {
        this.session = session;
        this.plan = below;
    }

    /** The plan with the stages. */
    LogicalPlan plan() {
        return plan;
    }

    static boolean hasCall(Expression expression) {
        return expression.exists(part -> part instanceof TaskCall);
    }

    /** First of all the calls that are computed for every row, which others of the same kind in branches then share. */
    void prepare(Expression expression) {
        if (!hasCall(expression)) {
            return;
        }
        if (expression instanceof TaskCall) {
            Expression unused = replace(expression, null);
        } else if (isConditional(expression)) {
            prepare(expression.children().head()); // always computed
        } else {
            ScalaLists.<Expression>java(expression.children()).forEach(this::prepare);
        }
    }

    private static boolean isConditional(Expression expression) {
        return expression instanceof If || expression instanceof CaseWhen || expression instanceof Coalesce;
    }

    /** The expression without calls. */
    Expression replace(Expression expression) {
        return replace(expression, null);
    }

    private Expression replace(Expression expression, Expression condition) {
        if (!hasCall(expression)) {
            return expression;
        }
        if (expression instanceof TaskCall call) {
            return result((TaskCall) call.mapChildren(child -> replace(child, condition)), condition);
        }
        if (expression instanceof If choice) {
            Expression predicate = replace(choice.predicate(), condition);
            return new If(
                    predicate,
                    replace(choice.trueValue(), both(condition, predicate)),
                    replace(choice.falseValue(), both(condition, isNot(predicate))));
        }
        if (expression instanceof CaseWhen choice) {
            return replaceBranches(choice, condition);
        }
        if (expression instanceof Coalesce choice) {
            return replaceAlternatives(choice, condition);
        }
        return expression.mapChildren(child -> replace(child, condition));
    }

    private Expression replaceBranches(CaseWhen choice, Expression condition) {
        Expression reached = condition;
        List<Tuple2<Expression, Expression>> branches = new ArrayList<>();
        for (Tuple2<Expression, Expression> branch :
                ScalaLists.<Tuple2<Expression, Expression>>java(choice.branches())) {
            Expression predicate = replace(branch._1(), reached);
            branches.add(new Tuple2<>(predicate, replace(branch._2(), both(reached, predicate))));
            reached = both(reached, isNot(predicate));
        }
        Expression otherwise = reached;
        Option<Expression> elseValue = choice.elseValue().isEmpty()
                ? choice.elseValue()
                : Option.apply(replace(choice.elseValue().get(), otherwise));
        return new CaseWhen(ScalaLists.scala(branches), elseValue);
    }

    private Expression replaceAlternatives(Coalesce choice, Expression condition) {
        Expression reached = condition;
        List<Expression> alternatives = new ArrayList<>();
        for (Expression alternative : ScalaLists.<Expression>java(choice.children())) {
            Expression replaced = replace(alternative, reached);
            alternatives.add(replaced);
            reached = both(reached, new IsNull(replaced));
        }
        return new Coalesce(ScalaLists.scala(alternatives));
    }

    private static Expression both(Expression condition, Expression more) {
        return condition == null ? more : new And(condition, more);
    }

    /** Where the condition is false or null. */
    private static Expression isNot(Expression condition) {
        return new Not(new Coalesce(ScalaLists.scala(List.of(condition, Literal$.MODULE$.apply(false)))));
    }

    private Attribute result(TaskCall call, Expression condition) {
        for (Extracted stage : extracted) {
            boolean sameRows =
                    stage.condition() == null || (condition != null && condition.semanticEquals(stage.condition()));
            if (sameRows && stage.call().semanticEquals(call)) {
                return stage.result();
            }
        }
        if (call.exists(part -> part instanceof NamedLambdaVariable)) {
            throw QueryErrors.analysis("Cannot run " + call.prettyName() + " in a lambda function: " + call.sql()
                    + " depends on an element of an array or map, expected a column; explode it before");
        }
        Attribute result = add(call, condition);
        extracted.add(new Extracted(call, condition, result));
        return result;
    }

    private Attribute add(TaskCall call, Expression condition) {
        CallOptions options = CallOptions.of(call.prettyName(), call.options());
        List<Expression> inputs = StageInputs.of(call, condition);
        TaskRequest<?, ?> request = options.request(call.task(), Set.of(), session);
        if (request.onError() == ErrorPolicy.DROPMALFORMED) {
            throw QueryErrors.analysis("Cannot use the option on-error: it is dropmalformed, expected permissive or"
                    + " failfast, since a function has to give a value for every row; use "
                    + call.prettyName() + " as a table function");
        }
        Attribute result = attribute(call.prettyName(), call.dataType());
        plan = new DocumentStage(
                new StageTask<>(request, StageTask.Output.VALUE, options.shown()),
                ScalaLists.scala(inputs.stream().map(this::repeatable).toList()),
                ScalaLists.scala(List.of(result)),
                plan);
        return result;
    }

    /** An expression that Spark may compute again; one that it may not becomes a column below. */
    private Expression repeatable(Expression input) {
        if (input.deterministic()) {
            return input;
        }
        NamedExpression column = alias(input, "longwing input");
        List<NamedExpression> columns = new ArrayList<>(ScalaLists.<Attribute>java(plan.output()));
        columns.add(column);
        plan = new Project(ScalaLists.scala(columns), plan);
        return column.toAttribute();
    }

    static Alias alias(Expression expression, String name) {
        return new Alias(expression, name, NamedExpression$.MODULE$.newExprId(), none(), Option.empty(), none());
    }

    static Attribute attribute(String name, DataType type) {
        return new AttributeReference(
                name, type, /* nullable */ true, Metadata.empty(), NamedExpression$.MODULE$.newExprId(), none());
    }

    private static Seq<String> none() {
        return ScalaLists.scala(List.of());
    }
}
