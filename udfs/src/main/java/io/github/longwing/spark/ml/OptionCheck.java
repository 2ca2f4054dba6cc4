package io.github.longwing.spark.ml;

import io.github.longwing.spark.sql.TaskRequest;
import io.github.longwing.spark.task.OptionTexts;
import io.github.longwing.spark.task.SparkTask;
import java.io.Serializable;
import java.util.Map;
import scala.runtime.AbstractFunction1;

/** Whether a value is allowed for an option; refuses it with the sentence of the option, which says more than no. */
final class OptionCheck<V> extends AbstractFunction1<V, Object> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final SparkTask<?, ?> task;
    private final String key;

    OptionCheck(SparkTask<?, ?> task, String key) {
        this.task = task;
        this.key = key;
    }

    @Override
    public Object apply(V value) {
        Serializable unused =
                TaskRequest.check(task, OptionTexts.of(Map.of(key, String.valueOf(value)), TaskRequest.keys(task)));
        return true;
    }
}
