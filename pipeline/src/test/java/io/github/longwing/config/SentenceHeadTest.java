package io.github.longwing.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.longwing.error.UserException;
import io.github.longwing.fixture.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The head for sentences that stands in a model's generation_config.json. */
class SentenceHeadTest {
    private static final BigBirdPegasusConfig MODEL =
            BigBirdPegasusConfig.read(Goldens.goldens("summarization").resolve("config.json"));
    private static final int SIZE = MODEL.dModel();

    @TempDir
    private Path directory;

    @Test
    void isLogisticRegressionOnTheMeanStateOfASentence() throws IOException {
        write(weights(SIZE), "-0.5");
        float[] states = new float[4 * SIZE];
        states[SIZE] = 3; // the weight of it is 1, of the next 2, ...
        states[2 * SIZE + 1] = 0.5f;

        SentenceHead head = wanted("1.5").orElseThrow();

        assertThat(head.probability(states, 1, 3)).isCloseTo(sigmoid((3 + 0.5 * 2) / 2 - 0.5), within(1e-12));
        assertThat(head.probability(states, 2, 3)).isCloseTo(sigmoid(0.5 * 2 - 0.5), within(1e-12));
        assertThat(head.probability(states, 0, 1)).isCloseTo(sigmoid(-0.5), within(1e-12));
    }

    @Test
    void isWantedWhereItHasAWeightInAnExtractiveSummary() throws IOException {
        write(weights(SIZE), "0");

        assertThat(wanted("0")).isEmpty();
        assertThat(wanted("2")).isPresent();
        assertThat(SentenceHead.wanted(
                        GenerationConfig.read(directory).with(Map.of("sentence_head", "2", "extractive", "false")),
                        directory,
                        MODEL))
                .isEmpty();
    }

    @Test
    void mustBeThereWhereItIsWanted() throws IOException {
        write("null", "null");

        assertThatThrownBy(() -> wanted("2"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot summarize: sentence_head is 2.0, expected 0, since the model's"
                        + " generation_config.json has no sentence_head_weight; leave sentence_head out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1, 2, 3] | 0 | sentence_head_weight is a list of 3, expected as many numbers as d_model",
                "[1, \"2\"] | 0 | sentence_head_weight is [1,\"2\"], expected a list of finite numbers",
                "[1, 1e999] | 0 | sentence_head_weight is [1,1e999], expected a list of finite numbers",
                "7 | 0 | sentence_head_weight is 7, expected a list of finite numbers",
                "ok | \"x\" | sentence_head_bias is \"x\", expected a number"
            })
    void isRefusedWhereItDoesNotFitTheModel(String weight, String bias, String message) throws IOException {
        write(weight.equals("ok") ? weights(SIZE) : weight, bias);

        assertThatThrownBy(() -> wanted("2"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use " + directory.resolve("generation_config.json") + ": " + message);
    }

    private Optional<SentenceHead> wanted(String times) {
        return SentenceHead.wanted(
                GenerationConfig.read(directory).with(Map.of("sentence_head", times, "extractive", "true")),
                directory,
                MODEL);
    }

    private void write(String weight, String bias) throws IOException {
        Files.writeString(
                directory.resolve("generation_config.json"),
                "{\"decoder_start_token_id\": 2, \"eos_token_id\": 1, \"sentence_head_weight\": " + weight
                        + ", \"sentence_head_bias\": " + bias + "}");
    }

    private static String weights(int size) {
        return IntStream.rangeClosed(1, size).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
