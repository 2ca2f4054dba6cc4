package io.github.longwing.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.MemoryPlan;
import io.github.longwing.config.Passes;
import io.github.longwing.config.Precision;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.executor.MemoryBudget;
import io.github.longwing.spark.executor.MemoryBudget.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job says of memory before it starts, for the large model with 5 beams. */
class MemoryCheckTest {
    @TempDir
    private Path directory;

    private MemoryPlan plan;

    @BeforeEach
    void readConfig() throws IOException {
        BigBirdPegasusConfig large = BigBirdPegasusConfig.read(
                Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"bigbird_pegasus\"}"));
        GenerationConfig beams5 = GenerationConfig.defaults().with(Map.of("num_beams", "5", "max_length", "257"));
        plan = new MemoryPlan(large, Precision.FLOAT32, Passes.ENCODER_AND_STEPS, Optional.of(beams5));
    }

    @Test
    void saysWhatIsNeededAndForHowManyWindowsThereIsRoom() {
        assertThat(check(8, Origin.SETTING).sentence())
                .isEqualTo(
                        "Memory of an executor besides its heap, roughly: 3.67 GB for one window of 4,096 tokens at a"
                                + " time, of which 1.37 GB are weights that the executors of a host share, 1.33 GB weights of its"
                                + " own and 0.73 GB for the window, and 0.73 GB for each further one; it has 8.59 GB"
                                + " (spark.longwing.memory), room for 7 windows at once");
    }

    @Test
    void suggestsTheOverheadWhereThereIsLess() {
        assertThat(check(3, Origin.OVERHEAD).sentence())
                .endsWith("it has 3.22 GB (spark.executor.memoryOverhead), less than that; give it --conf"
                        + " spark.executor.memoryOverhead=4g");
        assertThatCode(() -> check(3, Origin.OVERHEAD).require("summarize"))
                .as("mapped weights need not stay in memory")
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAnExecutorThatCannotHoldTheModelWithTheFigures() {
        assertThatThrownBy(() -> check(1, Origin.OVERHEAD).require("summarize"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot summarize: an executor has 1.07 GB of memory besides its heap"
                        + " (spark.executor.memoryOverhead), expected at least 2.06 GB for this model and windows of 4,096"
                        + " tokens; give it --conf spark.executor.memoryOverhead=4g");
    }

    private MemoryCheck check(long gibibytes, Origin origin) {
        return new MemoryCheck(plan, 4096, new MemoryBudget(gibibytes << 30, origin));
    }
}
