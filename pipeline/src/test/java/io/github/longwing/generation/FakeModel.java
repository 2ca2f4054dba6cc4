package io.github.longwing.generation;

import io.github.longwing.config.Activation;
import io.github.longwing.config.Architecture;
import io.github.longwing.config.AttentionType;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.Labels;
import io.github.longwing.config.ProblemType;
import io.github.longwing.generation.logits.SearchInput;
import io.github.longwing.generation.logits.Softmax;
import java.util.List;

/** A language model that is a function of the tokens before the next one; make_goldens.py has the same. */
record FakeModel(long seed, int vocabSize, double eosBonus) {
    private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;
    private static final int EOS = 1;

    static FakeModel of(long seed, int vocabSize) {
        return new FakeModel(seed, vocabSize, 0);
    }

    float[] logits(List<Integer> ids) {
        long whole = RandomStream.mix64(seed);
        for (int token : ids) {
            whole = RandomStream.mix64((whole ^ (token + 1)) * GOLDEN_GAMMA);
        }
        long bigram = RandomStream.mix64(seed + (ids.get(ids.size() - 1) + 1) * GOLDEN_GAMMA);
        float[] logits = new float[vocabSize];
        for (int token = 0; token < vocabSize; token++) {
            long step = (token + 1) * GOLDEN_GAMMA;
            long a = (RandomStream.mix64(bigram + step) >>> 44) - (1 << 19);
            long b = (RandomStream.mix64(whole + step) >>> 44) - (1 << 19);
            logits[token] = (float) ((a * 4 + b) * 0x1p-19 + (token == EOS ? eosBonus : 0));
        }
        return logits;
    }

    float[] logProbabilities(List<Integer> ids) {
        float[] scores = logits(ids);
        Softmax.toLogProbabilities(scores);
        return scores;
    }

    /** A model of this vocabulary, as far as generation looks at it. */
    BigBirdPegasusConfig config(int maxPositions) {
        return new BigBirdPegasusConfig(
                Architecture.CONDITIONAL_GENERATION,
                vocabSize,
                8,
                1,
                1,
                1,
                1,
                8,
                8,
                Activation.RELU,
                maxPositions,
                true,
                false,
                AttentionType.BLOCK_SPARSE,
                16,
                3,
                0,
                1,
                2,
                true,
                new Labels(List.of("label"), ProblemType.REGRESSION));
    }

    List<GeneratedSequence> generate(GenerationConfig config, SearchInput input) {
        return generate(config, input, 0);
    }

    /** The same, behind the rows of other documents, of which one more comes with each step. */
    List<GeneratedSequence> generate(GenerationConfig config, SearchInput input, int rowsBefore) {
        SearchFactory factory = new SearchFactory(config, config(4096));
        Decoding decoding = new Decoding(this, factory, input);
        for (int step = 0; !decoding.search().isFinished(); step++) {
            decoding.advance(rowsBefore + step);
        }
        return decoding.search().sequences();
    }
}
