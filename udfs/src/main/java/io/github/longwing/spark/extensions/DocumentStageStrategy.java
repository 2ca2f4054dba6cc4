package io.github.longwing.spark.extensions;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/** Plans a {@link DocumentStage} as a {@link DocumentStageExec}. */
final class DocumentStageStrategy extends SparkStrategy {
    @Override
    public Seq<SparkPlan> apply(LogicalPlan plan) {
        return plan instanceof DocumentStage stage
                ? ScalaLists.scala(List.of(
                        new DocumentStageExec(stage.task(), stage.inputs(), stage.results(), planLater(stage.child()))))
                : ScalaLists.scala(List.of());
    }
}
