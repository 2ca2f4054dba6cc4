package io.github.longwing.spark.options;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * What keeps one document from harming the others: a time limit, and careful mode, in which an executor runs each document
 * alone and first leaves a marker, so that a document that ends the process is known afterwards.
 *
 * @param documentTimeout how long the model may work on a document, the time in which it works on others not counted;
 *     null for any time
 * @param grace how long the native run of such a document may take to end; after it the model counts as stuck
 * @param care which tasks are careful
 * @param carefulPartitions those of partitions with a lower number are careful, too
 * @param markers a directory on storage that all executors share, a Hadoop path; null for no careful mode
 */
public record Isolation(Duration documentTimeout, Duration grace, Care care, int carefulPartitions, String markers)
        implements Serializable {
    /** A native run looks at its terminate flag a fraction of a second apart, even on the largest model. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final Isolation NONE = new Isolation(null, GRACE, Care.ON_RETRY, 0, null);

    /** Which tasks are careful. */
    public enum Care {
        /** Those whose earlier attempt failed. */
        ON_RETRY,
        /** All tasks, for what an earlier run or process left behind. */
        ALWAYS
    }

    public Isolation {
        Objects.requireNonNull(grace, "grace");
        Objects.requireNonNull(care, "care");
        requirePositive("documentTimeout", documentTimeout);
        requirePositive("grace", grace);
    }

    /** No time limit and no careful mode. */
    public static Isolation none() {
        return NONE;
    }

    /** The same with a time limit. */
    public Isolation withTimeout(Duration limit) {
        return new Isolation(limit, grace, care, carefulPartitions, markers);
    }

    /** The same with careful mode. */
    public Isolation withMarkers(String directory, Care careful) {
        return new Isolation(
                documentTimeout, grace, careful, carefulPartitions, Objects.requireNonNull(directory, "directory"));
    }

    /** The same with other tasks that are careful. */
    public Isolation withCare(Care careful) {
        return new Isolation(documentTimeout, grace, careful, carefulPartitions, markers);
    }

    /** The same with tasks that are careful for the partitions below this number. */
    public Isolation withCarefulPartitions(int below) {
        return new Isolation(documentTimeout, grace, care, below, markers);
    }

    private static void requirePositive(String name, Duration time) {
        if (time != null && (time.isZero() || time.isNegative())) {
            throw new IllegalArgumentException(name + " is " + time + ", expected more than 0");
        }
    }
}
