package io.github.longwing.task.answer;

import io.github.longwing.segmentation.CodePointText;
import io.github.longwing.segmentation.Span;
import io.github.longwing.tokenizer.TokenizedDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the best answers of one document from the start and end logits of its windows, which are comparable as they
 * are: the score of an answer is the logit of its first token as a start plus that of its last token as an end. No two
 * answers overlap, so that text in two windows counts once, and none is blank.
 *
 * <p>n tokens of a window. Not thread-safe.
 */
final class AnswerSearch {
    private final CodePointText text;
    private final TokenizedDocument tokens;
    private final int maxAnswerTokens;
    private final List<Window> windows = new ArrayList<>();
    private final List<Span> taken = new ArrayList<>();

    AnswerSearch(CodePointText text, TokenizedDocument tokens, int maxAnswerTokens) {
        this.text = text;
        this.tokens = tokens;
        this.maxAnswerTokens = maxAnswerTokens;
    }

    /** The logits of a window's n tokens of the document, and its best answer that overlaps none of those returned. */
    private final class Window {
        private final int firstToken;
        private final float[] start; // [n]
        private final float[] end; // [n]
        private Optional<Answer> best;

        private Window(int firstToken, float[] start, float[] end) {
            this.firstToken = firstToken;
            this.start = start;
            this.end = end;
            this.best = search();
        }

        private void searchAgainIfBestOverlaps(Span span) {
            if (best.filter(b -> new Span(b.begin(), b.end()).overlaps(span)).isPresent()) {
                best = search();
            }
        }

        private Optional<Answer> search() {
            Answer found = null;
            double score = Double.NEGATIVE_INFINITY;
            for (int first = 0; first < start.length; first++) {
                int limit = Math.min(start.length, first + maxAnswerTokens);
                for (int last = first; last < limit; last++) {
                    double candidate = (double) start[first] + end[last];
                    if (candidate > score) {
                        Span span = text.trimmed(
                                new Span(tokens.begins()[firstToken + first], tokens.ends()[firstToken + last]));
                        if (span.length() > 0 && taken.stream().noneMatch(span::overlaps)) {
                            score = candidate;
                            found = new Answer(text.substring(span), score, span.begin(), span.end());
                        }
                    }
                }
            }
            return Optional.ofNullable(found);
        }
    }

    /**
     * Adds a window of the document.
     *
     * @param firstToken the document's token that the first logit belongs to
     * @param start start logits of the window's tokens of the document, [n]
     * @param end end logits of the same, [n]
     */
    void add(int firstToken, float[] start, float[] end) {
        windows.add(new Window(firstToken, start, end));
    }

    /** Returns the next best answer; empty when there is none. */
    Optional<Answer> next() {
        Optional<Answer> best = windows.stream()
                .flatMap(window -> window.best.stream())
                .reduce((a, b) -> b.score() > a.score() ? b : a);
        best.ifPresent(answer -> {
            Span span = new Span(answer.begin(), answer.end());
            taken.add(span);
            windows.forEach(window -> window.searchAgainIfBestOverlaps(span));
        });
        return best;
    }
}
