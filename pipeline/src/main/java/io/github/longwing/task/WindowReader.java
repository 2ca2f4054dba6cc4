package io.github.longwing.task;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.segmentation.CodePointText;
import io.github.longwing.segmentation.Span;
import io.github.longwing.segmentation.Window;
import io.github.longwing.segmentation.WindowCutter;
import io.github.longwing.tokenizer.TokenizedDocument;
import java.util.List;

/** Tokenizes documents and cuts them to what a model reads at once. Thread-safe. */
public final class WindowReader {
    /** Longer texts are refused: their tokens alone would fill an executor. */
    private static final int MAX_CHARACTERS = 100_000_000;

    private static final int EOS = 1;

    private final TaskModel model;
    private final WindowOptions options;
    private final int maxSourceTokens;

    /**
     * A reader for one model.
     *
     * @throws UserException if the options do not fit the model
     */
    public WindowReader(TaskModel model, WindowOptions options) {
        this.model = model;
        this.options = options;
        this.maxSourceTokens = maxSourceTokens(model, options);
        if (options.longDocuments() != LongDocuments.TRUNCATE && options.windowOverlap() >= maxSourceTokens - EOS) {
            throw new UserException("Cannot " + model.verb() + ": window-overlap is " + options.windowOverlap()
                    + ", expected less than " + (maxSourceTokens - EOS) + ", the tokens of a window without its eos");
        }
    }

    private static int maxSourceTokens(TaskModel model, WindowOptions options) {
        int positions = model.config().maxPositionEmbeddings();
        int tokens = options.maxSourceTokens() == WindowOptions.ALL_POSITIONS ? positions : options.maxSourceTokens();
        if (tokens < 2 || tokens > positions) {
            throw new UserException("Cannot " + model.verb() + ": max-source-tokens is " + tokens + ", expected 2 to "
                    + positions + ", the positions of the model");
        }
        return tokens;
    }

    /** The maximum number of tokens of one run. */
    public int maxSourceTokens() {
        return maxSourceTokens;
    }

    /** The tokens of a document's text; throws {@link DocumentException} for a text without words. */
    public TokenizedDocument tokenize(String text) {
        if (text == null) {
            throw withoutText("null");
        }
        if (CodePointText.isBlank(text)) {
            throw withoutText("empty");
        }
        if (text.length() > MAX_CHARACTERS) {
            throw new DocumentException(
                    DocumentException.Kind.TextTooLong,
                    "Cannot " + model.verb() + ": the text has " + text.length() + " characters, expected at most "
                            + MAX_CHARACTERS + "; split the document");
        }
        TokenizedDocument tokens = model.tokenizer().tokenize(text);
        if (tokens.length() == EOS) { // the tokenizer drops some control characters
            throw withoutText("empty");
        }
        return tokens;
    }

    private DocumentException withoutText(String found) {
        return new DocumentException(
                DocumentException.Kind.EmptyText,
                "Cannot " + model.verb() + ": the text is " + found + ", expected words");
    }

    /** A document in windows, or its beginning where the options truncate it. */
    public WindowedText read(String text) {
        return read(text, tokenize(text), EOS);
    }

    /**
     * As {@link #read(String)}, for a text that is already tokenized.
     *
     * @param reserved tokens of each run that are not the window's, the eos among them; fewer than the run has
     */
    public WindowedText read(String text, TokenizedDocument tokens, int reserved) {
        CodePointText codePoints = CodePointText.of(text);
        int room = maxSourceTokens - reserved;
        return switch (options.longDocuments()) {
            case TRUNCATE -> beginning(codePoints, tokens, room, reserved);
            case WINDOWS, HIERARCHICAL -> {
                // half a window at least is new, however much of it is reserved
                int overlap = Math.min(options.windowOverlap(), reserved == EOS ? room - 1 : room / 2);
                WindowCutter cutter = new WindowCutter(room, overlap, options.locale());
                yield new WindowedText(
                        codePoints, tokens, cutter.cut(codePoints, tokens), DocumentResult.Truncation.WHOLE, reserved);
            }
        };
    }

    /** The first window of a text, whatever its length. */
    public WindowedText beginning(String text) {
        return beginning(CodePointText.of(text), model.tokenizer().tokenize(text), maxSourceTokens - EOS, EOS);
    }

    private static WindowedText beginning(CodePointText text, TokenizedDocument tokens, int room, int reserved) {
        int count = tokens.length() - EOS;
        boolean fits = count <= room;
        Window window = fits
                ? new Window(0, count, new Span(0, text.length()))
                : new Window(0, room, new Span(0, tokens.begins()[room]));
        return new WindowedText(
                text,
                tokens,
                List.of(window),
                fits ? DocumentResult.Truncation.WHOLE : DocumentResult.Truncation.TRUNCATED,
                reserved);
    }
}
