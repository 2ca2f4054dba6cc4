package io.github.longwing.task;

/** How the windows of a document become one result. */
public enum Pooling {
    /** The mean of the windows, each weighted by its tokens. */
    MEAN,
    /** The largest of all windows, number by number. */
    MAX
}
