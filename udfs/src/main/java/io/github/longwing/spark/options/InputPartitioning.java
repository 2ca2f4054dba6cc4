package io.github.longwing.spark.options;

/** How the rows of the input are distributed over tasks. */
public enum InputPartitioning {
    /**
     * The documents of a small input, or of one with fewer partitions than the cluster has slots, are distributed over all
     * slots. To find out, Spark reads the beginning of the input once more, at most 64 rows for each slot.
     */
    BALANCED,
    /** The partitions of the input stay as they are, and nothing is read twice. */
    AS_GIVEN
}
