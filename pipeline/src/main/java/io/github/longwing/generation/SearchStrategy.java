package io.github.longwing.generation;

import java.util.List;

/**
 * The search for the texts of one document, as a state machine between steps of the decoder: feed {@link #tokens()},
 * each row continuing the row of {@link #parents()}, and pass the scores to {@link #advance}, until
 * {@link #isFinished()}. Its result depends on the scores of its own rows alone.
 *
 * <p>Not thread-safe; holds no native memory.
 */
public sealed interface SearchStrategy permits BeamSearch, SampleSearch {

    /** Rows of the decoder that the document occupies in every step: its beams, or the texts drawn. */
    int rows();

    /** The token that each row feeds next; before the first step the last one of the prompt. */
    int[] tokens();

    /** The row of the previous step that each row continues; before the first step its own index. */
    int[] parents();

    /**
     * Processes the scores of one step.
     *
     * @throws io.github.longwing.error.DocumentException if the model gave a number that is not finite, or if the
     *     options ban every token that could be drawn
     */
    void advance(StepOutput output);

    boolean isFinished();

    /** The results, best first, as many as {@code num_return_sequences}; only when finished. */
    List<GeneratedSequence> sequences();
}
