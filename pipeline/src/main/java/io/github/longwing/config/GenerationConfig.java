package io.github.longwing.config;

import io.github.longwing.error.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How text is generated, under the names and with the meaning of transformers' {@code GenerationConfig}. Lengths are in
 * tokens; {@code maxLength} and {@code minLength} count the start token or the prompt, the {@code New} ones do not.
 * Lists are empty and optionals absent where an option is off. Immutable.
 *
 * @param maxNewTokens beats {@code maxLength}
 * @param minNewTokens beats {@code minLength}
 * @param numReturnSequences texts for each document: at most {@code numBeams} unless sampling, 1 for greedy search
 * @param lengthPenalty the power of the length that a sequence's score is divided by; used by beam search
 * @param doSample whether tokens are drawn; the eight options after it act only then
 * @param topK how many tokens stay in the draw, 0 for all
 * @param noRepeatNgramSize 0 for off, as is {@code encoderNoRepeatNgramSize}
 * @param seed decides all draws, together with the id of the document; Longwing's own option
 */
public record GenerationConfig(
        OptionalInt maxLength,
        OptionalInt maxNewTokens,
        int minLength,
        OptionalInt minNewTokens,
        int numBeams,
        int numReturnSequences,
        EarlyStopping earlyStopping,
        double lengthPenalty,
        boolean doSample,
        double temperature,
        int topK,
        double topP,
        OptionalDouble topH,
        OptionalDouble minP,
        double typicalP,
        double epsilonCutoff,
        double etaCutoff,
        double repetitionPenalty,
        double encoderRepetitionPenalty,
        int noRepeatNgramSize,
        int encoderNoRepeatNgramSize,
        List<List<Integer>> badWordsIds,
        List<SequenceBias> sequenceBias,
        List<Integer> suppressTokens,
        List<Integer> beginSuppressTokens,
        OptionalInt forcedBosTokenId,
        List<Integer> forcedEosTokenId,
        Optional<ExponentialDecay> exponentialDecayLengthPenalty,
        boolean renormalizeLogits,
        OptionalInt padTokenId,
        OptionalInt bosTokenId,
        List<Integer> eosTokenId,
        OptionalInt decoderStartTokenId,
        long seed) {

    /** The limit where neither a file nor the user names one: a start token and 255 more. */
    public static final int DEFAULT_MAX_LENGTH = 256;

    /** The seed where the user names none: the same draws in every run. */
    public static final long DEFAULT_SEED = 0;

    public GenerationConfig {
        badWordsIds = badWordsIds.stream().map(List::copyOf).toList();
        sequenceBias = List.copyOf(sequenceBias);
        suppressTokens = List.copyOf(suppressTokens);
        beginSuppressTokens = List.copyOf(beginSuppressTokens);
        forcedEosTokenId = List.copyOf(forcedEosTokenId);
        eosTokenId = List.copyOf(eosTokenId);

        requireAtLeast("max_length", maxLength, 2);
        requireAtLeast("max_new_tokens", maxNewTokens, 1);
        requireAtLeast("min_length", OptionalInt.of(minLength), 0);
        requireAtLeast("min_new_tokens", minNewTokens, 0);
        requireAtLeast("num_beams", OptionalInt.of(numBeams), 1);
        requireAtLeast("num_return_sequences", OptionalInt.of(numReturnSequences), 1);
        requireAtLeast("top_k", OptionalInt.of(topK), 0);
        requireAtLeast("no_repeat_ngram_size", OptionalInt.of(noRepeatNgramSize), 0);
        requireAtLeast("encoder_no_repeat_ngram_size", OptionalInt.of(encoderNoRepeatNgramSize), 0);
        requireAtLeast("forced_bos_token_id", forcedBosTokenId, 0);
        requireAtLeast("pad_token_id", padTokenId, 0);
        requireAtLeast("bos_token_id", bosTokenId, 0);
        requireAtLeast("decoder_start_token_id", decoderStartTokenId, 0);
        requireIds("suppress_tokens", suppressTokens);
        requireIds("begin_suppress_tokens", beginSuppressTokens);
        requireIds("forced_eos_token_id", forcedEosTokenId);
        requireIds("eos_token_id", eosTokenId);
        for (List<Integer> word : badWordsIds) {
            requireIds("bad_words_ids", word);
            require(!word.isEmpty(), "bad_words_ids", badWordsIds, "no empty list among them");
        }

        require(Double.isFinite(lengthPenalty), "length_penalty", lengthPenalty, "a finite number");
        // 0 is what many write for greedy search, where the temperature plays no part
        require(
                isPositive(temperature) || (temperature == 0 && !doSample),
                "temperature",
                temperature,
                "a number above 0; leave out do_sample for greedy search");
        require(topP > 0 && topP <= 1, "top_p", topP, "a number above 0 and at most 1");
        require(typicalP > 0 && typicalP <= 1, "typical_p", typicalP, "a number above 0 and at most 1");
        double h = topH.orElse(1);
        require(h > 0 && h <= 1, "top_h", h, "a number above 0 and at most 1");
        double p = minP.orElse(0);
        require(p >= 0 && p <= 1, "min_p", p, "a number from 0 to 1");
        require(epsilonCutoff >= 0 && epsilonCutoff < 1, "epsilon_cutoff", epsilonCutoff, "at least 0 and below 1");
        require(etaCutoff >= 0 && etaCutoff < 1, "eta_cutoff", etaCutoff, "at least 0 and below 1");
        require(isPositive(repetitionPenalty), "repetition_penalty", repetitionPenalty, "a number above 0");
        require(
                isPositive(encoderRepetitionPenalty),
                "encoder_repetition_penalty",
                encoderRepetitionPenalty,
                "a number above 0");

        if (numBeams > 1) {
            require(
                    numReturnSequences <= numBeams,
                    "num_return_sequences",
                    numReturnSequences,
                    "at most num_beams, which is " + numBeams + "; raise num_beams");
        } else if (!doSample) {
            require(
                    numReturnSequences == 1,
                    "num_return_sequences",
                    numReturnSequences,
                    "1 for greedy search; raise num_beams or set do_sample");
        }
        requireNotSuppressed(
                "forced_bos_token_id", forcedBosTokenId.stream().boxed().toList(), suppressTokens);
        requireNotSuppressed("forced_eos_token_id", forcedEosTokenId, suppressTokens);
    }

    /** transformers' defaults: greedy search, no special tokens, no length. */
    public static GenerationConfig defaults() {
        return GenerationConfigJson.read(JsonFields.parse("the defaults", "{}"));
    }

    /**
     * The settings of a checkpoint: those of generation_config.json, or of config.json where that file is missing, then
     * transformers' defaults. A file that names no token to start with, which transformers refuses, has its special
     * tokens completed from config.json.
     *
     * @throws UserException for a value that cannot be, and for an option that Longwing does not have
     */
    public static GenerationConfig read(Path modelDirectory) {
        return GenerationConfigFiles.read(modelDirectory);
    }

    /**
     * These settings with some replaced.
     *
     * @param overrides values as on a command line, under names in snake or kebab case: {@code num-beams} to {@code 5},
     *     {@code early-stopping} to {@code never}, {@code eos-token-id} to {@code 1,2}, {@code bad-words-ids} to
     *     {@code [[17],[33,40]]}; {@code null} takes the value of a file away
     * @throws UserException naming option, value and what was expected, also where the overrides contradict each other
     */
    public GenerationConfig with(Map<String, String> overrides) {
        return GenerationOverrides.apply(this, overrides);
    }

    /** The options that are set, by transformers' names; {@code defaults().with(...)} of them gives this back. */
    public Map<String, String> settings() {
        return GenerationConfigJson.settings(this);
    }

    /** Whether nobody named a limit, so that {@link #DEFAULT_MAX_LENGTH} holds. */
    public boolean usesDefaultMaxLength() {
        return maxLength.isEmpty() && maxNewTokens.isEmpty();
    }

    /**
     * The most tokens of a whole sequence. The default limit gives a long prompt as many new tokens as a start token,
     * within the positions of the model.
     *
     * @param promptTokens 1 for the start token of an encoder-decoder model
     */
    public int lengthLimit(int promptTokens, int maxPositions) {
        if (maxNewTokens.isPresent()) {
            return promptTokens + maxNewTokens.getAsInt();
        }
        return maxLength.orElseGet(() -> Math.min(promptTokens + DEFAULT_MAX_LENGTH - 1, maxPositions));
    }

    /**
     * The longest prompt that a decoder of so many positions can read and still generate as much as was asked for, at
     * least 1. A {@code max_length} counts the prompt, so that it is no reason to cut one.
     */
    public int promptLimit(int maxPositions) {
        int wanted = usesDefaultMaxLength() ? DEFAULT_MAX_LENGTH - 1 : maxNewTokens.orElse(1);
        return Math.max(1, maxPositions - wanted);
    }

    /** The length of a whole sequence below which it may not end. */
    public int leastLength(int promptTokens) {
        return minNewTokens.isPresent() ? promptTokens + minNewTokens.getAsInt() : minLength;
    }

    /** The token that a decoder starts with: transformers falls back to the bos. */
    public OptionalInt startTokenId() {
        return decoderStartTokenId.isPresent() ? decoderStartTokenId : bosTokenId;
    }

    /**
     * The token after the end of a sequence that is shorter than another of its document. transformers' beam search
     * fills with the first eos where the pad is 0. Without pad and eos it is -1.
     */
    public int fillTokenId() {
        int eos = eosTokenId.isEmpty() ? -1 : eosTokenId.get(0);
        if (numBeams == 1) {
            return padTokenId.orElse(eos);
        }
        return eosTokenId.isEmpty() || padTokenId.orElse(0) == 0 ? eos : padTokenId.getAsInt();
    }

    /** What the user should be told about these settings before work starts, in whole sentences; often nothing. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (usesDefaultMaxLength()) {
            notes.add("max_length is " + DEFAULT_MAX_LENGTH + ": neither the model nor the options name a limit");
        }
        if (maxNewTokens.isPresent() && maxLength.isPresent()) {
            notes.add("max_new_tokens " + maxNewTokens.getAsInt() + " is used in place of max_length "
                    + maxLength.getAsInt());
        }
        if (minNewTokens.isPresent() && minLength > 0) {
            notes.add("min_new_tokens " + minNewTokens.getAsInt() + " is used in place of min_length " + minLength);
        }
        if (leastLength(1) > lengthLimit(1, Integer.MAX_VALUE)) {
            notes.add(least() + " is above " + most() + ": sequences end at the limit, without an eos");
        }
        if (eosTokenId.isEmpty() && forcedEosTokenId.isEmpty()) {
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
            throw new UserException("Cannot generate: " + most() + " makes sequences of " + limit
                    + " tokens with the start token, expected at most " + positions
                    + ", the model's max_position_embeddings; lower "
                    + (maxNewTokens.isPresent() ? "max_new_tokens" : "max_length"));
        }
        if (Math.pow(limit, Math.abs(lengthPenalty)) > Float.MAX_VALUE) {
            throw new UserException("Cannot generate: length_penalty is " + lengthPenalty + ", expected a power of "
                    + limit + " that a float holds; move it towards 0");
        }
        int vocabSize = model.vocabSize();
        tokenIds().forEach((name, ids) -> ids.stream()
                .filter(id -> id >= vocabSize)
                .findFirst()
                .ifPresent(id -> {
                    throw new UserException("Cannot generate: " + name + " names the token " + id
                            + ", expected an id below " + vocabSize + ", the model's vocab_size");
                }));
        if (numBeams > 1 && candidatesPerBeam() > vocabSize) {
            throw new UserException("Cannot generate: eos_token_id names " + eosTokenId.size()
                    + " tokens, expected fewer than vocab_size, which is " + vocabSize);
        }
    }

    /** How many continuations beam search looks at for each beam: enough to go on where all the best ones end. */
    public int candidatesPerBeam() {
        return Math.max(2, 1 + eosTokenId.size());
    }

    /** The option that decides the limit, with its value. */
    String most() {
        return maxNewTokens.isPresent()
                ? "max_new_tokens " + maxNewTokens.getAsInt()
                : "max_length " + maxLength.orElse(DEFAULT_MAX_LENGTH);
    }

    /** The option that decides the least length, with its value. */
    String least() {
        return minNewTokens.isPresent() ? "min_new_tokens " + minNewTokens.getAsInt() : "min_length " + minLength;
    }

    private Map<String, List<Integer>> tokenIds() {
        return Map.of(
                "bad_words_ids", badWordsIds.stream().flatMap(List::stream).toList(),
                "sequence_bias",
                        sequenceBias.stream()
                                .flatMap(b -> b.tokenIds().stream())
                                .toList(),
                "suppress_tokens", suppressTokens,
                "begin_suppress_tokens", beginSuppressTokens,
                "forced_bos_token_id", forcedBosTokenId.stream().boxed().toList(),
                "forced_eos_token_id", forcedEosTokenId,
                "eos_token_id", eosTokenId,
                "pad_token_id", padTokenId.stream().boxed().toList(),
                "decoder_start_token_id", startTokenId().stream().boxed().toList());
    }

    /** Above 0 also as a float, which is what scores are divided by. */
    private static boolean isPositive(double value) {
        return (float) value > 0 && (float) value < Float.POSITIVE_INFINITY;
    }

    private static void requireAtLeast(String name, OptionalInt value, int least) {
        value.ifPresent(v -> require(v >= least, name, v, "at least " + least));
    }

    private static void requireIds(String name, List<Integer> ids) {
        ids.forEach(id -> require(id >= 0, name, id, "token ids from 0 up"));
    }

    private static void requireNotSuppressed(String name, List<Integer> forced, List<Integer> suppressed) {
        require(
                forced.isEmpty() || !new HashSet<>(suppressed).containsAll(forced),
                name,
                forced,
                "a token that suppress_tokens does not name, which bans " + suppressed);
    }

    private static void require(boolean holds, String name, Object found, String wanted) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + found + ", expected " + wanted);
        }
    }
}
