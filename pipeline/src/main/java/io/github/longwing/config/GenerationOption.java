package io.github.longwing.config;

import com.google.gson.JsonElement;
import io.github.longwing.error.UserException;
import io.github.longwing.io.JsonFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.DoublePredicate;

/**
 * One option of text generation, with the name, the meaning and the default of transformers' {@code GenerationConfig};
 * the constants are the table of all. JSON files, checks, the command line and the documentation follow from it.
 *
 * <p>Lengths are in tokens; {@link #MAX_LENGTH} and {@link #MIN_LENGTH} count the start token or the prompt, those of
 * new tokens do not. Lists are empty and optionals absent where an option is off.
 *
 * @param <T> the type of its values, immutable
 */
public final class GenerationOption<T> {
    private static final List<GenerationOption<?>> TABLE = new ArrayList<>(); // filled by the constants that follow

    public static final GenerationOption<Integer> NUM_BEAMS = integer(
            "num_beams", 1, 1, "Beams of beam search; 1 is greedy search, or sampling where --do-sample is set.");
    public static final GenerationOption<Double> LENGTH_PENALTY = number(
            "length_penalty",
            1,
            "a finite number",
            Double::isFinite,
            "Beam search divides the score of a sequence by its length to this power: above 0 favors long"
                    + " sequences, below 0 short ones.");
    public static final GenerationOption<EarlyStopping> EARLY_STOPPING = new GenerationOption<>(
            "early_stopping",
            OptionType.EARLY_STOPPING,
            EarlyStopping.FALSE,
            OptionRange.any("true, false or never"),
            "When beam search stops: true when as many sequences have ended as there are beams, false when a better"
                    + " one is unlikely, never when there can be no better one.");
    public static final GenerationOption<OptionalInt> MAX_LENGTH = optionalInteger(
            "max_length",
            2,
            "Maximum tokens of a sequence, with the start token or prompt. Where neither this nor --max-new-tokens is"
                    + " set: 256.");
    public static final GenerationOption<Integer> MIN_LENGTH =
            integer("min_length", 0, 0, "Minimum tokens of a sequence, with the start token or prompt.");
    public static final GenerationOption<OptionalInt> MAX_NEW_TOKENS = optionalInteger(
            "max_new_tokens", 1, "Maximum tokens after the start token or prompt; takes precedence over --max-length.");
    public static final GenerationOption<OptionalInt> MIN_NEW_TOKENS = optionalInteger(
            "min_new_tokens", 0, "Minimum tokens after the start token or prompt; takes precedence over --min-length.");
    public static final GenerationOption<Integer> NO_REPEAT_NGRAM_SIZE =
            integer("no_repeat_ngram_size", 0, 0, "No n-gram of this size occurs twice in a text; 0 is off.");
    public static final GenerationOption<Integer> ENCODER_NO_REPEAT_NGRAM_SIZE = integer(
            "encoder_no_repeat_ngram_size",
            0,
            0,
            "No n-gram of this size that is in the document occurs in the text; 0 is off.");
    public static final GenerationOption<Double> REPETITION_PENALTY = number(
            "repetition_penalty",
            1,
            "a number above 0",
            OptionRange::isPositiveFloat,
            "Above 1 makes tokens that are already in the text less likely, below 1 more likely.");
    public static final GenerationOption<Double> ENCODER_REPETITION_PENALTY = number(
            "encoder_repetition_penalty",
            1,
            "a number above 0",
            OptionRange::isPositiveFloat,
            "Above 1 makes tokens of the document more likely, below 1 less likely.");
    public static final GenerationOption<Integer> NUM_RETURN_SEQUENCES = integer(
            "num_return_sequences",
            1,
            1,
            "Texts for each document: at most --num-beams unless --do-sample is set, 1 for greedy search. Above 1 the"
                    + " result is a column with an array of texts.");

