package io.github.longwing.tokenizer;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;

/**
 * Text to token ids with offsets, and back, as transformers' tokenizer does it for a model directory, but for control
 * tokens spelled out in a document (see {@link ControlTokens}).
 *
 * <p>Thread-safe. Holds native memory until {@link #close}, which waits for calls under way; later calls throw
 * {@link IllegalStateException}.
 */
public final class Tokenizer implements AutoCloseable {
    /** Chars in a piece that native code gets at a time, so that its memory stays bounded. */
    private static final int PIECE_LENGTH = 1 << 15;
    /** The most bytes of UTF-8 without a place to cut: native code takes up to 130 times as much while it works. */
    private static final int LONGEST_PIECE = 12 << 20;

    private final NativeTokenizer tokenizer;
    private final int vocabularySize;
    private final int eosId;
    private final BitSet specialIds;
    private final TokenizerConfig.CleanUp cleanUp;
    private final int pieceLength;

    private Tokenizer(
            NativeTokenizer tokenizer,
            int vocabularySize,
            int eosId,
            BitSet specialIds,
            TokenizerConfig.CleanUp cleanUp,
            int pieceLength) {
        this.tokenizer = tokenizer;
        this.vocabularySize = vocabularySize;
        this.eosId = eosId;
        this.specialIds = specialIds;
        this.cleanUp = cleanUp;
        this.pieceLength = pieceLength;
    }

    /** Loads a tokenizer for which control tokens in documents are text. */
    public static Tokenizer load(Path modelDirectory) {
        return load(modelDirectory, ControlTokens.AS_TEXT);
    }

    /**
     * Loads {@code tokenizer.json} of a model directory, else {@code spiece.model} with the layout of ids that
     * {@code tokenizer_config.json} or {@code config.json} tell; reads no other file.
     *
     * @throws UserException if a file is missing, damaged or of another kind
     */
    public static Tokenizer load(Path modelDirectory, ControlTokens inDocuments) {
        return load(modelDirectory, inDocuments, PIECE_LENGTH);
    }

    static Tokenizer load(Path modelDirectory, ControlTokens inDocuments, int pieceLength) {
        TokenizerConfig config = TokenizerConfig.read(modelDirectory);
        TokenizerJson json = read(modelDirectory, config);
        int eosId = json.idOf(config.eosToken())
                .orElseThrow(() -> json.unexpected("the eos token " + config.eosToken(), null, "one of its pieces"));
        json.requireAtMost(config.vocabSize());
        return new Tokenizer(
                NativeTokenizer.fromJson(
                        json.forNativeTokenizer(inDocuments, eosId, config.vocabSize()), json.origin()),
                json.size(),
                eosId,
                json.specialIds(eosId),
                config.cleanUp(),
                json.allowsPieces() ? pieceLength : Integer.MAX_VALUE);
    }

    /**
     * Writes the {@code tokenizer.json} of a model directory, made from {@code spiece.model} if there is none: the form
     * that loads without knowledge of layouts, here and in transformers. {@code tokenizer_config.json}, where a model
     * directory has one, belongs beside it.
     *
     * @throws UserException as {@link #load(Path)}, or if the file exists or cannot be written
     */
    public static void writeTokenizerJson(Path modelDirectory, Path tokenizerJson) {
        Path existing = modelDirectory.resolve(TokenizerJson.FILE);
        TokenizerJson json = read(modelDirectory, TokenizerConfig.read(modelDirectory));
        try {
            if (Files.exists(existing)) {
                Files.copy(existing, tokenizerJson);
            } else {
                Files.writeString(
                        tokenizerJson, json.toString(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            }
        } catch (IOException e) {
            throw new UserException("Cannot write " + tokenizerJson + ": " + e, e);
        }
    }

    /**
     * Refuses a directory that has no tokenizer, without loading it.
     *
     * @throws UserException as {@link #load(Path)}
     */
    public static void requireFiles(Path modelDirectory) {
        if (!Files.exists(modelDirectory.resolve(TokenizerJson.FILE))
                && !Files.exists(modelDirectory.resolve(PegasusVocabulary.FILE))) {
            throw new UserException("Cannot load a tokenizer from " + modelDirectory + ": there is neither "
                    + TokenizerJson.FILE + " nor " + PegasusVocabulary.FILE + ", expected one of them; copy it from"
                    + " where the model comes from");
        }
    }

    private static TokenizerJson read(Path modelDirectory, TokenizerConfig config) {
        requireFiles(modelDirectory);
        if (Files.exists(modelDirectory.resolve(TokenizerJson.FILE))) {
            return TokenizerJson.read(modelDirectory.resolve(TokenizerJson.FILE));
        }
        return PegasusVocabulary.read(modelDirectory, config);
    }

    /**
     * Tokenizes a whole text, of any length, and appends the eos; nothing is truncated. Half a surrogate pair counts as
     * U+FFFD. An interrupt of the thread ends the work within a moment.
     *
     * @throws DocumentException if megabytes of the text run on without a space between letters, or on an interrupt
     */
    public TokenizedDocument tokenize(String text) {
        DocumentText document = DocumentText.of(Objects.requireNonNull(text, "text"));
        TokenBuffer tokens = new TokenBuffer();
        int codePoint = 0;
        for (int begin = 0; begin < document.length(); ) {
            if (Thread.currentThread().isInterrupted()) {
                throw new DocumentException(
                        DocumentException.Kind.Cancelled, "Cannot finish tokenizing: the thread was interrupted");
            }
            int end = document.endOfPiece(begin, pieceLength);
            requireBearable(document, begin, end);
            String piece = document.piece(begin, end);
            tokenizer.encode(piece, codePoint, tokens);
            codePoint += piece.codePointCount(0, piece.length());
            begin = end;
        }
        return tokens.endWith(eosId);
    }

    private static void requireBearable(DocumentText document, int begin, int end) {
        long bytes = document.bytes(begin, end);
        if (bytes > LONGEST_PIECE) {
            throw new DocumentException(
                    DocumentException.Kind.TextTooLong,
                    "Cannot tokenize the text: " + bytes + " bytes of it run on without a space between letters,"
                            + " expected at most " + LONGEST_PIECE);
        }
    }

    /**
     * The text of some ids. Control tokens, {@code <unk>} and ids beyond the vocabulary say nothing; otherwise as
     * transformers decodes with {@code skip_special_tokens}, but for newlines.
     *
     * @throws IllegalArgumentException if an id is negative
     */
    public String decode(int[] ids, Newlines newlines) {
        Objects.requireNonNull(newlines, "newlines");
        for (int id : ids) {
            if (id < 0) {
                throw new IllegalArgumentException("Cannot decode id " + id + ", expected 0 or more");
            }
        }
        long[] spoken = Arrays.stream(ids)
                .filter(id -> !specialIds.get(id) && id < vocabularySize)
                .asLongStream()
                .toArray();
        String text = tokenizer.decode(spoken);
        return newlines.replaceIn(
                switch (cleanUp) {
                    case NONE -> text;
                    case PUNCTUATION -> withoutSpacesBeforePunctuation(text);
                });
    }

    /** How many ids there are, those of control tokens included; the model may know more, which never come up. */
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /** The replacements and their order are transformers'. */
    private static String withoutSpacesBeforePunctuation(String text) {
        return text.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }
}
