package io.github.longwing.spark.extensions;

import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.spark.task.SparkTasks;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple3;
import scala.runtime.BoxedUnit;

/**
 * Gives every session {@code longwing_summarize}, {@code longwing_classify}, {@code longwing_answer},
 * {@code longwing_generate} and {@code longwing_embed}, as functions of rows and of tables. Spark finds it by itself where
 * the jar is on the class path when the session starts; where it is not, {@code spark.sql.extensions} names it.
 */
public final class LongwingExtensions implements SparkSessionExtensionsProvider {
    private static final Logger LOG = LoggerFactory.getLogger(LongwingExtensions.class);

    /** For Spark, which calls it by the name of the class. */
    public LongwingExtensions() {}

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        try {
            SparkTasks.all().forEach(task -> inject(extensions, task));
            extensions.injectPostHocResolutionRule(session -> new StageRule(new ExtractCalls(session)::apply));
            extensions.injectCheckRule(session -> plan -> {
                LogicalPlan unused = new StageRule(ExtractCalls::checked).apply(plan);
                return BoxedUnit.UNIT;
            });
            extensions.injectOptimizerRule(session -> new StageRule(new PruneStages(session)::apply));
            extensions.injectPreCBORule(session -> new StageRule(new SpreadStages(session)::apply));
            extensions.injectPlannerStrategy(session -> new DocumentStageStrategy());
        } catch (LinkageError e) {
            // a platform whose Spark differs inside must not lose its session for that
            LOG.warn("This Spark does not take the SQL functions of Longwing; its jobs and transformations work", e);
        }
        return BoxedUnit.UNIT;
    }

    private static void inject(SparkSessionExtensions extensions, SparkTask<?, ?> task) {
        FunctionIdentifier name = new FunctionIdentifier(task.sqlFunction());
        ExpressionInfo info = new ExpressionInfo(
                TaskCall.class.getName(),
                /* database */ null,
                task.sqlFunction(),
                TaskCall.synopsis(task) + " - see docs/sql.md of Longwing.",
                /* arguments */ "",
                /* examples */ "",
                "\n      As a table function: " + task.sqlFunction() + "(TABLE(documents), 'text').\n  ",
                /* group */ "",
                /* since */ "",
                /* deprecated */ "",
                /* source */ "");
        extensions.injectFunction(new Tuple3<>(name, info, arguments -> TaskCall.of(task, arguments)));
        extensions.injectTableFunction(new Tuple3<>(name, info, arguments -> new TableFunction<>(task).of(arguments)));
    }
}
