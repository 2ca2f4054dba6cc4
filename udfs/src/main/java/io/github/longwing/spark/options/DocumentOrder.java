package io.github.longwing.spark.options;

/** In which order the documents of a task are begun. */
public enum DocumentOrder {
    /** As Spark gives them. */
    AS_GIVEN,
    /** Those with the longest texts first, so that no long one is left alone at the end. */
    LONGEST_FIRST
}
