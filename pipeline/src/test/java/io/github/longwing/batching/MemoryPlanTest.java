package io.github.longwing.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.MemoryPlan;
import io.github.longwing.config.Passes;
import io.github.longwing.config.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The large model: 16 layers on each side, d 1024, feed-forward 4096, 96,103 tokens in the vocabulary. */
class MemoryPlanTest {
    private static final double SQUARE = 1024.0 * 1024;

    @TempDir
    private Path directory;

    private final GenerationConfig beams5 =
            GenerationConfig.defaults().with(Map.of("num_beams", "5", "max_length", "257"));
    private BigBirdPegasusConfig large;

    @BeforeEach
    void readConfig() throws IOException {
        large = BigBirdPegasusConfig.read(
                Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"bigbird_pegasus\"}"));
    }

    @Test
    void packsTheDecoderAndTheVocabularyForEachExecutor() {
        // per layer 6 attention projections that steps use, and 8 d * d of feed-forward
        assertThat((double) summarizing(Precision.FLOAT32).packedBytes())
                .isCloseTo(4 * (16 * 14 * SQUARE + 96103 * 1024.0), within(1.0));
        assertThat((double) summarizing(Precision.INT8).packedBytes())
                .isCloseTo(16 * (4 * 3 + 3 + 8) * SQUARE + 96103 * 1024.0, within(1.0));
    }

    @Test
    void mapsTheEncoderTheEmbeddingsAndTheProjectionsOfCrossAttention() {
        assertThat((double) summarizing(Precision.FLOAT32).mappedBytes())
                .isCloseTo(4 * (16 * (12 + 2) * SQUARE + (96103 + 2 * 4096) * 1024.0), within(1.0));
        MemoryPlan embedding = new MemoryPlan(large, Precision.FLOAT32, Passes.ENCODER, Optional.empty());
        assertThat(embedding.packedBytes()).isZero();
        assertThat(embedding.documentBytes(4096)).as("in the decoder").isZero();
    }

    @Test
    void keepsKeysAndValuesOfSourceAndOutputForADocument() {
        long token = 2 * 4 * 16 * 1024;
        assertThat(summarizing(Precision.INT8).documentBytes(4096)).isEqualTo(token * (4096 + 5 * (256 + 32)));
    }

    /**
     * The peaks of docs/performance.md besides the heap, each of a fresh process with one document, 5 beams and random weights;
     * of classification and question answering with the large shape about 0.4 GB of heap are taken off.
     * The base shape has 6 layers on each side, d 512, feed-forward 2048 and 32,003 tokens in the vocabulary.
     */
    @ParameterizedTest
    @CsvSource({
        "large, BigBirdPegasusForConditionalGeneration, ENCODER_AND_STEPS, FLOAT32, 4096, 16, 3518e6",
        "large, BigBirdPegasusForConditionalGeneration, ENCODER, FLOAT32, 4096, 0, 1754e6",
        "large, BigBirdPegasusForConditionalGeneration, ENCODER, INT8, 4096, 0, 1373e6",
        "large, BigBirdPegasusForSequenceClassification, ENCODER_AND_DECODER, FLOAT32, 4096, 0, 3490e6",
        "large, BigBirdPegasusForQuestionAnswering, ENCODER_AND_DECODER, FLOAT32, 4096, 0, 3480e6",
        "large, BigBirdPegasusForCausalLM, PROMPT_AND_STEPS, FLOAT32, 3840, 16, 3976e6",
        "large, BigBirdPegasusForCausalLM, PROMPT_AND_STEPS, INT8, 3840, 16, 2712e6",
        "base, BigBirdPegasusForConditionalGeneration, ENCODER_AND_STEPS, FLOAT32, 4096, 64, 748e6",
        "base, BigBirdPegasusForConditionalGeneration, ENCODER_AND_STEPS, FLOAT32, 64, 64, 526e6",
        "base, BigBirdPegasusForConditionalGeneration, ENCODER_AND_STEPS, INT8, 4096, 64, 607e6",
        "base, BigBirdPegasusForSequenceClassification, ENCODER_AND_DECODER, FLOAT32, 4096, 0, 851e6",
        "base, BigBirdPegasusForSequenceClassification, ENCODER_AND_DECODER, FLOAT32, 2048, 0, 654e6",
        "base, BigBirdPegasusForSequenceClassification, ENCODER_AND_DECODER, INT8, 4096, 0, 801e6",
        "base, BigBirdPegasusForQuestionAnswering, ENCODER_AND_DECODER, FLOAT32, 4096, 0, 855e6",
        "base, BigBirdPegasusForQuestionAnswering, ENCODER_AND_DECODER, INT8, 4096, 0, 779e6",
        "base, BigBirdPegasusForCausalLM, PROMPT_AND_STEPS, FLOAT32, 3840, 64, 967e6",
        "base, BigBirdPegasusForCausalLM, PROMPT_AND_STEPS, INT8, 3840, 64, 816e6",
        "base, BigBirdPegasusModel, ENCODER, FLOAT32, 4096, 0, 518e6",
        "base, BigBirdPegasusModel, ENCODER, INT8, 4096, 0, 540e6",
        "base, BigBirdPegasusModel, ENCODER, FLOAT32, 1024, 0, 342e6"
    })
    void isCloseToTheMeasuredPeaksOfEveryTask(
            String shape,
            String architecture,
            Passes passes,
            Precision precision,
            int tokens,
            int newTokens,
            double measured)
            throws IOException {
        Optional<GenerationConfig> generation = passes.hasSteps()
                ? Optional.of(GenerationConfig.defaults()
                        .with(Map.of("num_beams", "5", "max_new_tokens", Integer.toString(newTokens))))
                : Optional.empty();
        MemoryPlan plan = new MemoryPlan(config(shape, architecture), precision, passes, generation);

        assertThat((double) plan.executorBytes(tokens, 1)).isBetween(measured * 0.85, measured * 1.15);
    }

    private BigBirdPegasusConfig config(String shape, String architecture) throws IOException {
        String sizes = shape.equals("large")
                ? ""
                : ", \"vocab_size\": 32003, \"d_model\": 512, \"encoder_layers\": 6, \"decoder_layers\": 6,"
                        + " \"encoder_attention_heads\": 8, \"decoder_attention_heads\": 8,"
                        + " \"encoder_ffn_dim\": 2048, \"decoder_ffn_dim\": 2048";
        return BigBirdPegasusConfig.read(Files.writeString(
                directory.resolve("shape.json"),
                "{\"model_type\": \"bigbird_pegasus\", \"architectures\": [\"" + architecture + "\"]" + sizes + "}"));
    }

    @Test
    void moreMemoryHoldsMoreDocumentsInTheDecoder() {
        MemoryPlan plan = summarizing(Precision.FLOAT32);
        long one = plan.executorBytes(4096, 1);

        assertThat(documentsOf4096(plan, one))
                .as("the one that is admitted alone")
                .isLessThan(2);
        assertThat(documentsOf4096(plan, one + plan.readingBytes(4096) + 4 * plan.documentBytes(4096)))
                .isGreaterThanOrEqualTo(4);
    }

    private static long documentsOf4096(MemoryPlan plan, long nativeBytes) {
        MemoryPool memory = new MemoryPool(nativeBytes - MemoryPlan.PROCESS_BYTES);
        memory.take(plan.modelBytes(4096));
        return memory.free() / EngineLimits.of(plan, memory).bytes(4096, 5);
    }

    private MemoryPlan summarizing(Precision precision) {
        return new MemoryPlan(large, precision, Passes.ENCODER_AND_STEPS, Optional.of(beams5));
    }
}
