package io.github.longwing.generation;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.error.DocumentException;
import io.github.longwing.generation.logits.LogitsProcessors;
import io.github.longwing.generation.logits.SearchInput;

/** Begins the search for each document of a job. Immutable and thread-safe. */
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
        return config.numBeams() > 1 ? ScoreKind.LOG_PROBABILITIES : ScoreKind.LOGITS;
    }

    /** Rows of the decoder that each document occupies. */
    public int rowsPerDocument() {
        return Math.max(config.numBeams(), config.numReturnSequences());
    }

    /**
     * Begins with a document.
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
        RandomStream random = new RandomStream(config.seed(), input.documentId());
        if (config.numBeams() > 1) {
            ContinuationRule rule = config.doSample() ? new DrawnContinuations(random) : new BestContinuations();
            return new BeamSearch(config, input, limit, scorer, rule);
        }
        TokenChoice choice = config.doSample() ? new DrawnToken(random) : new BestToken();
        return new SampleSearch(config, input, limit, scorer, choice);
    }
}
