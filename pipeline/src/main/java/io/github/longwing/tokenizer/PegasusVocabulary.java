package io.github.longwing.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.longwing.error.UserException;
import io.github.longwing.tokenizer.SentencePieceModel.Piece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Makes a {@link TokenizerJson} out of a {@code spiece.model}, as transformers' PegasusTokenizer does. There are two
 * layouts of ids: in BigBird's own vocabulary file an id is the position of the piece; in that of PEGASUS an offset
 * (103) is added to the position, which makes room for control tokens between eos and {@code <unk>}.
 */
final class PegasusVocabulary {
    static final String FILE = "spiece.model";

    private static final int NO_OFFSET = 0;
    private static final int PEGASUS_OFFSET = 103;
    private static final int LARGEST_MULTIPLE = 512;

    /** The score of the control tokens that transformers adds. Unknown characters score 10 less than the lowest piece. */
    private static final double ADDED_CONTROL_SCORE = -100;

    /** PegasusTokenizer's steps; added tokens and pieces are filled in. */
    private static final String STEPS = """
            {
              "version": "1.0",
              "truncation": null,
              "padding": null,
              "added_tokens": [],
              "normalizer": {
                "type": "Sequence",
                "normalizers": [
                  {"type": "Replace", "pattern": {"Regex": "\\n"}, "content": " "},
                  {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}
                ]
              },
              "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
              "post_processor": {
                "type": "TemplateProcessing",
                "single": [
                  {"Sequence": {"id": "A", "type_id": 0}},
                  {"SpecialToken": {"id": "</s>", "type_id": 0}}
                ],
                "pair": [
                  {"Sequence": {"id": "A", "type_id": 0}},
                  {"Sequence": {"id": "B", "type_id": 0}},
                  {"SpecialToken": {"id": "</s>", "type_id": 0}}
                ],
                "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}
              },
              "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
              "model": {"type": "Unigram"}
            }
            """;

    private PegasusVocabulary() {}

    static TokenizerJson read(Path modelDirectory, TokenizerConfig config) {
        Path file = modelDirectory.resolve(FILE);
        SentencePieceModel model = SentencePieceModel.read(file);
        List<AddedTokenEntry> added = AddedTokenEntry.read(modelDirectory);
        return toJson(file.toString(), model, offset(file, model, added, config), added);
    }

    /**
     * The offset of tokenizer_config.json, else the difference between the ids of the model and the pieces. Tokens that
     * were added begin where the pieces end; an embedding table may be rounded up.
     */
    private static int offset(
            Path file, SentencePieceModel model, List<AddedTokenEntry> added, TokenizerConfig config) {
        int pieces = model.pieces().size();
        if (config.offset().isPresent()) {
            return checkedOffset(file, pieces, config.offset().getAsInt(), config);
        }
        int vocabSize = config.vocabSize()
                .orElseThrow(() -> new UserException("Cannot use " + file + ": there is neither "
                        + TokenizerConfig.MODEL_FILE + " with vocab_size nor " + TokenizerConfig.FILE
                        + " with offset beside it, expected one of them to tell the layout of its ids"));
        OptionalInt firstAdded = added.stream()
                .mapToInt(AddedTokenEntry::id)
                .filter(id -> id >= pieces)
                .min();
        int difference = firstAdded.orElse(vocabSize) - pieces;
        if (difference != NO_OFFSET && difference != PEGASUS_OFFSET) {
            int told = ownOffset(model);
            if (isRoundedUp(pieces + told, vocabSize)) {
                return told;
            }
            throw new UserException("Cannot use " + file + ": it has " + pieces + " pieces and vocab_size in "
                    + TokenizerConfig.MODEL_FILE + " is " + vocabSize + ", a difference of " + difference
                    + ", expected 0 or 103; supply the vocabulary of this model, or name the offset in "
                    + TokenizerConfig.FILE);
        }
        return difference;
    }

    /** What the pieces themselves tell: BigBird's own vocabulary has the control tokens among them. */
    private static int ownOffset(SentencePieceModel model) {
        return model.unkPosition() == 2 ? PEGASUS_OFFSET : NO_OFFSET;
    }

    /** Whether a table was made larger than its ids need, to a multiple of a power of two from 8 to 512. */
    private static boolean isRoundedUp(int ids, int vocabSize) {
        for (int multiple = 8; multiple <= LARGEST_MULTIPLE; multiple *= 2) {
            if (vocabSize % multiple == 0 && vocabSize > ids && vocabSize - ids < multiple) {
                return true;
            }
        }
        return false;
    }

