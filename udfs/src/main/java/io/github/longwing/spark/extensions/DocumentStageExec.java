package io.github.longwing.spark.extensions;

import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.UnaryExecNode;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Map;
import scala.collection.immutable.Map$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Computes a {@link DocumentStage} with the model of the executor, a few documents ahead. */
public final class DocumentStageExec extends SparkPlan implements UnaryExecNode {
    private static final long serialVersionUID = 1L;

    private final StageTask<?, ?> task;
    private final Seq<Expression> inputs;
    private final Seq<Attribute> results;
    private final SparkPlan child;
    private transient Map<String, SQLMetric> metrics;

    /** As {@link DocumentStage} has them. */
    public DocumentStageExec(StageTask<?, ?> task, Seq<Expression> inputs, Seq<Attribute> results, SparkPlan child) {
        this.task = task;
        this.inputs = inputs;
        this.results = results;
        this.child = child;
    }

    @Override
    public RDD<InternalRow> doExecute() {
        StagePartition<?, ?> partition = StagePartition.of(task, inputs, results, child.output(), this::longMetric);
        return child.execute()
                .toJavaRDD()
                .mapPartitions(partition, /* preservesPartitioning */ true)
                .rdd();
    }

    @Override
    public synchronized Map<String, SQLMetric> metrics() {
        if (metrics == null) {
            metrics = Map$.MODULE$.from(CollectionConverters.asScala(java.util.Map.of(
                    StagePartition.ROWS,
                    SQLMetrics.createMetric(sparkContext(), "number of output rows"),
                    StagePartition.ERRORS,
                    SQLMetrics.createMetric(sparkContext(), "documents with an error"),
                    StagePartition.INPUT_TOKENS,
                    SQLMetrics.createMetric(sparkContext(), "input tokens"))));
        }
        return metrics;
    }

    @Override
    public SparkPlan child() {
        return child;
    }

    @Override
    public Seq<SparkPlan> children() {
        return ScalaLists.scala(List.of(child));
    }

    @Override
    public SparkPlan withNewChildInternal(SparkPlan newChild) {
        return new DocumentStageExec(task, inputs, results, newChild);
    }

    @Override
    public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
        return withNewChildInternal(newChildren.head());
    }

    @Override
    public Seq<Attribute> output() {
        return DocumentStage.withResults(child.output(), results);
    }

    @Override
    public AttributeSet producedAttributes() {
        return AttributeSet$.MODULE$.apply(ScalaLists.<Expression>widen(results));
    }

    @Override
    public Partitioning outputPartitioning() {
        return child.outputPartitioning();
    }

    @Override
    public Seq<SortOrder> outputOrdering() {
        return child.outputOrdering();
    }

    @Override
    public String nodeName() {
        return task.operator();
    }

    @Override
    public String argString(int maxFields) {
        return DocumentStage.describe(task, inputs, results);
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
        return other instanceof DocumentStageExec;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DocumentStageExec stage
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
