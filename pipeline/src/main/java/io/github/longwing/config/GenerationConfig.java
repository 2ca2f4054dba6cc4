package io.github.longwing.config;

import static io.github.longwing.config.GenerationOption.BOS_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.DECODER_START_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.DO_SAMPLE;
import static io.github.longwing.config.GenerationOption.EOS_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.EXTRACTIVE;
import static io.github.longwing.config.GenerationOption.FORCED_BOS_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.FORCED_EOS_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.LENGTH_PENALTY;
import static io.github.longwing.config.GenerationOption.MAX_LENGTH;
import static io.github.longwing.config.GenerationOption.MAX_NEW_TOKENS;
import static io.github.longwing.config.GenerationOption.MIN_LENGTH;
import static io.github.longwing.config.GenerationOption.MIN_NEW_TOKENS;
import static io.github.longwing.config.GenerationOption.NUM_BEAMS;
import static io.github.longwing.config.GenerationOption.NUM_RETURN_SEQUENCES;
import static io.github.longwing.config.GenerationOption.PAD_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.RENORMALIZE_LOGITS;
import static io.github.longwing.config.GenerationOption.SUPPRESS_TOKENS;
import static io.github.longwing.config.GenerationOption.TEMPERATURE;

import io.github.longwing.error.UserException;
import io.github.longwing.io.JsonFields;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How text is generated: a value for every {@link GenerationOption}, and what follows from several of them together.
 * Immutable.
 */
public final class GenerationConfig {

    /** The limit where neither a file nor the user sets one: a start token and 255 more. */
    public static final int DEFAULT_MAX_LENGTH = 256;

    private final OptionValues values;

    private GenerationConfig(OptionValues values) {
        this.values = values;
    }

    /** Checks what one option requires of another. */
    private static GenerationConfig of(String origin, OptionValues values) {
        GenerationConfig config = new GenerationConfig(values);
        int sequences = config.get(NUM_RETURN_SEQUENCES);
        int beams = config.get(NUM_BEAMS);
        boolean sampling = config.get(DO_SAMPLE);
        if (beams > 1) {
            require(
                    sequences <= beams,
                    origin,
                    NUM_RETURN_SEQUENCES.unexpected(
                            sequences, "at most num_beams, which is " + beams + "; raise num_beams"));
        } else if (!sampling) {
            require(
                    sequences == 1,
                    origin,
                    NUM_RETURN_SEQUENCES.unexpected(
                            sequences, "1 for greedy search; raise num_beams or set do_sample"));
        }
        double temperature = config.get(TEMPERATURE);
        require(temperature > 0 || !sampling, origin, TEMPERATURE.unexpected(temperature, TEMPERATURE.range()));
        config.requireNotSuppressed(origin, FORCED_BOS_TOKEN_ID);
        config.requireNotSuppressed(origin, FORCED_EOS_TOKEN_ID);
        return config;
    }

    /** A forced token that is banned would leave no token at all. */
    private <T> void requireNotSuppressed(String origin, GenerationOption<T> option) {
        List<Integer> forced = option.tokenIds(get(option));
        List<Integer> suppressed = get(SUPPRESS_TOKENS);
        require(
                forced.isEmpty() || !new HashSet<>(suppressed).containsAll(forced),
                origin,
                option.unexpected(forced, "a token that suppress_tokens does not name, which bans " + suppressed));
    }

    private static void require(boolean holds, String origin, String message) {
        if (!holds) {
            throw new UserException("Cannot use " + origin + ": " + message);
        }
    }

    /** Fields that are missing or null get transformers' defaults; fields of other names are left alone. */
    static GenerationConfig read(JsonFields json) {
        return of(json.origin(), OptionValues.read(json, GenerationOption.all()));
    }

    /** The value of an option. */
    public <T> T get(GenerationOption<T> option) {
        return values.find(option).orElseThrow();
    }

    /** With another value for one option, from the file {@code origin}. */
    <T> GenerationConfig with(String origin, GenerationOption<T> option, T value) {
        return of(origin, values.with(option, value));
    }

    /** transformers' defaults: greedy search, no special tokens, no length. */
    public static GenerationConfig defaults() {
        return read(JsonFields.parse("the defaults", "{}"));
    }

    /**
     * The options of a checkpoint: those of generation_config.json, or of config.json where that file is missing, then
     * transformers' defaults. A file without a start token, which transformers refuses, has its special
     * tokens completed from config.json.
     *
     * @throws UserException for a value that cannot be, and for an option that Longwing does not have
     */
    public static GenerationConfig read(Path modelDirectory) {
        return GenerationConfigFiles.read(modelDirectory);
    }

