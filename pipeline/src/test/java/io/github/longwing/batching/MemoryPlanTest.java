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

    /** The peaks of docs/benchmarks.md, for one document of 4,096 tokens: about 0.4 GB of each are heap. */
    @ParameterizedTest
    @CsvSource({
        "FLOAT32, ENCODER_AND_STEPS, 4.31e9",
        "INT8, ENCODER_AND_STEPS, 2.69e9",
        "FLOAT32, ENCODER_AND_DECODER, 3.89e9"
    })
    void isCloseToTheMeasuredPeaksOfTheLargeModel(Precision precision, Passes passes, double measured) {
        double heap = 0.4e9;
        Optional<GenerationConfig> generation =
                passes == Passes.ENCODER_AND_STEPS ? Optional.of(beams5) : Optional.empty();

        assertThat(new MemoryPlan(large, precision, passes, generation).executorBytes(4096, 1) + heap)
                .isBetween(measured * 0.85, measured * 1.15);
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
        assertThat(EngineLimits.of(plan, 1).documentBytes()).as("too little").isEqualTo(1);
    }

    private static long documentsOf4096(MemoryPlan plan, long nativeBytes) {
        EngineLimits limits = EngineLimits.of(plan, nativeBytes);
        return limits.documentBytes() / limits.bytes(4096, 5);
    }

    private MemoryPlan summarizing(Precision precision) {
        return new MemoryPlan(large, precision, Passes.ENCODER_AND_STEPS, Optional.of(beams5));
    }
}
