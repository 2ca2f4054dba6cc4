package io.github.longwing.spark.extensions;

import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.spark.task.SparkTask.SqlArguments;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * A call of a task in SQL, such as {@code longwing_summarize(text)}. It never computes anything: {@link ExtractCalls}
 * replaces it by a column of a {@link DocumentStage} while the query is analysed.
 */
public final class TaskCall extends Expression {
    private static final long serialVersionUID = 1L;

    private final SparkTask<?, ?> task;
    private final Seq<Expression> arguments;

    /** The text, before it a question if the task takes one, after it maybe a map of options. */
    public TaskCall(SparkTask<?, ?> task, Seq<Expression> arguments) {
        this.task = task;
        this.arguments = arguments;
    }

    static TaskCall of(SparkTask<?, ?> task, Seq<Expression> arguments) {
        int least = task.sqlArguments() == SqlArguments.TEXT ? 1 : 2;
        if (arguments.size() < least || arguments.size() > least + 1) {
            throw QueryErrors.analysis("Cannot run " + task.sqlFunction() + ": it has " + arguments.size()
                    + " arguments, expected " + synopsis(task));
        }
        return new TaskCall(task, arguments);
    }

    static String synopsis(SparkTask<?, ?> task) {
        String first =
                switch (task.sqlArguments()) {
                    case TEXT -> "text";
                    case QUESTION_AND_TEXT -> "question, text";
                };
        return task.sqlFunction() + "(" + first + ") or " + task.sqlFunction() + "(" + first
                + ", map('option', 'value'))";
    }

    SparkTask<?, ?> task() {
        return task;
    }

    Expression text() {
        return arguments.apply(task.sqlArguments() == SqlArguments.TEXT ? 0 : 1);
    }

    Optional<Expression> question() {
        return task.sqlArguments() == SqlArguments.TEXT ? Optional.empty() : Optional.of(arguments.apply(0));
    }

    Optional<Expression> options() {
        int before = task.sqlArguments() == SqlArguments.TEXT ? 1 : 2;
        return arguments.size() > before ? Optional.of(arguments.apply(before)) : Optional.empty();
    }

    List<Expression> arguments() {
        return ScalaLists.java(arguments);
    }

    @Override
    public Seq<Expression> children() {
        return arguments;
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
        return new TaskCall(task, newChildren);
    }

    @Override
    public DataType dataType() {
        return task.sqlType();
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public String prettyName() {
        return task.sqlFunction();
    }

    @Override
    public Object eval(InternalRow input) {
        throw unplanned();
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
        throw unplanned();
    }

    private IllegalStateException unplanned() {
        return new IllegalStateException("Cannot run " + task.sqlFunction()
                + ": this query was not analysed by a session with the extensions of Longwing");
    }

    @Override
    public int productArity() {
        return 2;
    }

    @Override
    public Object productElement(int index) {
        return index == 0 ? task : arguments;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof TaskCall;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TaskCall call && task.equals(call.task) && arguments.equals(call.arguments);
    }

    @Override
    public int hashCode() {
        return 31 * task.hashCode() + arguments.hashCode();
    }

    @Override
    public String toString() {
        return prettyName() + "("
                + arguments().stream().map(Expression::toString).collect(Collectors.joining(", ")) + ")";
    }
}