    /**
     * This with some options replaced.
     *
     * @throws UserException naming option, value and what was expected, where the values contradict each other
     */
    public GenerationConfig with(GenerationOverrides overrides) {
        String origin = GenerationOverrides.ORIGIN;
        OptionValues given = overrides.values();
        GenerationConfig result = held(of(origin, values.with(given)), given);
        // Against a length of the model this is a note, as in transformers; both set by the user are a mistake.
        boolean bothGiven = given.hasAny(MIN_LENGTH, MIN_NEW_TOKENS) && given.hasAny(MAX_LENGTH, MAX_NEW_TOKENS);
        if (bothGiven && result.exceedsItsLimit()) {
            throw new UserException("Cannot use " + origin + ": " + result.minText() + " is above " + result.maxText()
                    + ", expected a least length within the limit; lower the one or raise the other");
        }
        return result;
    }

    /**
     * A configuration that is held to the sentences of a document is without what would ban some of their tokens, and
     * compares the tokens that are left by their probabilities among themselves.
     */
    private GenerationConfig held(GenerationConfig config, OptionValues given) {
        boolean saysHowToCompare = given.find(RENORMALIZE_LOGITS).isPresent();
        if (!config.get(EXTRACTIVE)) {
            boolean turnedOff = get(EXTRACTIVE);
            return turnedOff && !saysHowToCompare
                    ? of(GenerationOverrides.ORIGIN, config.values.with(RENORMALIZE_LOGITS, false))
                    : config;
        }
        OptionValues values = config.values;
        for (GenerationOption<?> option : GenerationOption.offInExtraction()) {
            values = withoutInExtraction(option, values, given);
        }
        boolean turnedOn = given.find(EXTRACTIVE).isPresent(); // a file that has it also says how scores are compared
        if (turnedOn && !saysHowToCompare) {
            values = values.with(RENORMALIZE_LOGITS, true);
        }
        return of(GenerationOverrides.ORIGIN, values);
    }

    private static <T> OptionValues withoutInExtraction(
            GenerationOption<T> option, OptionValues values, OptionValues given) {
        T off = option.defaultValue();
        given.find(option)
                .ifPresent(value -> require(
                        value.equals(off),
                        GenerationOverrides.ORIGIN,
                        option.unexpected(option.toJson(value), option.defaultText())
                                + " in an extractive summary, which has whole sentences of the document; leave it out or set"
                                + " extractive to false"));
        return values.with(option, off);
    }

    /** The overrides that made this configuration, with the values that decide on result columns named. */
    public GenerationOverrides resolve(GenerationOverrides overrides) {
        return overrides.with(NUM_RETURN_SEQUENCES, get(NUM_RETURN_SEQUENCES));
    }

    /** As {@link #resolve}, for summaries, which may be extractive. */
    public GenerationOverrides resolveSummary(GenerationOverrides overrides) {
        return resolve(overrides).with(EXTRACTIVE, get(EXTRACTIVE)).with(RENORMALIZE_LOGITS, get(RENORMALIZE_LOGITS));
    }

    /** {@link #with(GenerationOverrides)} of texts as {@link GenerationOverrides#parse} takes them. */
    public GenerationConfig with(Map<String, String> overrides) {
        return with(GenerationOverrides.parse(overrides));
    }

    /** The options that are not absent, by transformers' names; {@code defaults().with(...)} of them is equal to this. */
    public Map<String, String> settings() {
        Map<String, String> settings = values.texts();
        settings.values().removeIf("null"::equals);
        return settings;
    }

    /** Whether neither the model nor the user sets a limit, so that {@link #DEFAULT_MAX_LENGTH} holds. */
    public boolean usesDefaultMaxLength() {
        return get(MAX_LENGTH).isEmpty() && get(MAX_NEW_TOKENS).isEmpty();
    }

    /**
     * The maximum length of a sequence, in tokens. The default limit gives a long prompt as many new tokens as a start token,
     * within the positions of the model.
     *
     * @param promptTokens 1 for the start token of an encoder-decoder model
     */
    public int lengthLimit(int promptTokens, int maxPositions) {
        if (get(MAX_NEW_TOKENS).isPresent()) {
            return promptTokens + get(MAX_NEW_TOKENS).getAsInt();
        }
        return get(MAX_LENGTH).orElseGet(() -> Math.min(promptTokens + DEFAULT_MAX_LENGTH - 1, maxPositions));
    }

    /**
     * The longest prompt that leaves room in a decoder of so many positions for as many tokens as the options ask for, at
     * least 1. A {@code max_length} counts the prompt, so it does not limit the prompt.
     */
    public int promptLimit(int maxPositions) {
        int wanted = usesDefaultMaxLength()
                ? DEFAULT_MAX_LENGTH - 1
                : get(MAX_NEW_TOKENS).orElse(1);
        return Math.max(1, maxPositions - wanted);
    }

    /** The minimum length of a sequence, in tokens. */
    public int minSequenceLength(int promptTokens) {
        return get(MIN_NEW_TOKENS).isPresent()
                ? promptTokens + get(MIN_NEW_TOKENS).getAsInt()
                : get(MIN_LENGTH);
    }

    /** The token that a decoder starts with: transformers falls back to the bos. */
    public OptionalInt startTokenId() {
        return get(DECODER_START_TOKEN_ID).isPresent() ? get(DECODER_START_TOKEN_ID) : get(BOS_TOKEN_ID);
    }