    public static final GenerationOption<Boolean> DO_SAMPLE = flag(
            "do_sample",
            "Draw tokens at random in proportion to their probabilities; the eight options that follow apply to this"
                    + " alone.");
    /** 0 is what many write for greedy search, where the temperature has no effect. */
    public static final GenerationOption<Double> TEMPERATURE = number(
            "temperature",
            1,
            "a number above 0; leave out do_sample for greedy search",
            value -> OptionRange.isPositiveFloat(value) || value == 0,
            "Scores are divided by this before a draw: below 1 sharpens the distribution, above 1 flattens it.");

    public static final GenerationOption<Integer> TOP_K =
            integer("top_k", 50, 0, "Draw from this many of the most likely tokens; 0 is all.");
    public static final GenerationOption<Double> TOP_P = number(
            "top_p",
            1,
            "a number above 0 and at most 1",
            GenerationOption::isShare,
            "Draw from the fewest of the most likely tokens whose probabilities sum to at least this.");
    public static final GenerationOption<OptionalDouble> TOP_H = optionalNumber(
            "top_h",
            "a number above 0 and at most 1",
            GenerationOption::isShare,
            "Draw from the most likely tokens whose entropy is at most this share of the entropy of all.");
    public static final GenerationOption<OptionalDouble> MIN_P = optionalNumber(
            "min_p",
            "a number from 0 to 1",
            value -> value >= 0 && value <= 1,
            "Draw from tokens with at least this share of the probability of the most likely token.");
    public static final GenerationOption<Double> TYPICAL_P = number(
            "typical_p",
            1,
            "a number above 0 and at most 1",
            GenerationOption::isShare,
            "Draw from the fewest tokens, closest to the expected information first, whose probabilities sum to at"
                    + " least this.");
    public static final GenerationOption<Double> EPSILON_CUTOFF = number(
            "epsilon_cutoff",
            0,
            "at least 0 and below 1",
            GenerationOption::isCutoff,
            "Draw from tokens with at least this probability; 0 is off.");
    public static final GenerationOption<Double> ETA_CUTOFF = number(
            "eta_cutoff",
            0,
            "at least 0 and below 1",
            GenerationOption::isCutoff,
            "As --epsilon-cutoff, with a bound that falls with the entropy of the distribution; 0 is off.");
    /** An option of Longwing alone. */
    public static final GenerationOption<Long> SEED = new GenerationOption<>(
            "seed",
            OptionType.LONG,
            0L,
            OptionRange.any("an integer of 64 bits"),
            "Seed of the draws; they depend on it and on the document's id alone.");

    public static final GenerationOption<List<List<Integer>>> BAD_WORDS_IDS = new GenerationOption<>(
            "bad_words_ids",
            OptionType.SEQUENCES,
            List.of(),
            OptionRange.sequences(),
            "Sequences of tokens that must not occur, such as [[17],[33,40]].");
    public static final GenerationOption<List<SequenceBias>> SEQUENCE_BIAS = new GenerationOption<>(
            "sequence_bias",
            OptionType.SEQUENCE_BIASES,
            List.of(),
            OptionRange.any("finite numbers, and token ids from 0 up"),
            "Numbers that are added to the scores of sequences of tokens, such as [[[33,40],-2.5]].");
    public static final GenerationOption<List<Integer>> SUPPRESS_TOKENS =
            tokens("suppress_tokens", "Tokens that must not occur.");
    public static final GenerationOption<List<Integer>> BEGIN_SUPPRESS_TOKENS =
            tokens("begin_suppress_tokens", "Tokens that must not be the first new one.");
    public static final GenerationOption<OptionalInt> FORCED_BOS_TOKEN_ID =
            token("forced_bos_token_id", "The token that must follow the start token.");
    public static final GenerationOption<List<Integer>> FORCED_EOS_TOKEN_ID =
            tokens("forced_eos_token_id", "Tokens of which one must be the last at the maximum length.");
    public static final GenerationOption<Optional<ExponentialDecay>> EXPONENTIAL_DECAY_LENGTH_PENALTY =
            new GenerationOption<>(
                    "exponential_decay_length_penalty",
                    OptionType.EXPONENTIAL_DECAY,
                    Optional.empty(),
                    OptionRange.any("a start from 0 up and a finite factor above 0"),
                    "From START new tokens on, the eos becomes more likely with each token by the factor X; such as"
                            + " [15,1.01].");
    public static final GenerationOption<Boolean> RENORMALIZE_LOGITS =
            flag("renormalize_logits", "Normalize the scores to log-probabilities after all options above.");

