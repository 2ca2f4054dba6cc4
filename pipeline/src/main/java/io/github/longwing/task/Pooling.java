package io.github.longwing.task;

/** How the results of a document's windows are combined. */
public enum Pooling {
    /** The mean of the windows, each weighted by its tokens. */
    MEAN,
    /** The element-wise maximum of the windows. */
    MAX
}
