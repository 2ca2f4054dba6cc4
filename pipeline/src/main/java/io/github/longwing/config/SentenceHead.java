package io.github.longwing.config;

import io.github.longwing.error.UserException;
import io.github.longwing.io.JsonFields;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What a model for summaries makes of the encoder's states of a sentence: the probability that the sentence belongs
 * into a summary, by logistic regression on the mean of its states. transformers knows no such head, so its numbers
 * stand in generation_config.json. Immutable.
 */
public final class SentenceHead {
    private static final String WEIGHT = "sentence_head_weight";
    private static final String BIAS = "sentence_head_bias";

    static final Set<String> NAMES = Set.of(WEIGHT, BIAS);

    private final double[] weight; // [H]
    private final double bias;

    private SentenceHead(double[] weight, double bias) {
        this.weight = weight;
        this.bias = bias;
    }

    /**
     * The head that options ask for; empty where they do not.
     *
     * @throws UserException if the model's generation_config.json has none, or one of another size or not of numbers
     */
    public static Optional<SentenceHead> wanted(
            GenerationConfig options, Path modelDirectory, BigBirdPegasusConfig model) {
        double times = options.get(GenerationOption.SENTENCE_HEAD);
        if (times == 0 || !options.get(GenerationOption.EXTRACTIVE)) {
            return Optional.empty();
        }
        Optional<SentenceHead> head =
                GenerationConfigFiles.own(modelDirectory).flatMap(json -> read(json, model.dModel()));
        if (head.isEmpty()) {
            throw new UserException("Cannot summarize: sentence_head is " + times + ", expected 0, since the model's"
                    + " generation_config.json has no " + WEIGHT + "; leave sentence_head out");
        }
        return head;
    }

    private static Optional<SentenceHead> read(JsonFields json, int size) {
        return json.findDoubles(WEIGHT).map(weight -> {
            if (weight.size() != size) {
                throw json.unexpected(
                        WEIGHT, "a list of " + weight.size(), "as many numbers as d_model in config.json, " + size);
            }
            return new SentenceHead(
                    weight.stream().mapToDouble(Double::doubleValue).toArray(),
                    json.findDouble(BIAS).orElse(0.0));
        });
    }

    /**
     * The probability of one sentence.
     *
     * @param states [tokens, H]
     * @param firstToken of the sentence
     * @param endToken after its last one
     */
    public double probability(float[] states, int firstToken, int endToken) {
        double sum = 0;
        for (int token = firstToken; token < endToken; token++) {
            for (int i = 0; i < weight.length; i++) {
                sum += weight[i] * states[token * weight.length + i];
            }
        }
        return 1 / (1 + Math.exp(-bias - sum / (endToken - firstToken)));
    }
}