    /** An option of Longwing alone, as the four that follow; they are of summaries. */
    public static final GenerationOption<Boolean> EXTRACTIVE = flag(
            "extractive",
            "Write whole sentences of the document and nothing else, each with its place in the column sentences.");

    public static final GenerationOption<SentenceOrder> SENTENCE_ORDER = new GenerationOption<>(
            "sentence_order",
            OptionType.SENTENCE_ORDER,
            SentenceOrder.DOCUMENT,
            OptionRange.any("document or model"),
            "The order of the sentences of an extractive summary: that of the document, or the one that the model"
                    + " finds likeliest.");
    public static final GenerationOption<OptionalInt> MAX_SENTENCES =
            optionalInteger("max_sentences", 1, "Maximum sentences of an extractive summary.");
    public static final GenerationOption<Double> SENTENCE_PRIOR = weight(
            "sentence_prior",
            "This times a score of each sentence by the words of the document alone, 0 to 1.3, is added to its"
                    + " log-probability in an extractive summary, once for each of its tokens; 0 leaves the choice to the"
                    + " model.");
    public static final GenerationOption<Double> SENTENCE_HEAD = weight(
            "sentence_head",
            "This times the probability, 0 to 1, that the model's sentence head gives each sentence is added to its"
                    + " log-probability in an extractive summary, once for each of its tokens; 0 leaves the choice to the"
                    + " decoder. Above 0 the model must have such a head.");

    public static final GenerationOption<OptionalInt> PAD_TOKEN_ID =
            token("pad_token_id", "The token that fills shorter sequences.");
    public static final GenerationOption<OptionalInt> BOS_TOKEN_ID =
            token("bos_token_id", "The start token where --decoder-start-token-id is not set.");
    public static final GenerationOption<List<Integer>> EOS_TOKEN_ID =
            tokens("eos_token_id", "Tokens that end a sequence.");
    public static final GenerationOption<OptionalInt> DECODER_START_TOKEN_ID =
            token("decoder_start_token_id", "The token that the decoder starts with.");

    private static final Set<String> NAMES = Collections.unmodifiableSet(
            new LinkedHashSet<>(TABLE.stream().map(GenerationOption::name).toList()));

    private final String name;
    private final OptionType<T> type;
    private final T defaultValue;
    private final OptionRange<T> range;
    private final String help;

    private GenerationOption(String name, OptionType<T> type, T defaultValue, OptionRange<T> range, String help) {
        this.name = name;
        this.type = type;
        this.defaultValue = defaultValue;
        this.range = range;
        this.help = help;
        TABLE.add(this);
    }

    private static GenerationOption<Integer> integer(String name, int defaultValue, int min, String help) {
        return new GenerationOption<>(name, OptionType.INTEGER, defaultValue, OptionRange.atLeast(min), help);
    }

    private static GenerationOption<OptionalInt> optionalInteger(String name, int min, String help) {
        return new GenerationOption<>(
                name, OptionType.OPTIONAL_INTEGER, OptionalInt.empty(), OptionRange.optionalAtLeast(min), help);
    }

    private static GenerationOption<Double> number(
            String name, double defaultValue, String range, DoublePredicate allowed, String help) {
        return new GenerationOption<>(name, OptionType.NUMBER, defaultValue, OptionRange.number(range, allowed), help);
    }

    private static GenerationOption<Double> weight(String name, String help) {
        return number(name, 0, "a number from 0 up", value -> value >= 0 && Double.isFinite(value), help);
    }

    private static GenerationOption<OptionalDouble> optionalNumber(
            String name, String range, DoublePredicate allowed, String help) {
        return new GenerationOption<>(
                name,
                OptionType.OPTIONAL_NUMBER,
                OptionalDouble.empty(),
                OptionRange.optionalNumber(range, allowed),
                help);
    }

