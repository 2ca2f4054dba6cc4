package io.github.longwing.spark.extensions;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/** A step of a query that adds the results of a task to each row; the rows stay in their order and partitions. */
public final class DocumentStage extends LogicalPlan implements UnaryNode {
    private static final long serialVersionUID = 1L;

    private final StageTask<?, ?> task;
    private final Seq<Expression> inputs;
    private final Seq<Attribute> results;
    private final LogicalPlan child;

    /**
     * The step over the rows of a plan. Spark makes copies through this constructor, with the elements of the product in
     * their order.
     *
     * @param inputs text as binary, id as string, question as binary: see {@code InputColumns}
     */
    public DocumentStage(StageTask<?, ?> task, Seq<Expression> inputs, Seq<Attribute> results, LogicalPlan child) {
        this.task = task;
        this.inputs = inputs;
        this.results = results;
        this.child = child;
    }

    StageTask<?, ?> task() {
        return task;
    }

    Seq<Expression> inputs() {
        return inputs;
    }

    Seq<Attribute> results() {
        return results;
    }

    StructType resultType() {
        return resultType(results);
    }

    static StructType resultType(Seq<Attribute> results) {
        StructType type = new StructType();
        for (Attribute result : ScalaLists.<Attribute>java(results)) {
            type = type.add(result.name(), result.dataType(), /* nullable */ true);
        }
        return type;
    }

    boolean uses(AttributeSet references) {
        return ScalaLists.<Attribute>java(results).stream().anyMatch(references::contains);
    }

    DocumentStage over(LogicalPlan other) {
        return new DocumentStage(task, inputs, results, other);
    }

    @Override
    public LogicalPlan child() {
        return child;
    }

    @Override
    public Seq<LogicalPlan> children() {
        return ScalaLists.scala(List.of(child));
    }

    @Override
    public LogicalPlan withNewChildInternal(LogicalPlan newChild) {
        return over(newChild);
    }

    @Override
    public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> newChildren) {
        return over(newChildren.head());
    }

    @Override
    public Seq<Attribute> output() {
        return withResults(child.output(), results);
    }

    @SuppressWarnings("unchecked")
    static Seq<Attribute> withResults(Seq<Attribute> before, Seq<Attribute> results) {
        return (Seq<Attribute>) before.appendedAll(results);
    }

    @Override
    public AttributeSet producedAttributes() {
        return AttributeSet$.MODULE$.apply(ScalaLists.<Expression>widen(results));
    }

    /** It is, but a plan that is used twice must not be computed twice: Spark copies deterministic ones. */
    @Override
    public boolean deterministic() {
        return false;
    }

    @Override
    public String nodeName() {
        return task.operator();
    }

    @Override
    public String argString(int maxFields) {
        return describe(task, inputs, results);
    }

    static String describe(StageTask<?, ?> task, Seq<Expression> inputs, Seq<Attribute> results) {
        return inputs.apply(0) + " -> [" + results.mkString(", ") + "] " + task.description();
    }

    @Override
    public int productArity() {
        return 4;
    }

    @Override
    public Object productElement(int index) {
        return switch (index) {
            case 0 -> task;
            case 1 -> inputs;
            case 2 -> results;
            case 3 -> child;
            default -> throw new IndexOutOfBoundsException(index);
        };
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof DocumentStage;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DocumentStage stage
                && task.equals(stage.task)
                && inputs.equals(stage.inputs)
                && results.equals(stage.results)
                && child.equals(stage.child);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
