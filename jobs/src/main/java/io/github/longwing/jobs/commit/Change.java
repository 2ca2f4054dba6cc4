package io.github.longwing.jobs.commit;

/** What a run is to change in an output that earlier ones have made, besides adding what is missing. */
public enum Change {
    /** The input may differ from before: rows of changed documents are replaced. */
    INPUTS,
    /** Rows with an error are computed again. */
    ERRORS,
    /** Rows of documents that the input has no more are removed. */
    GONE
}