    private static GenerationOption<Boolean> flag(String name, String help) {
        return new GenerationOption<>(name, OptionType.FLAG, false, OptionRange.any("true or false"), help);
    }

    private static GenerationOption<OptionalInt> token(String name, String help) {
        return new GenerationOption<>(
                name, OptionType.TOKEN, OptionalInt.empty(), OptionRange.optionalAtLeast(0), help);
    }

    private static GenerationOption<List<Integer>> tokens(String name, String help) {
        return new GenerationOption<>(name, OptionType.TOKENS, List.of(), OptionRange.tokenIds(), help);
    }

    private static boolean isShare(double value) {
        return value > 0 && value <= 1;
    }

    private static boolean isCutoff(double value) {
        return value >= 0 && value < 1;
    }

    /** The table, in the order of the help page. */
    public static List<GenerationOption<?>> all() {
        return Collections.unmodifiableList(TABLE);
    }

    /** Those that choose the sentences of a summary; they say nothing to a task that goes on with a prompt. */
    public static List<GenerationOption<?>> ofSentences() {
        return List.of(EXTRACTIVE, SENTENCE_ORDER, MAX_SENTENCES, SENTENCE_PRIOR, SENTENCE_HEAD);
    }

    /** Options that a search held to the sentences of a document cannot follow. */
    static List<GenerationOption<?>> offInExtraction() {
        return List.of(
                NUM_RETURN_SEQUENCES,
                NO_REPEAT_NGRAM_SIZE,
                ENCODER_NO_REPEAT_NGRAM_SIZE,
                REPETITION_PENALTY,
                ENCODER_REPETITION_PENALTY,
                BAD_WORDS_IDS,
                SEQUENCE_BIAS,
                SUPPRESS_TOKENS,
                BEGIN_SUPPRESS_TOKENS,
                FORCED_BOS_TOKEN_ID);
    }

    /** The names of all options. */
    static Set<String> names() {
        return NAMES;
    }

    /** transformers' name, such as {@code num_beams}. */
    public String name() {
        return name;
    }

    /** The name in kebab case, such as {@code num-beams}. */
    public String key() {
        return name.replace('_', '-');
    }

    /** What stands for a value in a synopsis, such as {@code N}. */
    public String label() {
        return type.label();
    }

    /** The allowed values in words, such as "at least 1". */
    public String range() {
        return range.text();
    }

    /** What the option does, in whole sentences for a help page; names other options as on the command line. */
    public String help() {
        return help;
    }

    /** The value where neither the model nor the user sets the option. */
    public T defaultValue() {
        return defaultValue;
    }

    /** The default as text, "none" for an option that is absent by default. */
    public String defaultText() {
        JsonElement json = toJson(defaultValue);
        return json.isJsonNull() ? "none" : json.toString();
    }

    /** Whether the option can be given without a value, which means true. */
    public boolean isFlag() {
        return type.label().startsWith(OptionType.FLAG.label());
    }

    /** @throws IllegalArgumentException if the value is outside the range */
    void check(T value) {
        range.violation().apply(value).ifPresent(found -> {
            throw new IllegalArgumentException(unexpected(found, range.text()));
        });
    }

    /** The value in a JSON object, or the default where it is missing or null. */
    T read(JsonFields json) {
        try {
            T value = type.reader().read(json, name).orElse(defaultValue);
            check(value);
            return value;
        } catch (IllegalArgumentException e) {
            throw new UserException("Cannot use " + json.origin() + ": " + e.getMessage(), e);
        }
    }

    /** JSON null for an absent value. */
    JsonElement toJson(T value) {
        return type.writer().apply(value);
    }

    List<Integer> tokenIds(T value) {
        return type.tokenIds().apply(value);
    }

    String unexpected(Object found, String expected) {
        return name + " is " + found + ", expected " + expected;
    }

    @Override
    public String toString() {
        return name;
    }
}
