package io.github.longwing.spark.options;

import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;

/**
 * When the tasks of a run take no further documents: from a time on, or from when somebody asks for it
 * ({@code spark.executor.Stops}). Documents that are finished by then become rows, those under way are given up.
 *
 * @param run identifies the run in its JVM; null if nobody can ask
 * @param deadline by the clock of each executor's machine; null for none
 * @param marker the Hadoop path of a file whose existence tells executors in other JVMs that somebody asked; null for none
 */
public record StopSignal(String run, Instant deadline, String marker) implements Serializable {
    private static final StopSignal NONE = new StopSignal(null, null, null);

    /** Never stops. */
    public static StopSignal none() {
        return NONE;
    }

    /** Stops the tasks in this JVM when somebody asks, which is all of them in local mode. */
    public static StopSignal of(String run) {
        return new StopSignal(Objects.requireNonNull(run, "run"), null, null);
    }

    /** The same, and from this time on. */
    public StopSignal at(Instant time) {
        return new StopSignal(run, time, marker);
    }

    /** The same, and for executors in other JVMs. */
    public StopSignal watching(String markerFile) {
        return new StopSignal(run, deadline, markerFile);
    }
}
