package io.github.longwing.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.MemoryPlan;
import io.github.longwing.config.Passes;
import io.github.longwing.config.Precision;
import io.github.longwing.jobs.options.WindowPlan;
import io.github.longwing.nn.CausalChunks;
import io.github.longwing.task.LongDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside what was measured of the large model, on two cores with AVX-512. */
class EstimateTest {
    @TempDir
    private Path directory;

    private BigBirdPegasusConfig large;
    private final GenerationConfig beams5 =
            GenerationConfig.defaults().with(Map.of("num_beams", "5", "max_length", "256"));

    @BeforeEach
    void readConfig() throws IOException {
        large = config("\"d_model\": 1024");
    }

    private BigBirdPegasusConfig config(String field) throws IOException {
        return BigBirdPegasusConfig.read(Files.writeString(
                directory.resolve("config.json"),
                "{\"model_type\": \"bigbird_pegasus\", \"vocab_size\": 96103, " + field + "}"));
    }

    @Test
    void knowsTheSizeOfTheWeights() {
        // 2.3 GB on disk in float32
        assertThat(summarizing(beams5, Precision.FLOAT32).memory().weightBytes() / 1e9)
                .isCloseTo(2.3, within(0.2));
        assertThat(summarizing(beams5, Precision.INT8).memory().weightBytes() / 1e9)
                .isCloseTo(1.3, within(0.2));
    }

    @Test
    void isWithinTwiceTheTimeOfADocumentOfFullLength() {
        double seconds = summarizing(beams5, Precision.FLOAT32).time(4096, 2).toMillis() / 1000.0;

        // encoder 13.1 s and 256 steps of 90 to 115 ms
        assertThat(seconds).isBetween(18.0, 80.0);
    }

    @Test
    void growsWithLengthBeamsAndPrecision() {
        Estimate float32 = summarizing(beams5, Precision.FLOAT32);
        Estimate greedy = summarizing(beams5.with(Map.of("num_beams", "1")), Precision.FLOAT32);
        Estimate int8 = summarizing(beams5, Precision.INT8);

        assertThat(float32.memory().documentBytes(4096))
                .isGreaterThan(float32.memory().documentBytes(1024));
        assertThat(float32.memory().documentBytes(4096))
                .isGreaterThan(greedy.memory().documentBytes(4096));
        assertThat(float32.time(4096, 2)).isGreaterThan(float32.time(1024, 2)).isGreaterThan(int8.time(4096, 2));
        assertThat(float32.time(4096, 8)).isLessThan(float32.time(4096, 2));
    }

    @Test
    void knowsWhatTheOtherTasksLeaveOut() {
        Estimate summaries = summarizing(beams5, Precision.FLOAT32);
        Estimate heads = new Estimate(large, Passes.ENCODER_AND_DECODER, Optional.empty(), Precision.FLOAT32);
        Estimate vectors = new Estimate(large, Passes.ENCODER, Optional.empty(), Precision.FLOAT32);
        Estimate continuations = new Estimate(large, Passes.PROMPT_AND_STEPS, Optional.of(beams5), Precision.FLOAT32);

        assertThat(heads.memory().weightBytes()).isEqualTo(summaries.memory().weightBytes());
        assertThat(vectors.memory().weightBytes()).isLessThan(heads.memory().weightBytes());
        assertThat(continuations.memory().weightBytes())
                .isLessThan(heads.memory().weightBytes());
        assertThat(vectors.time(4096, 2)).isLessThan(heads.time(4096, 2));
        assertThat(continuations.time(100, 2)).as("no encoder").isLessThan(summaries.time(100, 2));
        assertThat(heads.memory().readingBytes(4096))
                .isGreaterThan(heads.memory().readingBytes(1024));
    }

    @Test
    void chunksTheQueriesOfADecoderAsItsGraphDoes() {
        assertThat(MemoryPlan.QUERY_CHUNK).isEqualTo(CausalChunks.QUERIES);
    }

    @Test
    void chargesCrossAttentionToTasksThatDecode() throws IOException {
        BigBirdPegasusConfig fewDecoderLayers = config("\"decoder_layers\": 1");
        Estimate all = new Estimate(large, Passes.ENCODER, Optional.empty(), Precision.FLOAT32);
        Estimate few = new Estimate(fewDecoderLayers, Passes.ENCODER, Optional.empty(), Precision.FLOAT32);

        assertThat(few.time(4096, 2))
                .as("an encoder alone, whatever the decoder")
                .isEqualTo(all.time(4096, 2));
    }

    @Test
    void knowsWhichWeightsInt8Quantizes() throws IOException {
        BigBirdPegasusConfig labels = config("\"architectures\": [\"BigBirdPegasusForSequenceClassification\"]");
        BigBirdPegasusConfig answers = config("\"architectures\": [\"BigBirdPegasusForQuestionAnswering\"]");

        // 96103 + 2 * 4096 embeddings in float32; 16 layers of 12 (encoder) and 16 (decoder) times 1024 * 1024 weights
        double embeddings = 4.0 * (96103 + 2 * 4096) * 1024;
        double layer = 16.0 * 1024 * 1024;
        assertThat((double) head(labels).memory().weightBytes())
                .isCloseTo(embeddings + layer * (4 * 12 + 4 * 8 + 8), withinPercentage(0.1));
        assertThat((double) head(answers).memory().weightBytes())
                .isCloseTo(embeddings + layer * (4 * 4 + 8 + 4 * 8 + 8), withinPercentage(0.1));
        assertThat((double) summarizing(beams5, Precision.INT8).memory().weightBytes())
                .isCloseTo(embeddings + layer * (4 * 2 + 10 + 4 * 4 + 12) + 96103.0 * 1024, withinPercentage(0.1));
    }

    private static Estimate head(BigBirdPegasusConfig config) {
        return new Estimate(config, Passes.ENCODER_AND_DECODER, Optional.empty(), Precision.INT8);
    }

    @Test
    void reckonsWithTheWindowsOfALongDocument() {
        WindowPlan cut = new WindowPlan(LongDocuments.TRUNCATE, 100, 0, 0);
        WindowPlan windows = new WindowPlan(LongDocuments.WINDOWS, 100, 9, 0);
        WindowPlan levels = new WindowPlan(LongDocuments.HIERARCHICAL, 100, 0, 20);

        assertThat(cut.count(1000)).isEqualTo(1);
        assertThat(cut.runs(1000)).containsExactly(100);
        assertThat(windows.count(100)).isEqualTo(1);
        assertThat(windows.count(101)).isEqualTo(2);
        // 99 tokens and an eos, then 90 new ones in each
        assertThat(windows.count(100 + 2 * 90)).isEqualTo(3);
        assertThat(windows.runs(100 + 90 + 5)).containsExactly(100, 100, 15);
        // ten windows, 201 tokens of summaries in three, 61 in one
        assertThat(levels.runs(991).boxed()).hasSize(10 + 3 + 1).endsWith(61);
    }

    private Estimate summarizing(GenerationConfig generation, Precision precision) {
        return new Estimate(large, Passes.ENCODER_AND_STEPS, Optional.of(generation), precision);
    }
}
