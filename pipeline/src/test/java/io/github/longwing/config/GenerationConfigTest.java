package io.github.longwing.config;

import static io.github.longwing.config.GenerationOption.BOS_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.DO_SAMPLE;
import static io.github.longwing.config.GenerationOption.EARLY_STOPPING;
import static io.github.longwing.config.GenerationOption.EOS_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.FORCED_BOS_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.LENGTH_PENALTY;
import static io.github.longwing.config.GenerationOption.MAX_LENGTH;
import static io.github.longwing.config.GenerationOption.NUM_BEAMS;
import static io.github.longwing.config.GenerationOption.NUM_RETURN_SEQUENCES;
import static io.github.longwing.config.GenerationOption.PAD_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.TEMPERATURE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import io.github.longwing.io.JsonFields;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GenerationConfigTest {

    /** For every option a value other than the default, as text and as it is held. */
    private static final Map<String, Example> EXAMPLES = Map.ofEntries(
            Map.entry("max_length", new Example("40", OptionalInt.of(40))),
            Map.entry("max_new_tokens", new Example("30", OptionalInt.of(30))),
            Map.entry("min_length", new Example("12", 12)),
            Map.entry("min_new_tokens", new Example("7", OptionalInt.of(7))),
            Map.entry("num_beams", new Example("5", 5)),
            Map.entry("num_return_sequences", new Example("3", 3, Map.of("do_sample", "true"))),
            Map.entry("early_stopping", new Example("never", EarlyStopping.NEVER)),
            Map.entry("length_penalty", new Example("0.8", 0.8)),
            Map.entry("do_sample", new Example("true", true)),
            Map.entry("temperature", new Example("0.7", 0.7)),
            Map.entry("top_k", new Example("0", 0)),
            Map.entry("top_p", new Example("0.9", 0.9)),
            Map.entry("top_h", new Example("0.4", OptionalDouble.of(0.4))),
            Map.entry("min_p", new Example("0.05", OptionalDouble.of(0.05))),
            Map.entry("typical_p", new Example("0.95", 0.95)),
            Map.entry("epsilon_cutoff", new Example("0.003", 0.003)),
            Map.entry("eta_cutoff", new Example("0.002", 0.002)),
            Map.entry("repetition_penalty", new Example("1.3", 1.3)),
            Map.entry("encoder_repetition_penalty", new Example("1.1", 1.1)),
            Map.entry("no_repeat_ngram_size", new Example("3", 3)),
            Map.entry("encoder_no_repeat_ngram_size", new Example("4", 4)),
            Map.entry("bad_words_ids", new Example("[[17],[33,40]]", List.of(List.of(17), List.of(33, 40)))),
            Map.entry(
                    "sequence_bias",
                    new Example(
                            "[[[33,40],-2.5],[[7],1.0]]",
                            List.of(new SequenceBias(List.of(33, 40), -2.5f), new SequenceBias(List.of(7), 1)))),
            Map.entry("suppress_tokens", new Example("[4,5]", List.of(4, 5))),
            Map.entry("begin_suppress_tokens", new Example("[6]", List.of(6))),
            Map.entry("forced_bos_token_id", new Example("9", OptionalInt.of(9))),
            Map.entry("forced_eos_token_id", new Example("[1,3]", List.of(1, 3))),
            Map.entry(
                    "exponential_decay_length_penalty",
                    new Example("[15,1.01]", Optional.of(new ExponentialDecay(15, 1.01)))),
            Map.entry("renormalize_logits", new Example("true", true)),
            Map.entry("extractive", new Example("true", true)),
            Map.entry("sentence_order", new Example("model", SentenceOrder.MODEL)),
            Map.entry("max_sentences", new Example("5", OptionalInt.of(5))),
            Map.entry("sentence_prior", new Example("1.5", 1.5)),
            Map.entry("sentence_head", new Example("4.5", 4.5)),
            Map.entry("pad_token_id", new Example("8", OptionalInt.of(8))),
            Map.entry("bos_token_id", new Example("2", OptionalInt.of(2))),
            Map.entry("eos_token_id", new Example("[1]", List.of(1))),
            Map.entry("decoder_start_token_id", new Example("2", OptionalInt.of(2))),
            Map.entry("seed", new Example("-9007199254740993", -9007199254740993L)));

    @TempDir
    private Path directory;

    static Stream<GenerationOption<?>> options() {
        return GenerationOption.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("options")
    void everyOptionCanBeGivenAsAnOverrideInSnakeAndKebabCase(GenerationOption<?> option) throws Exception {
        String name = option.name();
        Example example = example(option);
        GenerationConfig base = GenerationConfig.defaults().with(example.alongside());
        assertThat((Object) base.get(option)).isNotEqualTo(example.value());

        GenerationConfig snake = base.with(Map.of(name, example.text()));
        GenerationConfig kebab = base.with(Map.of(name.replace('_', '-'), example.text()));

        assertThat((Object) snake.get(option)).isEqualTo(example.value());
        assertThat(kebab).isEqualTo(snake);
        for (GenerationOption<?> other : GenerationOption.all()) {
            boolean follows =
                    option.equals(GenerationOption.EXTRACTIVE) && other.equals(GenerationOption.RENORMALIZE_LOGITS);
            if (!other.equals(option) && !follows) {
                assertThat((Object) snake.get(other)).as(other.name()).isEqualTo(base.get(other));
            }
        }
        assertThat(snake.with(Map.of(name, "null"))).isEqualTo(base);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("options")
    void everyOptionIsReadFromGenerationConfigJson(GenerationOption<?> option) throws Exception {
        Example example = example(option);
        StringBuilder json = new StringBuilder("{\"decoder_start_token_id\": 2");
        example.alongside().forEach((name, text) -> json.append(", \"" + name + "\": " + text));
        String text = example.text().equals("never") ? "\"never\"" : example.text();
        json.append(", \"" + option.name() + "\": " + text + "}");
        write("generation_config.json", json.toString());

        assertThat((Object) GenerationConfig.read(directory).get(option)).isEqualTo(example.value());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("options")
    void everyOptionIsAmongTheSettingsThatGiveTheSameAgain(GenerationOption<?> option) {
        GenerationConfig config = GenerationConfig.defaults()
                .with(example(option).alongside())
                .with(Map.of(option.name(), example(option).text()));

        assertThat(config.settings())
                .containsEntry(option.name(), example(option).text());
        assertThat(GenerationConfig.defaults().with(config.settings())).isEqualTo(config);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("options")
    void noOptionTakesAWordForItsValue(GenerationOption<?> option) {
        assertThatThrownBy(() -> GenerationConfig.defaults().with(Map.of(option.name(), "plenty")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot use the generation options: " + option.name() + " is \"plenty\", expected ");
    }

    @Test
    void hasTheDefaultsOfTransformers() {
        assertThat(GenerationConfig.defaults().settings())
                .isEqualTo(Map.ofEntries(
                        Map.entry("min_length", "0"),
                        Map.entry("num_beams", "1"),
                        Map.entry("num_return_sequences", "1"),
                        Map.entry("early_stopping", "false"),
                        Map.entry("length_penalty", "1.0"),
                        Map.entry("do_sample", "false"),
                        Map.entry("temperature", "1.0"),
                        Map.entry("top_k", "50"),
                        Map.entry("top_p", "1.0"),
                        Map.entry("typical_p", "1.0"),
                        Map.entry("epsilon_cutoff", "0.0"),
                        Map.entry("eta_cutoff", "0.0"),
                        Map.entry("repetition_penalty", "1.0"),
                        Map.entry("encoder_repetition_penalty", "1.0"),
                        Map.entry("no_repeat_ngram_size", "0"),
                        Map.entry("encoder_no_repeat_ngram_size", "0"),
                        Map.entry("renormalize_logits", "false"),
                        Map.entry("extractive", "false"),
                        Map.entry("sentence_order", "document"),
                        Map.entry("sentence_prior", "0.0"),
                        Map.entry("sentence_head", "0.0"),
                        Map.entry("seed", "0")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max_length | 1 | at least 2",
                "max_length | 3.5 | an integer",
                "max_new_tokens | 0 | at least 1",
                "min_length | -1 | at least 0",
                "min_new_tokens | -1 | at least 0",
                "num_beams | 0 | at least 1",
                "num_beams | 99999999999 | an integer",
                "num_beams | 1,2 | an integer",
                "num_return_sequences | 0 | at least 1",
                "top_k | -1 | at least 0",
                "no_repeat_ngram_size | -2 | at least 0",
                "encoder_no_repeat_ngram_size | -2 | at least 0",
                "early_stopping | 1 | true, false or \"never\"",
                "length_penalty | 1e999 | a finite number",
                "do_sample | 1 | true or false",
                "temperature | -0.5 | a number above 0",
                "top_p | 0 | a number above 0 and at most 1",
                "top_p | 1.01 | a number above 0 and at most 1",
                "typical_p | 0 | a number above 0 and at most 1",
                "top_h | 2 | a number above 0 and at most 1",
                "min_p | 1.5 | a number from 0 to 1",
                "epsilon_cutoff | 1 | at least 0 and below 1",
                "eta_cutoff | -1 | at least 0 and below 1",
                "repetition_penalty | 0 | a number above 0",
                "encoder_repetition_penalty | -2 | a number above 0",
                "eos_token_id | -1 | token ids from 0 up",
                "suppress_tokens | 3,-1 | token ids from 0 up",
                "bad_words_ids | [17] | a list of lists of token ids",
                "bad_words_ids | [[]] | no empty list among them",
                "bad_words_ids | [[1.5]] | a list of lists of token ids",
                "sequence_bias | [[[],1.0]] | sequences of one or more token ids",
                "sequence_bias | [[[1]]] | a list of pairs of token ids and bias",
                "exponential_decay_length_penalty | [15] | a start and a factor",
                "exponential_decay_length_penalty | [15,0] | a finite number above 0",
                "seed | 1.5 | an integer of 64 bits",
                "seed | 9223372036854775808 | an integer of 64 bits",
            })
    void refusesValuesThatCannotBe(String option, String value, String expected) {
        assertThatThrownBy(() -> GenerationConfig.defaults().with(Map.of(option, value)))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use the generation options: " + option)
                .hasMessageContaining("expected " + expected);
    }

    @Test
    void takesAListWithoutBrackets() {
        assertThat(GenerationConfig.defaults()
                        .with(Map.of("eos-token-id", "1, 3"))
                        .get(EOS_TOKEN_ID))
                .containsExactly(1, 3);
        assertThat(GenerationConfig.defaults().with(Map.of("eos-token-id", "4")).get(EOS_TOKEN_ID))
                .containsExactly(4);
    }

    @Test
    void takesTrueAndFalseAsPythonSpellsThem() {
        assertThat(GenerationConfig.defaults()
                        .with(Map.of("early-stopping", "True"))
                        .get(EARLY_STOPPING))
                .isEqualTo(EarlyStopping.TRUE);
        assertThat(GenerationConfig.defaults()
                        .with(Map.of("do-sample", "False"))
                        .get(DO_SAMPLE))
                .isFalse();
    }

    @Test
    void refusesABlankValue() {
        assertThatThrownBy(() -> GenerationConfig.defaults().with(Map.of("num-beams", " ")))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use the generation options: num_beams is \" \", expected an integer");
    }

    @Test
    void refusesAnUnknownOptionByNameAndListsTheKnownOnes() {
        assertThatThrownBy(() -> GenerationConfig.defaults().with(Map.of("num-beam", "5")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot use the generation options: num-beam is unknown, expected one of bad_words_ids, ")
                .hasMessageContaining(", num_beams, ");
    }

    @Test
    void refusesAnOptionThatIsGivenInBothSpellings() {
        assertThatThrownBy(() -> GenerationConfig.defaults().with(Map.of("num-beams", "5", "num_beams", "4")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("num_beams is given twice");
    }

    @Test
    void refusesMoreSequencesThanBeamsUnlessTheyAreDrawn() {
        assertThatThrownBy(
                        () -> GenerationConfig.defaults().with(Map.of("num_beams", "2", "num_return_sequences", "3")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "num_return_sequences is 3, expected at most num_beams, which is 2; raise num_beams");
        assertThatThrownBy(() -> GenerationConfig.defaults().with(Map.of("num_return_sequences", "2")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("num_return_sequences is 2, expected 1 for greedy search;"
                        + " raise num_beams or set do_sample");
        assertThat(GenerationConfig.defaults()
                        .with(Map.of("num_return_sequences", "2", "do_sample", "true"))
                        .get(NUM_RETURN_SEQUENCES))
                .isEqualTo(2);
    }

    @Test
    void temperatureZeroStandsForGreedySearchAndIsRefusedForDraws() {
        assertThat(GenerationConfig.defaults().with(Map.of("temperature", "0")).get(TEMPERATURE))
                .isZero();
        assertThatThrownBy(() -> GenerationConfig.defaults().with(Map.of("temperature", "0", "do_sample", "true")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("temperature is 0.0, expected a number above 0; leave out do_sample");
    }

    @Test
    void refusesAForcedTokenThatIsSuppressed() {
        assertThatThrownBy(() ->
                        GenerationConfig.defaults().with(Map.of("forced_bos_token_id", "7", "suppress_tokens", "7,8")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "forced_bos_token_id is [7], expected a token that suppress_tokens does not name");
    }

    @Test
    void refusesALeastLengthAboveTheLimitFromOneHandAndNotesItFromTwo() {
        assertThatThrownBy(() -> GenerationConfig.defaults().with(Map.of("min-length", "60", "max-length", "40")))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use the generation options: min_length 60 is above max_length 40,"
                        + " expected a least length within the limit; lower the one or raise the other");

        GenerationConfig model = GenerationConfig.defaults().with(Map.of("min_length", "60", "eos_token_id", "1"));
        assertThat(model.with(Map.of("max_length", "40")).notes())
                .containsExactly("min_length 60 is above max_length 40: sequences end at the limit, without an eos");
    }

    @Test
    void newTokensBeatLengthsAndSaySo() {
        GenerationConfig config = GenerationConfig.defaults()
                .with(Map.of("max_length", "40", "min_length", "9", "eos_token_id", "1"))
                .with(Map.of("max_new_tokens", "10", "min_new_tokens", "3"));

        assertThat(config.lengthLimit(1, 4096)).isEqualTo(11);
        assertThat(config.lengthLimit(7, 4096)).isEqualTo(17);
        assertThat(config.minSequenceLength(7)).isEqualTo(10);
        assertThat(config.notes())
                .containsExactly(
                        "max_new_tokens 10 is used in place of max_length 40",
                        "min_new_tokens 3 is used in place of min_length 9");
    }

    @Test
    void withoutALimitTakes256WithTheStartTokenAndSaysSo() {
        GenerationConfig config = GenerationConfig.defaults().with(Map.of("eos_token_id", "1"));

        assertThat(config.usesDefaultMaxLength()).isTrue();
        assertThat(config.notes()).containsExactly("max_length is 256: neither the model nor the options name a limit");
        assertThat(config.lengthLimit(1, 4096)).isEqualTo(256);
        assertThat(config.lengthLimit(300, 4096))
                .as("a long prompt keeps its room")
                .isEqualTo(555);
        assertThat(config.lengthLimit(1, 128)).as("within the positions").isEqualTo(128);
        assertThat(config.with(Map.of("max_new_tokens", "5")).usesDefaultMaxLength())
                .isFalse();
        assertThat(config.with(Map.of("max_length", "5")).notes()).isEmpty();
    }

    @Test
    void saysSoWhereNothingEndsASequence() {
        GenerationConfig config = GenerationConfig.defaults().with(Map.of("max_length", "40"));

        assertThat(config.notes()).containsExactly("eos_token_id is not set: every sequence runs to its limit");
        assertThat(config.with(Map.of("forced_eos_token_id", "1")).notes()).isEmpty();
    }

    @Test
    void fillsShortSequencesAsTransformersDoes() {
        GenerationConfig beams = GenerationConfig.defaults().with(Map.of("num_beams", "2", "eos_token_id", "1,3"));

        assertThat(beams.with(Map.of("pad_token_id", "0")).fillTokenId()).isEqualTo(1);
        assertThat(beams.with(Map.of("pad_token_id", "5")).fillTokenId()).isEqualTo(5);
        assertThat(beams.with(Map.of("pad_token_id", "0", "num_beams", "1")).fillTokenId())
                .isZero();
        assertThat(beams.with(Map.of("num_beams", "1")).fillTokenId()).isEqualTo(1);
        assertThat(beams.with(Map.of("eos_token_id", "null", "pad_token_id", "5"))
                        .fillTokenId())
                .isEqualTo(-1);
    }

    @Test
    void refusesLengthsBeyondThePositionsOfTheModel() {
        BigBirdPegasusConfig model = BigBirdPegasusConfig.of(
                JsonFields.parse("config.json", "{\"max_position_embeddings\": 128, \"vocab_size\": 100}"));

        GenerationConfig.defaults().checkAgainst(model);
        GenerationConfig.defaults().with(Map.of("max_length", "128")).checkAgainst(model);
        assertThatThrownBy(() -> GenerationConfig.defaults()
                        .with(Map.of("max_length", "129"))
                        .checkAgainst(model))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot generate: max_length 129 makes sequences of 129 tokens with the start token,"
                        + " expected at most 128, the model's max_position_embeddings; lower max_length");
        assertThatThrownBy(() -> GenerationConfig.defaults()
                        .with(Map.of("max_new_tokens", "128"))
                        .checkAgainst(model))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("max_new_tokens 128 makes sequences of 129 tokens")
                .hasMessageEndingWith("lower max_new_tokens");
    }

    @Test
    void refusesTokensBeyondTheVocabularyOfTheModel() {
        BigBirdPegasusConfig model = BigBirdPegasusConfig.of(JsonFields.parse("config.json", "{\"vocab_size\": 100}"));

        for (String option : List.of(
                "suppress_tokens",
                "begin_suppress_tokens",
                "forced_bos_token_id",
                "forced_eos_token_id",
                "eos_token_id",
                "pad_token_id",
                "decoder_start_token_id")) {
            GenerationConfig.defaults().with(Map.of(option, "99")).checkAgainst(model);
            assertThatThrownBy(() -> GenerationConfig.defaults()
                            .with(Map.of(option, "100"))
                            .checkAgainst(model))
                    .isInstanceOf(UserException.class)
                    .hasMessage("Cannot generate: " + option
                            + " names the token 100, expected an id below 100, the model's vocab_size");
        }
        assertThatThrownBy(() -> GenerationConfig.defaults()
                        .with(Map.of("bad_words_ids", "[[3,100]]"))
                        .checkAgainst(model))
                .hasMessageContaining("bad_words_ids names the token 100");
        assertThatThrownBy(() -> GenerationConfig.defaults()
                        .with(Map.of("sequence_bias", "[[[3,100],1]]"))
                        .checkAgainst(model))
                .hasMessageContaining("sequence_bias names the token 100");
    }

    @Test
    void refusesALengthPenaltyThatNoFloatHolds() {
        BigBirdPegasusConfig model = BigBirdPegasusConfig.of(JsonFields.parse("config.json", "{\"vocab_size\": 100}"));

        assertThatThrownBy(() -> GenerationConfig.defaults()
                        .with(Map.of("length_penalty", "-40"))
                        .checkAgainst(model))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot generate: length_penalty is -40.0, expected a power of 256 that a float holds;"
                        + " move it towards 0");
    }

    @Test
    void generationConfigJsonHidesTheGenerationFieldsOfConfigJson() throws IOException {
        write("config.json", "{\"num_beams\": 5, \"length_penalty\": 0.8, \"max_length\": 99}");
        write("generation_config.json", "{\"max_length\": 77, \"decoder_start_token_id\": 2}");

        GenerationConfig config = GenerationConfig.read(directory);

        assertThat(config.get(NUM_BEAMS)).isEqualTo(1);
        assertThat(config.get(LENGTH_PENALTY)).isEqualTo(1.0);
        assertThat(config.get(MAX_LENGTH)).hasValue(77);
        assertThat(config.get(EOS_TOKEN_ID))
                .as("as in transformers, which takes the file as it is")
                .isEmpty();
    }

    @Test
    void configJsonSpeaksWhereThereIsNoGenerationConfigJson() throws IOException {
        write(
                "config.json",
                "{\"num_beams\": 5, \"length_penalty\": 0.8, \"max_length\": 256, \"d_model\": 64,"
                        + " \"early_stopping\": null, \"eos_token_id\": 1, \"pad_token_id\": 0,"
                        + " \"bos_token_id\": 2, \"decoder_start_token_id\": 2}");

        GenerationConfig config = GenerationConfig.read(directory);

        assertThat(config.get(NUM_BEAMS)).isEqualTo(5);
        assertThat(config.get(LENGTH_PENALTY)).isEqualTo(0.8);
        assertThat(config.get(MAX_LENGTH)).hasValue(256);
        assertThat(config.get(EOS_TOKEN_ID)).containsExactly(1);
        assertThat(config.startTokenId()).hasValue(2);
    }

    @Test
    void specialTokensComeFromConfigJsonWhereAFileNamesNoStart() throws IOException {
        write("config.json", "{\"eos_token_id\": [4, 5], \"decoder_start_token_id\": 3}");
        write("generation_config.json", "{\"num_beams\": 2}");

        GenerationConfig config = GenerationConfig.read(directory);

        assertThat(config.get(NUM_BEAMS)).isEqualTo(2);
        assertThat(config.get(EOS_TOKEN_ID)).containsExactly(4, 5);
        assertThat(config.startTokenId()).hasValue(3);
        assertThat(config.get(PAD_TOKEN_ID)).hasValue(0);
        assertThat(config.get(BOS_TOKEN_ID)).hasValue(2);
    }

    @Test
    void aDecoderAloneNeedsNoStartToken() throws IOException {
        write("config.json", "{\"is_encoder_decoder\": false, \"eos_token_id\": 1}");
        write("generation_config.json", "{\"num_beams\": 2}");

        assertThat(GenerationConfig.read(directory).startTokenId()).isEmpty();
        assertThat(GenerationConfig.read(directory).get(EOS_TOKEN_ID)).isEmpty();
    }

    @Test
    void theBosStandsInForTheStartToken() throws IOException {
        write("generation_config.json", "{\"bos_token_id\": 6}");

        assertThat(GenerationConfig.read(directory).startTokenId()).hasValue(6);
    }

    @Test
    void anOldConfigJsonCanForceItsBos() throws IOException {
        write("config.json", "{\"force_bos_token_to_be_generated\": true, \"bos_token_id\": 7}");

        assertThat(GenerationConfig.read(directory).get(FORCED_BOS_TOKEN_ID)).hasValue(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "num_beam_groups | 2 | 1",
                "diversity_penalty | 0.5 | 0",
                "penalty_alpha | 0.6 | 0",
                "dola_layers | \"high\" | null",
                "constraints | [1] | null",
                "force_words_ids | [[5]] | null",
                "guidance_scale | 1.5 | 1",
                "watermarking_config | {\"bias\":2.5} | null",
                "stop_strings | [\"x\"] | null",
                "max_time | 3.5 | null",
                "remove_invalid_values | true | false",
                "token_healing | true | false",
                "cache_implementation | \"quantized\" | a cache that keeps its precision",
                "prompt_lookup_num_tokens | 10 | null",
                "assistant_early_exit | 4 | null",
                "assistant_ensemble_weight | 0.5 | null",
                "speculation_type | \"dflash\" | null",
                "is_assistant | true | false",
                "use_mtp | true | false",
            })
    void refusesByNameWhatItCannotDo(String option, String value, String expected) throws IOException {
        write("generation_config.json", "{\"decoder_start_token_id\": 2, \"" + option + "\": " + value + "}");
        assertThatThrownBy(() -> GenerationConfig.read(directory))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use " + directory.resolve("generation_config.json") + ": " + option
                        + " is " + value + ", expected " + expected)
                .hasMessageEndingWith("; leave it out");

        assertThatThrownBy(() -> GenerationConfig.defaults().with(Map.of(option, value)))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use the generation options: " + option + " is ");
    }

    @Test
    void acceptsUnsupportedOptionsThatAreOffAndThoseWithoutEffect() throws IOException {
        write(
                "generation_config.json",
                "{\"decoder_start_token_id\": 2, \"num_beam_groups\": 1, \"diversity_penalty\": 0.0,"
                        + " \"guidance_scale\": null, \"remove_invalid_values\": false, \"use_cache\": true,"
                        + " \"output_attentions\": false, \"transformers_version\": \"5.23.0\","
                        + " \"_from_model_config\": true, \"num_assistant_tokens\": 20,"
                        + " \"cache_implementation\": \"static\", \"an_option_of_tomorrow\": 1}");

        assertThat(GenerationConfig.read(directory))
                .isEqualTo(GenerationConfig.defaults().with(Map.of("decoder_start_token_id", "2")));
        assertThat(GenerationConfig.defaults().with(Map.of("use_cache", "true", "num_beam_groups", "1")))
                .isEqualTo(GenerationConfig.defaults());
    }

    @Test
    void namesTheFileAndTheFieldOfAWrongValue() throws IOException {
        write("generation_config.json", "{\"num_beams\": \"five\"}");

        assertThatThrownBy(() -> GenerationConfig.read(directory))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use " + directory.resolve("generation_config.json")
                        + ": num_beams is \"five\", expected an integer");
    }

    @Test
    void namesTheFileThatIsMissing() {
        assertThatThrownBy(() -> GenerationConfig.read(directory))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(directory.resolve("config.json") + ": there is no such file");
    }

    @Test
    void overridesAreParsedOnceAndAreEqualHoweverTheyWereSpelled() {
        GenerationOverrides overrides =
                GenerationOverrides.parse(Map.of("num-beams", "5", "eos_token_id", "1, 3", "use_cache", "true"));

        assertThat(overrides.find(NUM_BEAMS)).hasValue(5);
        assertThat(overrides.find(EOS_TOKEN_ID)).hasValue(List.of(1, 3));
        assertThat(overrides.find(MAX_LENGTH)).isEmpty();
        assertThat(overrides).isEqualTo(GenerationOverrides.parse(Map.of("num_beams", "5.0", "eos-token-id", "[1,3]")));
        assertThat(overrides.with(NUM_BEAMS, 2)).isNotEqualTo(overrides);
        assertThat(GenerationOverrides.parse(overrides.texts())).isEqualTo(overrides);
        assertThatThrownBy(() -> overrides.with(NUM_BEAMS, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("num_beams is 0, expected at least 1");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("options")
    void overridesReachAnExecutorAsTheyAre(GenerationOption<?> option) throws Exception {
        for (String text : List.of(example(option).text(), "null")) {
            GenerationOverrides overrides = GenerationOverrides.parse(Map.of(option.name(), text));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(overrides);
            }

            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                assertThat(in.readObject()).isEqualTo(overrides);
            }
        }
    }

    private void write(String name, String json) throws IOException {
        Files.writeString(directory.resolve(name), json);
    }

    private static Example example(GenerationOption<?> option) {
        Example example = EXAMPLES.get(option.name());
        assertThat(example).as("an example of " + option.name()).isNotNull();
        return example;
    }

    /**
     * A value of an option.
     *
     * @param alongside options that the value cannot do without
     */
    private record Example(String text, Object value, Map<String, String> alongside) {
        Example(String text, Object value) {
            this(text, value, Map.of());
        }
    }
}
