package io.github.longwing.batching;

import io.github.longwing.generation.SearchStrategy;
import io.github.longwing.runtime.Cancellation;

/**
 * One document to generate from.
 *
 * @param inputIds what the encoder reads, with the eos, or the prompt of a decoder without encoder; at most as many as
 *     the model has positions
 * @param search fresh, for this document alone
 * @param cancellation ends the document's work wherever it is
 */
public record GenerationRequest(int[] inputIds, SearchStrategy search, Cancellation cancellation) {}
