package io.github.longwing.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import io.github.longwing.io.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BigBirdPegasusConfigTest {
    private static final BigBirdPegasusConfig DEFAULTS = new BigBirdPegasusConfig(
            Architecture.CONDITIONAL_GENERATION,
            96103,
            1024,
            16,
            16,
            16,
            16,
            4096,
            4096,
            Activation.GELU_NEW,
            4096,
            true,
            false,
            AttentionType.BLOCK_SPARSE,
            64,
            3,
            0,
            1,
            2,
            true,
            Labels.unnamed(2));

    @TempDir
    private Path directory;

    private static BigBirdPegasusConfig config(String json) {
        return BigBirdPegasusConfig.of(JsonFields.parse("config.json", json));
    }

    @Test
    void missingFieldsHaveTheDefaultsOfTransformers() {
        assertThat(config("{}")).isEqualTo(DEFAULTS);
    }

    @Test
    void fieldsThatAreNullHaveTheirDefaults() {
        assertThat(config("{\"d_model\": null, \"architectures\": null, \"use_bias\": null, \"eos_token_id\": null}"))
                .isEqualTo(DEFAULTS);
    }

    @Test
    void unknownFieldsAreIgnored() {
        assertThat(config("{\"gradient_checkpointing\": false, \"max_length\": 256}"))
                .isEqualTo(DEFAULTS);
    }

    @Test
    void readsEveryFieldFromAFile() throws IOException {
        Path file = directory.resolve("config.json");
        Files.writeString(file, """
                {"model_type": "bigbird_pegasus", "architectures": ["BigBirdPegasusForCausalLM"], "vocab_size": 100,
                 "d_model": 48, "encoder_layers": 0, "decoder_layers": 5, "encoder_attention_heads": 3,
                 "decoder_attention_heads": 6, "encoder_ffn_dim": 7, "decoder_ffn_dim": 8,
                 "activation_function": "relu", "max_position_embeddings": 9, "scale_embedding": false,
                 "use_bias": true, "attention_type": "original_full", "block_size": 10, "num_random_blocks": 0,
                 "pad_token_id": 11, "eos_token_id": [12, 13], "decoder_start_token_id": 14,
                 "tie_word_embeddings": false, "id2label": {"1": "yes", "0": "no", "2": "maybe"},
                 "problem_type": "multi_label_classification"}
                """);

        assertThat(BigBirdPegasusConfig.read(file))
                .isEqualTo(new BigBirdPegasusConfig(
                        Architecture.CAUSAL_LM,
                        100,
                        48,
                        0,
                        5,
                        3,
                        6,
                        7,
                        8,
                        Activation.RELU,
                        9,
                        false,
                        true,
                        AttentionType.ORIGINAL_FULL,
                        10,
                        0,
                        11,
                        12,
                        14,
                        false,
                        new Labels(List.of("no", "yes", "maybe"), ProblemType.MULTI_LABEL)));
    }

    @ParameterizedTest
    @CsvSource({"gelu_new, GELU_NEW", "gelu, GELU", "relu, RELU", "silu, SILU", "swish, SILU"})
    void knowsEveryActivation(String name, Activation activation) {
        assertThat(config("{\"activation_function\": \"" + name + "\"}").activationFunction())
                .isEqualTo(activation);
    }

    @ParameterizedTest
    @CsvSource({
        "BigBirdPegasusForConditionalGeneration, CONDITIONAL_GENERATION",
        "BigBirdPegasusForSequenceClassification, SEQUENCE_CLASSIFICATION",
        "BigBirdPegasusForQuestionAnswering, QUESTION_ANSWERING",
        "BigBirdPegasusForCausalLM, CAUSAL_LM",
        "BigBirdPegasusModel, BASE"
    })
    void knowsEveryArchitecture(String name, Architecture architecture) {
        assertThat(config("{\"architectures\": [\"" + name + "\"]}").architecture())
                .isEqualTo(architecture);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vocab_size|0|vocab_size is 0, expected at least 1",
                "d_model|0|d_model is 0, expected at least 1",
                "d_model|-1024|d_model is -1024, expected at least 1",
                "encoder_layers|0|encoder_layers is 0, expected at least 1",
                "decoder_layers|0|decoder_layers is 0, expected at least 1",
                "encoder_attention_heads|0|encoder_attention_heads is 0, expected at least 1",
                "decoder_attention_heads|0|decoder_attention_heads is 0, expected at least 1",
                "encoder_ffn_dim|0|encoder_ffn_dim is 0, expected at least 1",
                "decoder_ffn_dim|0|decoder_ffn_dim is 0, expected at least 1",
                "max_position_embeddings|0|max_position_embeddings is 0, expected at least 1",
                "block_size|0|block_size is 0, expected at least 1",
                "num_random_blocks|-1|num_random_blocks is -1, expected at least 0",
                "encoder_attention_heads|5|encoder_attention_heads is 5, expected a divisor of d_model, which is 1024",
                "decoder_attention_heads|3|decoder_attention_heads is 3, expected a divisor of d_model, which is 1024",
                "pad_token_id|-1|pad_token_id is -1, expected an id below vocab_size, which is 96103",
                "pad_token_id|96103|pad_token_id is 96103, expected an id below vocab_size, which is 96103",
                "eos_token_id|96103|eos_token_id is 96103, expected an id below vocab_size, which is 96103",
                "decoder_start_token_id|-2|decoder_start_token_id is -2, expected an id below vocab_size, which is 96103",
                "model_type|\"pegasus\"|model_type is pegasus, expected bigbird_pegasus; Longwing runs this model family"
                        + " only",
                "architectures|[\"BartModel\"]|architectures is BartModel, expected one of"
                        + " BigBirdPegasusForConditionalGeneration, BigBirdPegasusForSequenceClassification,"
                        + " BigBirdPegasusForQuestionAnswering, BigBirdPegasusForCausalLM, BigBirdPegasusModel",
                "activation_function|\"tanh\"|activation_function is tanh, expected one of gelu_new, gelu, relu, silu",
                "attention_type|\"sparse\"|attention_type is sparse, expected one of block_sparse, original_full"
            })
    void refusesValuesOutOfRange(String field, String value, String complaint) {
        assertRefused(field, value, complaint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vocab_size",
                "d_model",
                "encoder_layers",
                "decoder_layers",
                "encoder_attention_heads",
                "decoder_attention_heads",
                "encoder_ffn_dim",
                "decoder_ffn_dim",
                "max_position_embeddings",
                "block_size",
                "num_random_blocks",
                "pad_token_id",
                "eos_token_id",
                "decoder_start_token_id"
            })
    void refusesAnythingButAnInteger(String field) {
        assertRefused(field, "\"many\"", field + " is \"many\", expected an integer");
        assertRefused(field, "1.5", field + " is 1.5, expected an integer");
        assertRefused(field, "true", field + " is true, expected an integer");
        assertRefused(field, "3000000000", field + " is 3000000000, expected an integer");
        assertRefused(field, "{}", field + " is {}, expected an integer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scale_embedding", "use_bias", "tie_word_embeddings"})
    void refusesAnythingButABoolean(String field) {
        assertRefused(field, "1", field + " is 1, expected true or false");
        assertRefused(field, "\"true\"", field + " is \"true\", expected true or false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model_type", "activation_function", "attention_type"})
    void refusesAnythingButAString(String field) {
        assertRefused(field, "1", field + " is 1, expected a string");
        assertRefused(field, "[\"a\"]", field + " is [\"a\"], expected a string");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[\"BigBirdPegasusModel\", \"BigBirdPegasusForCausalLM\"]", "[1]", "[null]", "[[]]"})
    void refusesArchitecturesThatAreNotOneName(String value) {
        assertThatThrownBy(() -> config("{\"architectures\": " + value + "}"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use config.json: architectures is ")
                .hasMessageContaining(", expected one of BigBirdPegasusForConditionalGeneration, ");
    }

    @Test
    void refusesAnEmptyListOfEosTokens() {
        assertThatThrownBy(() -> config("{\"eos_token_id\": []}"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use config.json: eos_token_id is [], expected ");
    }

    @Test
    void refusesAFileThatIsNotThereOrNoJson() throws IOException {
        Path file = directory.resolve("config.json");

        assertThatThrownBy(() -> BigBirdPegasusConfig.read(file))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read " + file + ": there is no such file, expected a JSON object");
        Files.writeString(file, "{\"d_model\": ");
        assertThatThrownBy(() -> BigBirdPegasusConfig.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read " + file + ": it is not valid JSON (");
        Files.writeString(file, "[1]");
        assertThatThrownBy(() -> BigBirdPegasusConfig.read(file))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read " + file + ": it is not a JSON object, expected {...}");
        Files.write(file, new byte[] {'{', (byte) 0xff, '}'});
        assertThatThrownBy(() -> BigBirdPegasusConfig.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read " + file + ": ");
    }

    @Test
    void aDocumentIsReadInFullUpToTheLimitOfItsOwnLength() {
        BigBirdPegasusConfig sparse = config("{}");
        BigBirdPegasusConfig windowOnly = config("{\"num_random_blocks\": 0, \"block_size\": 16}");
        BigBirdPegasusConfig full = config("{\"attention_type\": \"original_full\"}");

        assertThat(sparse.fullAttentionLimit()).isEqualTo(704);
        assertThat(sparse.attentionFor(704)).isEqualTo(AttentionType.ORIGINAL_FULL);
        assertThat(sparse.attentionFor(705)).isEqualTo(AttentionType.BLOCK_SPARSE);
        assertThat(windowOnly.fullAttentionLimit()).isEqualTo(80);
        assertThat(full.attentionFor(4096)).isEqualTo(AttentionType.ORIGINAL_FULL);
    }

    private static void assertRefused(String field, String value, String complaint) {
        assertThatThrownBy(() -> config("{\"" + field + "\": " + value + "}"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use config.json: " + complaint);
    }
}
