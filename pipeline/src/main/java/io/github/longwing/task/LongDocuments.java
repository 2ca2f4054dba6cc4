package io.github.longwing.task;

/** How a document is read that is longer than the positions of the model, or than the limit that is set. */
public enum LongDocuments {
    /** Its end is not read; when generating, its beginning. */
    TRUNCATE,
    /** It is read in windows, whose results are combined. */
    WINDOWS,
    /** Summaries of windows are summarized again until they fit into one window. */
    HIERARCHICAL
}
