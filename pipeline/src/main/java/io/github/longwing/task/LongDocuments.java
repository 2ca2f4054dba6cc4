package io.github.longwing.task;

/** What becomes of a document that is longer than the model, or than the limit of its user. */
public enum LongDocuments {
    /** Its end is left out; when generating, its beginning. */
    TRUNCATE,
    /** It is read in windows, whose results are put together. */
    WINDOWS,
    /** Summaries of windows are summarized again until they fit into one window. */
    HIERARCHICAL
}
