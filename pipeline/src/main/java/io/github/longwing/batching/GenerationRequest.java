package io.github.longwing.batching;

import io.github.longwing.generation.SearchStrategy;
import io.github.longwing.runtime.Cancellation;

/**
 * One document, or one window of a document, to generate from.
 *
 * @param document whose turn it is: a document's windows share one
 * @param inputIds what the encoder reads, with the eos, or the prompt of a decoder without encoder; at most as many as
 *     the model has positions
 * @param search fresh, for this document alone
 * @param cancellation ends the document's work wherever it is
 */
public record GenerationRequest(
        FairnessKey document, int[] inputIds, SearchStrategy search, Cancellation cancellation) {

    /** A document in one piece. */
    public GenerationRequest(int[] inputIds, SearchStrategy search, Cancellation cancellation) {
        this(new FairnessKey(), inputIds, search, cancellation);
    }
}
