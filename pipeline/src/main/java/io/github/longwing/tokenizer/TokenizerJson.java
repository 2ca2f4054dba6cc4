package io.github.longwing.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.longwing.error.UserException;
import io.github.longwing.io.JsonFields;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * A tokenizer in the form of Hugging Face's {@code tokenizer.json}: a unigram model and the steps around it. The id of a
 * piece is its position in {@code model.vocab}; the ids below that of {@code <unk>} are control tokens, and so is the eos
 * wherever it stands. Immutable.
 */
final class TokenizerJson {
    static final String FILE = "tokenizer.json";

    private static final List<String> FIELDS =
            List.of("version", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model");

    private final String origin;
    private final JsonObject json;
    private final JsonObject model;
    private final JsonArray vocabulary;
    private final int unkId;
    private final List<AddedToken> addedTokens;

    /**
     * Checks what Longwing relies on and what native code would not survive.
     *
     * @param origin the file that error messages name
     */
    TokenizerJson(String origin, JsonObject json) {
        this.origin = origin;
        this.json = json;
        this.model = object("model", json.get("model"));
        JsonElement type = model.get("type");
        if (type == null || !isString(type) || !type.getAsString().equals("Unigram")) {
            throw unexpected("model.type", type, "\"Unigram\", as BigBirdPegasus has it");
        }
        this.vocabulary = array("model.vocab", model.get("vocab"));
        vocabulary.forEach(this::checkPiece);
        this.unkId = integer("model.unk_id", model.get("unk_id"));
        if (unkId >= vocabulary.size()) {
            throw unexpected("model.unk_id", unkId, "one of the " + vocabulary.size() + " positions in model.vocab");
        }
        this.addedTokens = json.has("added_tokens")
                ? array("added_tokens", json.get("added_tokens")).asList().stream()
                        .map(this::addedToken)
                        .toList()
                : List.of();
        checkCharsmaps(json.get("normalizer"));
    }

    static TokenizerJson read(Path file) {
        JsonFields fields = JsonFields.read(file);
        JsonObject json = new JsonObject();
        FIELDS.forEach(field -> fields.find(field).ifPresent(value -> json.add(field, value)));
        return new TokenizerJson(file.toString(), json);
    }

    String origin() {
        return origin;
    }

    /** How many ids there are: those of the pieces and of the tokens added to them. */
    int size() {
        return addedTokens.stream().mapToInt(token -> token.id() + 1).reduce(vocabulary.size(), Math::max);
    }

    /** Refuses a vocabulary for which the model has not enough ids. */
    void requireAtMost(OptionalInt vocabSize) {
        if (vocabSize.isPresent() && vocabulary.size() > vocabSize.getAsInt()) {
            throw new UserException("Cannot use " + origin + ": it has " + vocabulary.size()
                    + " pieces, expected at most vocab_size in " + TokenizerConfig.MODEL_FILE + ", which is "
                    + vocabSize.getAsInt() + "; supply the vocabulary of this model");
        }
    }

    /** The id of a token spelled like this. */
    OptionalInt idOf(String spelling) {
        for (AddedToken token : addedTokens) {
            if (token.content().equals(spelling)) {
                return OptionalInt.of(token.id());
            }
        }
        for (int id = 0; id < vocabulary.size(); id++) {
            if (spelling(id).equals(spelling)) {
                return OptionalInt.of(id);
            }
        }
        return OptionalInt.empty();
    }

    /** The ids that decoding leaves out: control tokens, {@code <unk>} and whatever else the file calls special. */
    BitSet specialIds(int eosId) {
        BitSet special = new BitSet();
        special.set(0, unkId + 1);
        special.set(eosId);
        addedTokens.stream().filter(AddedToken::special).forEach(token -> special.set(token.id()));
        return special;
    }

    /** Whether a long text can be tokenized in the pieces of {@link DocumentText}. */
    boolean allowsPieces() {
        return WordRule.holds(json.get("normalizer"), json.get("pre_tokenizer"))
                && addedTokens.stream().noneMatch(AddedToken::touchesSpaces);
    }

    /**
     * The text that the native tokenizer is made from. It adds no eos, truncates nothing and pads nothing.
     *
     * @param inDocuments with {@link ControlTokens#AS_TEXT}, control tokens keep their ids and scores but lose their
     *     spellings: a piece without characters matches nothing, so no text leads to them. Dropping them from the added
     *     tokens alone would not do, for they are pieces of the unigram model too, and normalization makes their
     *     spellings out of others, such as full-width letters
     * @param vocabSize how many ids the model knows; added tokens beyond are left out
     */
    String forNativeTokenizer(ControlTokens inDocuments, int eosId, OptionalInt vocabSize) {
        IntPredicate control = id -> id < unkId || id == eosId;
        Predicate<AddedToken> known = token -> token.id() < vocabSize.orElse(Integer.MAX_VALUE);
        JsonArray added = new JsonArray();
        JsonArray pieces = vocabulary;
        switch (inDocuments) {
            case AS_TEXT -> {
                addedTokens.stream()
                        .filter(known.and(token -> !control.test(token.id())))
                        .forEach(token -> added.add(token.json()));
                pieces = withoutSpellings(control);
            }
            case AS_TOKENS -> addedTokens.stream().filter(known).forEach(token -> added.add(token.json()));
        }
        JsonObject bare = new JsonObject();
        bare.addProperty("type", "Unigram");
        bare.addProperty("unk_id", unkId);
        bare.add("vocab", pieces);
        bare.add("byte_fallback", orElse(model.get("byte_fallback"), new JsonPrimitive(false)));

        JsonObject complete = new JsonObject();
        complete.add("version", orElse(json.get("version"), new JsonPrimitive("1.0")));
        complete.add("truncation", JsonNull.INSTANCE);
        complete.add("padding", JsonNull.INSTANCE);
        complete.add("added_tokens", added);
        complete.add("normalizer", orElse(json.get("normalizer"), JsonNull.INSTANCE));
        complete.add("pre_tokenizer", orElse(json.get("pre_tokenizer"), JsonNull.INSTANCE));
        complete.add("post_processor", JsonNull.INSTANCE);
        complete.add("decoder", orElse(json.get("decoder"), JsonNull.INSTANCE));
        complete.add("model", bare);
        return complete.toString();
    }

    /** The whole file, as transformers would write it. */
    @Override
    public String toString() {
        return json.toString();
    }

    UserException unexpected(String name, Object found, String wanted) {
        return new UserException("Cannot use " + origin + ": " + name + " is " + (found == null ? "missing" : found)
                + ", expected " + wanted);
    }

    private JsonArray withoutSpellings(IntPredicate control) {
        JsonArray pieces = new JsonArray(vocabulary.size());
        for (int id = 0; id < vocabulary.size(); id++) {
            JsonElement piece = vocabulary.get(id);
            if (control.test(id)) {
                JsonArray silent = new JsonArray(2);
                silent.add("");
                silent.add(piece.getAsJsonArray().get(1));
                pieces.add(silent);
            } else {
                pieces.add(piece);
            }
        }
        return pieces;
    }

    private String spelling(int id) {
        return vocabulary.get(id).getAsJsonArray().get(0).getAsString();
    }

    private void checkPiece(JsonElement piece) {
        boolean sound = piece.isJsonArray()
                && piece.getAsJsonArray().size() == 2
                && isString(piece.getAsJsonArray().get(0))
                && isNumber(piece.getAsJsonArray().get(1))
                && Double.isFinite(piece.getAsJsonArray().get(1).getAsDouble());
        if (!sound) {
            throw unexpected("an entry of model.vocab", piece, "a piece and its score");
        }
    }

    private AddedToken addedToken(JsonElement element) {
        JsonObject token = object("an entry of added_tokens", element);
        JsonElement content = token.get("content");
        if (content == null || !isString(content)) {
            throw unexpected("content of an added token", content, "a string");
        }
        return new AddedToken(integer("id of an added token", token.get("id")), content.getAsString(), token);
    }

    /** A normalizer is an object, possibly with a list of others inside. Native code gives up on a bad charsmap. */
    private void checkCharsmaps(JsonElement normalizer) {
        if (normalizer == null || !normalizer.isJsonObject()) {
            return;
        }
        JsonObject step = normalizer.getAsJsonObject();
        if (new JsonPrimitive("Precompiled").equals(step.get("type"))) {
            JsonElement charsmap = step.get("precompiled_charsmap");
            if (charsmap == null || !isString(charsmap)) {
                throw unexpected("precompiled_charsmap", charsmap, "a string");
            }
            PrecompiledCharsmap.ofBase64(charsmap.getAsString(), origin);
        }
        if (step.get("normalizers") instanceof JsonArray steps) {
            steps.forEach(this::checkCharsmaps);
        }
    }

    private JsonObject object(String name, JsonElement element) {
        if (element == null || !element.isJsonObject()) {
            throw unexpected(name, element, "an object");
        }
        return element.getAsJsonObject();
    }

    private JsonArray array(String name, JsonElement element) {
        if (element == null || !element.isJsonArray()) {
            throw unexpected(name, element, "a list");
        }
        return element.getAsJsonArray();
    }

    private int integer(String name, JsonElement element) {
        if (element != null && isNumber(element)) {
            double value = element.getAsDouble();
            if (value == Math.rint(value) && value >= 0 && value < Integer.MAX_VALUE) {
                return (int) value;
            }
        }
        throw unexpected(name, element, "an integer from 0 up");
    }

    private static JsonElement orElse(JsonElement element, JsonElement otherwise) {
        return element == null ? otherwise : element;
    }

    private static boolean isString(JsonElement element) {
        return element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
    }

    private static boolean isNumber(JsonElement element) {
        return element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber();
    }

    /** A token that is found in a text before the unigram model sees it. */
    private record AddedToken(int id, String content, JsonObject json) {
        boolean special() {
            return flag("special");
        }

        boolean touchesSpaces() {
            return flag("lstrip")
                    || flag("rstrip")
                    || flag("single_word")
                    || content.chars().anyMatch(Character::isWhitespace);
        }

        private boolean flag(String name) {
            JsonElement value = json.get(name);
            return value != null && value.isJsonPrimitive() && value.getAsBoolean();
        }
    }
}