    /**
     * The token after the end of a sequence that is shorter than another of its document. transformers' beam search
     * fills with the first eos where the pad is 0. Without pad and eos it is -1.
     */
    public int fillTokenId() {
        int eos = get(EOS_TOKEN_ID).isEmpty() ? -1 : get(EOS_TOKEN_ID).get(0);
        if (get(NUM_BEAMS) == 1) {
            return get(PAD_TOKEN_ID).orElse(eos);
        }
        return get(EOS_TOKEN_ID).isEmpty() || get(PAD_TOKEN_ID).orElse(0) == 0
                ? eos
                : get(PAD_TOKEN_ID).getAsInt();
    }

    /** What the user should be told about these settings before work starts, in whole sentences; often nothing. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (usesDefaultMaxLength()) {
            notes.add("max_length is " + DEFAULT_MAX_LENGTH + ": neither the model nor the options name a limit");
        }
        if (get(MAX_NEW_TOKENS).isPresent() && get(MAX_LENGTH).isPresent()) {
            notes.add("max_new_tokens " + get(MAX_NEW_TOKENS).getAsInt() + " is used in place of max_length "
                    + get(MAX_LENGTH).getAsInt());
        }
        if (get(MIN_NEW_TOKENS).isPresent() && get(MIN_LENGTH) > 0) {
            notes.add("min_new_tokens " + get(MIN_NEW_TOKENS).getAsInt() + " is used in place of min_length "
                    + get(MIN_LENGTH));
        }
        if (exceedsItsLimit() && !get(EXTRACTIVE)) { // which ends where no further sentence fits
            notes.add(minText() + " is above " + maxText() + ": sequences end at the limit, without an eos");
        }
        if (get(EOS_TOKEN_ID).isEmpty() && get(FORCED_EOS_TOKEN_ID).isEmpty()) {
            notes.add("eos_token_id is not set: every sequence runs to its limit");
        }
        return List.copyOf(notes);
    }

    /**
     * Checks lengths and token ids against a model.
     *
     * @throws UserException before any work, where they do not fit
     */
    public void checkAgainst(BigBirdPegasusConfig model) {
        int positions = model.maxPositionEmbeddings();
        int limit = lengthLimit(1, positions);
        if (limit > positions) {
            throw new UserException("Cannot generate: " + maxText() + " makes sequences of " + limit
                    + " tokens with the start token, expected at most " + positions
                    + ", the model's max_position_embeddings; lower "
                    + (get(MAX_NEW_TOKENS).isPresent() ? "max_new_tokens" : "max_length"));
        }
        if (Math.pow(limit, Math.abs(get(LENGTH_PENALTY))) > Float.MAX_VALUE) {
            throw new UserException("Cannot generate: length_penalty is " + get(LENGTH_PENALTY)
                    + ", expected a power of " + limit + " that a float holds; move it towards 0");
        }
        int vocabSize = model.vocabSize();
        GenerationOption.all().forEach(option -> requireKnownTokens(option, vocabSize));
        if (get(NUM_BEAMS) > 1 && candidatesPerBeam() > vocabSize) {
            throw new UserException("Cannot generate: eos_token_id names "
                    + get(EOS_TOKEN_ID).size() + " tokens, expected fewer than vocab_size, which is " + vocabSize);
        }
    }

    /** How many continuations beam search looks at for each beam: enough to go on where all the best ones end. */
    public int candidatesPerBeam() {
        return Math.max(2, 1 + get(EOS_TOKEN_ID).size());
    }

    /** The option that sets the maximum length, with its value. */
    String maxText() {
        return get(MAX_NEW_TOKENS).isPresent()
                ? "max_new_tokens " + get(MAX_NEW_TOKENS).getAsInt()
                : "max_length " + get(MAX_LENGTH).orElse(DEFAULT_MAX_LENGTH);
    }

    /** The option that sets the minimum length, with its value. */
    String minText() {
        return get(MIN_NEW_TOKENS).isPresent()
                ? "min_new_tokens " + get(MIN_NEW_TOKENS).getAsInt()
                : "min_length " + get(MIN_LENGTH);
    }

    /** Finds a token id that the vocabulary lacks; a bos is not used where there is another start token. */
    private <T> void requireKnownTokens(GenerationOption<T> option, int vocabSize) {
        if (option.equals(BOS_TOKEN_ID) && get(DECODER_START_TOKEN_ID).isPresent()) {
            return;
        }
        for (int id : option.tokenIds(get(option))) {
            if (id >= vocabSize) {
                throw new UserException("Cannot generate: " + option.name() + " names the token " + id
                        + ", expected an id below " + vocabSize + ", the model's vocab_size");
            }
        }
    }

    private boolean exceedsItsLimit() {
        return minSequenceLength(1) > lengthLimit(1, Integer.MAX_VALUE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GenerationConfig that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return settings().toString();
    }
}
