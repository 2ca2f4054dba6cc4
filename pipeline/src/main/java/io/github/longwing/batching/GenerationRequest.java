package io.github.longwing.batching;

import io.github.longwing.generation.SearchStrategy;
import io.github.longwing.runtime.Cancellation;

/**
 * One document, or one window of a document, to generate from.
 *
 * @param document for the round-robin queue: a document's windows share one
 * @param inputIds the encoder's input with the eos, or the prompt of a decoder without encoder; at most as many as the
 *     model has positions
 * @param rows that the search will have
 * @param start begins a new search, for this document alone
 * @param cancellation ends the document's work at any stage
 */
public record GenerationRequest(
        FairnessKey document, int[] inputIds, int rows, SearchStart start, Cancellation cancellation) {

    /** A document in one piece, by a search that does not depend on what is read. */
    public GenerationRequest(int[] inputIds, SearchStrategy search, Cancellation cancellation) {
        this(new FairnessKey(), inputIds, search.rows(), states -> search, cancellation);
    }
}
