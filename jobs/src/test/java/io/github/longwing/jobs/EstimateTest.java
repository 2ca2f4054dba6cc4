package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
        large = BigBirdPegasusConfig.read(Files.writeString(
                directory.resolve("config.json"),
                "{\"model_type\": \"bigbird_pegasus\", \"vocab_size\": 96103, \"d_model\": 1024}"));
    }

    @Test
    void knowsTheSizeOfTheWeights() {
        // 2.3 GB on disk in float32
        assertThat(new Estimate(large, beams5, Precision.FLOAT32).weightBytes() / 1e9)
                .isCloseTo(2.3, within(0.2));
        assertThat(new Estimate(large, beams5, Precision.INT8).weightBytes() / 1e9)
                .isCloseTo(0.9, within(0.2));
    }

    @Test
    void isWithinTwiceTheTimeOfADocumentOfFullLength() {
        double seconds =
                new Estimate(large, beams5, Precision.FLOAT32).time(4096, 2).toMillis() / 1000.0;

        // encoder 13.1 s and 256 steps of 90 to 115 ms
        assertThat(seconds).isBetween(18.0, 80.0);
    }

    @Test
    void growsWithLengthBeamsAndPrecision() {
        Estimate float32 = new Estimate(large, beams5, Precision.FLOAT32);
        Estimate greedy = new Estimate(large, beams5.with(Map.of("num_beams", "1")), Precision.FLOAT32);
        Estimate int8 = new Estimate(large, beams5, Precision.INT8);

        assertThat(float32.documentBytes(4096)).isGreaterThan(float32.documentBytes(1024));
        assertThat(float32.documentBytes(4096)).isGreaterThan(greedy.documentBytes(4096));
        assertThat(float32.time(4096, 2)).isGreaterThan(float32.time(1024, 2)).isGreaterThan(int8.time(4096, 2));
        assertThat(float32.time(4096, 8)).isLessThan(float32.time(4096, 2));
    }
}
