package io.github.longwing.task.summarize;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.GenerationOption;
import io.github.longwing.config.SentenceHead;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.segmentation.Window;
import io.github.longwing.store.ModelDirectory;
import io.github.longwing.task.summarize.SourceSentences.Placed;
import java.util.List;
import java.util.Optional;

/**
 * What speaks for a sentence besides the decoder: the words of the document, and what the encoder makes of it.
 *
 * @param prior what the score by words is multiplied by
 * @param times what the head's probability is multiplied by
 */
record SentenceWeights(double prior, double times, Optional<SentenceHead> head) {

    /**
     * As the options say.
     *
     * @throws io.github.longwing.error.UserException if they ask for a head that the model does not have
     */
    static SentenceWeights of(GenerationConfig options, ModelDirectory model) {
        return new SentenceWeights(
                options.get(GenerationOption.SENTENCE_PRIOR),
                options.get(GenerationOption.SENTENCE_HEAD),
                SentenceHead.wanted(options, model.path(), model.config()));
    }

    /** The score of each token of each of the sentences of a window that was read. */
    List<Double> scores(SourceSentences sentences, List<Placed> placed, Window window, HiddenStates states) {
        if (head.isEmpty()) {
            return placed.stream()
                    .map(p -> prior * sentences.score(p.sentence()))
                    .toList();
        }
        float[] all = states.toArray();
        int begin = window.firstToken();
        return placed.stream()
                .map(p -> prior * sentences.score(p.sentence())
                        + times * head.get().probability(all, p.firstToken() - begin, p.endToken() - begin))
                .toList();
    }
}
