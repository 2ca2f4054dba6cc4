package io.github.longwing.spark.task;

import java.util.List;

/** All tasks, in the order of the help; SQL has a function for each. */
public final class SparkTasks {
    private static final List<SparkTask<?, ?>> ALL = List.of(
            SummaryColumns.TASK,
            ClassificationColumns.TASK,
            AnswerColumns.TASK,
            ContinuationColumns.TASK,
            EmbeddingColumns.TASK);

    private SparkTasks() {}

    public static List<SparkTask<?, ?>> all() {
        return ALL;
    }
}
