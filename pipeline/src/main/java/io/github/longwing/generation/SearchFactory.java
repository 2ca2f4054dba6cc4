package io.github.longwing.generation;

import static io.github.longwing.config.GenerationOption.DO_SAMPLE;
import static io.github.longwing.config.GenerationOption.NUM_BEAMS;
import static io.github.longwing.config.GenerationOption.NUM_RETURN_SEQUENCES;
import static io.github.longwing.config.GenerationOption.SEED;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.error.DocumentException;
import io.github.longwing.generation.logits.LogitsProcessors;
import io.github.longwing.generation.logits.SearchInput;
import io.github.longwing.generation.logits.SentencePath;
import io.github.longwing.generation.logits.SentenceRules;
import java.util.List;

/** Starts the search for each document of a job. Immutable and thread-safe. */
public final class SearchFactory {
    private final GenerationConfig config;
    private final BigBirdPegasusConfig model;

    /**
     * Checks the settings against the model.
     *
     * @throws io.github.longwing.error.UserException if they do not fit it
     */
    public SearchFactory(GenerationConfig config, BigBirdPegasusConfig model) {
        config.checkAgainst(model);
        this.config = config;
        this.model = model;
    }

    /** The scores that {@link StepOutput} must hold: the same for every document. */
    public ScoreKind scores() {
        return config.get(NUM_BEAMS) > 1 ? ScoreKind.LOG_PROBABILITIES : ScoreKind.LOGITS;
    }

    /** The rows of every search. */
    public int rows() {
        return Math.max(
                config.get(NUM_BEAMS), config.get(NUM_RETURN_SEQUENCES)); // of which one is 1, or both are beams
    }

    /** The most tokens of a sentence that a sequence can hold beside its eos, at least 1. */
    public int sentenceRoom() {
        return Math.max(1, config.lengthLimit(1, model.maxPositionEmbeddings()) - 2);
    }

    /** The sentences that a sequence consists of, in the order in which they were written. */
    public List<Integer> sentences(SearchInput input, GeneratedSequence sequence) {
        int limit = config.lengthLimit(input.prompt().length, model.maxPositionEmbeddings());
        SentenceRules rules = SentenceRules.of(config, input.prompt().length, limit);
        int[] ids = sequence.ids().stream().mapToInt(Integer::intValue).toArray();
        return SentencePath.of(input.sentences().orElseThrow(), rules, ids, ids.length)
                .written();
    }

    /**
     * Starts the search for a document.
     *
     * @throws DocumentException if the prompt leaves no room for what is to be generated
     */
    public SearchStrategy start(SearchInput input) {
        int promptLength = input.prompt().length;
        int positions = model.maxPositionEmbeddings();
        int limit = config.lengthLimit(promptLength, positions);
        if (promptLength >= limit || limit > positions) {
            throw new DocumentException(
                    DocumentException.Kind.TextTooLong,
                    "Cannot generate: the prompt is " + promptLength + " tokens long and may grow to " + limit
                            + ", expected fewer than that and at most " + positions
                            + ", the model's positions; shorten the prompt or change max_new_tokens");
        }
        RowScorer scorer = new RowScorer(LogitsProcessors.of(config, input, limit), model.vocabSize());
        RandomStream random = new RandomStream(config.get(SEED), input.documentId());
        if (config.get(NUM_BEAMS) > 1) {
            ContinuationRule rule =
                    config.get(DO_SAMPLE) ? new ContinuationRule.Drawn(random) : new ContinuationRule.Best();
            return new BeamSearch(config, input, limit, scorer, rule);
        }
        TokenChoice choice = config.get(DO_SAMPLE) ? new TokenChoice.Drawn(random) : new TokenChoice.Best();
        return new SampleSearch(config, input, limit, scorer, choice);
    }
}
