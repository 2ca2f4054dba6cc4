package io.github.longwing.batching;

import io.github.longwing.generation.SearchStrategy;
import io.github.longwing.runtime.HiddenStates;
import java.util.Optional;

/** Begins the search for a document that has been read. */
@FunctionalInterface
public interface SearchStart {
    /**
     * On the engine's thread.
     *
     * @param states of the encoder, closed after the call; empty for a model without encoder
     * @throws io.github.longwing.error.DocumentException if there can be no search for this document
     */
    SearchStrategy search(Optional<HiddenStates> states);
}
