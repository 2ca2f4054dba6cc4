package io.github.longwing.jobs.output;

import org.apache.spark.sql.SaveMode;

/** What happens where the output exists already; named as Spark's writers name it. */
public enum OutputMode {
    /** Completes the output of the same run, or writes a new one. */
    RESUME(SaveMode.ErrorIfExists),
    ERROR(SaveMode.ErrorIfExists),
    APPEND(SaveMode.Append),
    OVERWRITE(SaveMode.Overwrite),
    IGNORE(SaveMode.Ignore);

    private final SaveMode saveMode;

    OutputMode(SaveMode saveMode) {
        this.saveMode = saveMode;
    }

    public SaveMode saveMode() {
        return saveMode;
    }
}