    private static int checkedOffset(Path file, int pieces, int offset, TokenizerConfig config) {
        if (offset != NO_OFFSET && offset < 2) { // the two mask tokens need their places
            throw new UserException("Cannot use " + file.resolveSibling(TokenizerConfig.FILE) + ": offset is " + offset
                    + ", expected 0 (BigBird), 103 (PEGASUS) or another number from 2 up");
        }
        if (config.vocabSize().isPresent()
                && pieces + offset > config.vocabSize().getAsInt()) {
            throw new UserException("Cannot use " + file + ": it has " + pieces + " pieces, which with the offset "
                    + offset + " of " + TokenizerConfig.FILE + " make " + (pieces + offset)
                    + " ids, expected at most vocab_size in " + TokenizerConfig.MODEL_FILE + ", which is "
                    + config.vocabSize().getAsInt());
        }
        return offset;
    }

    private static TokenizerJson toJson(
            String origin, SentencePieceModel model, int offset, List<AddedTokenEntry> added) {
        List<Piece> pieces = piecesById(model, offset);
        int unkId = model.unkPosition() + offset;
        JsonObject json = JsonParser.parseString(STEPS).getAsJsonObject();
        JsonArray addedTokens = specialTokens(pieces.subList(0, unkId + 1));
        // what the files call added and is a piece already keeps its place, as in transformers
        added.stream().filter(token -> token.id() >= pieces.size()).forEach(token -> addedTokens.add(token.json()));
        json.add("added_tokens", addedTokens);
        model.charsmap().ifPresent(charsmap -> normalizeBy(charsmap, json));
        if (model.byteFallback()) {
            joinBytes(json);
        }
        JsonObject unigram = json.getAsJsonObject("model");
        unigram.addProperty("unk_id", unkId);
        unigram.add("vocab", vocabulary(pieces));
        unigram.addProperty("byte_fallback", model.byteFallback());
        return new TokenizerJson(origin, json);
    }

    /** Pad and eos have their PEGASUS names whatever the file calls them, as in transformers. */
    private static List<Piece> piecesById(SentencePieceModel model, int offset) {
        List<Piece> pieces = new ArrayList<>(model.pieces().size() + offset);
        pieces.add(new Piece("<pad>", 0));
        pieces.add(new Piece("</s>", 0));
        if (offset != NO_OFFSET) {
            pieces.add(new Piece("<mask_1>", 0));
            pieces.add(new Piece("<mask_2>", 0));
            for (int i = 2; i < offset; i++) {
                pieces.add(new Piece("<unk_" + i + ">", ADDED_CONTROL_SCORE));
            }
        }
        pieces.addAll(model.pieces().subList(2, model.pieces().size()));
        return pieces;
    }

    private static JsonArray specialTokens(List<Piece> pieces) {
        JsonArray tokens = new JsonArray(pieces.size());
        for (int id = 0; id < pieces.size(); id++) {
            JsonObject token = new JsonObject();
            token.addProperty("id", id);
            token.addProperty("content", pieces.get(id).text());
            token.addProperty("single_word", false);
            token.addProperty("lstrip", false);
            token.addProperty("rstrip", false);
            token.addProperty("normalized", false);
            token.addProperty("special", true);
            tokens.add(token);
        }
        return tokens;
    }

    /** A model's own rules deal with newlines too. */
    private static void normalizeBy(PrecompiledCharsmap charsmap, JsonObject json) {
        JsonObject precompiled = new JsonObject();
        precompiled.addProperty("type", "Precompiled");
        precompiled.addProperty("precompiled_charsmap", charsmap.toBase64());
        json.getAsJsonObject("normalizer").getAsJsonArray("normalizers").set(0, precompiled);
    }

    /** Makes decoding put the pieces of single bytes together before anything else. */
    private static void joinBytes(JsonObject json) {
        JsonObject byteFallback = new JsonObject();
        byteFallback.addProperty("type", "ByteFallback");
        JsonArray decoders = new JsonArray(2);
        decoders.add(byteFallback);
        decoders.add(json.get("decoder"));
        JsonObject sequence = new JsonObject();
        sequence.addProperty("type", "Sequence");
        sequence.add("decoders", decoders);
        json.add("decoder", sequence);
    }

    private static JsonArray vocabulary(List<Piece> pieces) {
        JsonArray vocabulary = new JsonArray(pieces.size());
        for (Piece piece : pieces) {
            JsonArray entry = new JsonArray(2);
            entry.add(piece.text());
            entry.add(ExactDecimal.of(piece.score()));
            vocabulary.add(entry);
        }
        return vocabulary;
    }
}
