package io.github.longwing.spark.options;

/** How the rows of the input spread over tasks. */
public enum InputPartitioning {
    /**
     * A small input, and one with fewer partitions than the cluster has slots, is spread over all slots by documents.
     * To find out, Spark reads the beginning of the input once more, at most 64 rows for each slot.
     */
    BALANCED,
    /** The partitions of the input are left alone, and nothing is read twice. */
    AS_GIVEN
}
