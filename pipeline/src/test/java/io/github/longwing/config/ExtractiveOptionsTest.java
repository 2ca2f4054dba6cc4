package io.github.longwing.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an extractive summary asks of the other options. */
class ExtractiveOptionsTest {
    @TempDir
    private Path directory;

    @Test
    void turnsOffWhatTheModelsFileSaysOfTokens() throws IOException {
        GenerationConfig config = model("\"no_repeat_ngram_size\": 3, \"num_beams\": 4, \"num_return_sequences\": 2")
                .with(Map.of("extractive", "true"));

        assertThat(config.get(GenerationOption.NO_REPEAT_NGRAM_SIZE)).isZero();
        assertThat(config.get(GenerationOption.NUM_RETURN_SEQUENCES)).isEqualTo(1);
        assertThat(config.get(GenerationOption.NUM_BEAMS)).isEqualTo(4);
    }

    @Test
    void renormalizesUnlessSomebodySaysOtherwise() throws IOException {
        GenerationConfig free = model("\"num_beams\": 4");
        GenerationConfig held = model("\"extractive\": true, \"renormalize_logits\": true");

        assertThat(free.with(Map.of("extractive", "true")).get(GenerationOption.RENORMALIZE_LOGITS))
                .isTrue();
        assertThat(free.with(Map.of("extractive", "true", "renormalize_logits", "false"))
                        .get(GenerationOption.RENORMALIZE_LOGITS))
                .isFalse();
        assertThat(held.with(Map.of()).get(GenerationOption.RENORMALIZE_LOGITS)).isTrue();
        assertThat(held.with(Map.of("extractive", "false")).get(GenerationOption.RENORMALIZE_LOGITS))
                .as("goes with the mode that it is for")
                .isFalse();
    }

    @Test
    void theModelsFileDecidesWhereTheUserSaysNothing() throws IOException {
        assertThat(model("\"extractive\": true, \"no_repeat_ngram_size\": 3")
                        .with(Map.of())
                        .get(GenerationOption.EXTRACTIVE))
                .isTrue();
        assertThat(model("\"num_beams\": 2").with(Map.of()).get(GenerationOption.EXTRACTIVE))
                .isFalse();
        assertThat(model("\"extractive\": true, \"no_repeat_ngram_size\": 3")
                        .with(Map.of("extractive", "false"))
                        .get(GenerationOption.NO_REPEAT_NGRAM_SIZE))
                .isEqualTo(3);
    }

    @Test
    void refusesWhatTheUserSaysAgainstIt() throws IOException {
        GenerationConfig held = model("\"extractive\": true");

        assertThatThrownBy(() -> held.with(Map.of("no_repeat_ngram_size", "3")))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot use the generation options: no_repeat_ngram_size is 3, expected 0 in an extractive"
                                + " summary, which has whole sentences of the document; leave it out or set extractive to false");
        assertThatThrownBy(() -> held.with(Map.of("num_return_sequences", "2", "num_beams", "2")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("num_return_sequences is 2, expected 1");
        assertThat(held.with(Map.of("no_repeat_ngram_size", "0")).get(GenerationOption.EXTRACTIVE))
                .isTrue();
    }

    @Test
    void refusesValuesOutsideTheirRanges() {
        assertThatThrownBy(() -> GenerationConfig.defaults().with(Map.of("sentence_order", "random")))
                .hasMessageContaining("expected document or model");
        assertThatThrownBy(() -> GenerationConfig.defaults().with(Map.of("max_sentences", "0")))
                .hasMessageContaining("max_sentences is 0, expected at least 1");
        assertThatThrownBy(() -> GenerationConfig.defaults().with(Map.of("sentence_prior", "-1")))
                .hasMessageContaining("sentence_prior is -1");
        assertThatThrownBy(() -> GenerationConfig.defaults().with(Map.of("sentence_head", "-1")))
                .hasMessageContaining("sentence_head is -1");
    }

    private GenerationConfig model(String fields) throws IOException {
        Files.writeString(
                directory.resolve("generation_config.json"),
                "{\"decoder_start_token_id\": 2, \"eos_token_id\": 1, " + fields + "}");
        return GenerationConfig.read(directory);
    }
}
