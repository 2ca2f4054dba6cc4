package io.github.longwing.task.summarize;

import io.github.longwing.extraction.SentenceRanker;
import io.github.longwing.extraction.SentenceRule;
import io.github.longwing.generation.logits.SentenceTrie;
import io.github.longwing.segmentation.CodePointText;
import io.github.longwing.segmentation.Span;
import io.github.longwing.segmentation.Window;
import io.github.longwing.task.WindowedText;
import io.github.longwing.tokenizer.TokenizedDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The sentences of a document that its summary may have, with their scores among all of the document, wherever they are
 * read. Known by their index, in the document's order. Immutable.
 */
final class SourceSentences {
    /** Shorter lines say less, as long as there are no sentences. */
    private static final double TELLING_WORDS = 8;

    private final List<Span> spans;
    private final List<String> texts;
    private final double[] scores;

    private SourceSentences(List<Span> spans, List<String> texts, double[] scores) {
        this.spans = spans;
        this.texts = texts;
        this.scores = scores;
    }

    /** Those of the whole text. */
    static SourceSentences of(CodePointText text) {
        return of(text, SentenceRule.sentences(text.text()));
    }

    private static SourceSentences of(CodePointText text, List<Span> spans) {
        List<String> texts = spans.stream().map(text::substring).toList();
        return new SourceSentences(spans, texts, SentenceRanker.scores(texts));
    }

    /** A sentence in a text that is read: its tokens in that text. */
    record Placed(int sentence, int firstToken, int endToken) {
        int length() {
            return endToken - firstToken;
        }
    }

    int size() {
        return spans.size();
    }

    Span span(int sentence) {
        return spans.get(sentence);
    }

    String text(int sentence) {
        return texts.get(sentence);
    }

    double score(int sentence) {
        return scores[sentence];
    }

    /** The sentences that lie in each window of the document with all their tokens; of two windows in the first. */
    List<List<Placed>> inDocument(WindowedText document) {
        List<Integer> sentences = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            sentences.add(i);
        }
        return inWindows(document, sentences, spans);
    }

    /**
     * The sentences in each window of a text that is made of some of them.
     *
     * @param places where each of them stands in that text
     */
    static List<List<Placed>> inWindows(WindowedText text, List<Integer> sentences, List<Span> places) {
        List<List<Placed>> inWindows = new ArrayList<>();
        text.windows().forEach(w -> inWindows.add(new ArrayList<>()));
        for (int i = 0; i < places.size(); i++) {
            Placed placed = placed(text.tokens(), sentences.get(i), places.get(i));
            for (int w = 0; w < inWindows.size(); w++) {
                Window window = text.windows().get(w);
                if (placed.length() > 0
                        && placed.firstToken() >= window.firstToken()
                        && placed.endToken() <= window.endToken()) {
                    inWindows.get(w).add(placed);
                    break;
                }
            }
        }
        return inWindows;
    }

    /** The tokens that a span has a code point of. */
    private static Placed placed(TokenizedDocument tokens, int sentence, Span span) {
        int count = tokens.length() - 1; // without the eos
        int first = firstAbove(tokens.ends(), count, span.begin());
        int end = firstAbove(tokens.begins(), count, span.end() - 1);
        return new Placed(sentence, first, Math.max(first, end));
    }

    /** The first of ascending values that is above a bound. */
    private static int firstAbove(int[] ascending, int count, int bound) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] <= bound) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * What a search may write of a window.
     *
     * @param scores that are added for each token of each sentence
     */
    static SentenceTrie trie(WindowedText text, List<Placed> placed, List<Double> scores) {
        return new SentenceTrie(
                placed.stream()
                        .map(p -> Arrays.copyOfRange(text.tokens().ids(), p.firstToken(), p.endToken()))
                        .toList(),
                IntStream.range(0, placed.size())
                        .mapToDouble(i -> scores.get(i)
                                * placed.get(i).length()) // or many short ones would win over few long ones
                        .toArray());
    }

    /**
     * The sentence that stands for a document without any that may stand in a summary: the most telling line or sentence
     * that fits, or what fits of the most telling one.
     *
     * @param room in tokens, at least 1
     */
    static SourceSentences bestSpan(WindowedText document, int room) {
        CodePointText text = document.text();
        SourceSentences all = of(text, SentenceRule.anything(text.text()));
        Optional<Placed> best = all.inDocument(document).stream()
                .flatMap(List::stream)
                .max(Comparator.comparing((Placed p) -> p.length() <= room)
                        .thenComparingDouble(p -> all.score(p.sentence()) * Math.min(TELLING_WORDS, p.length())));
        Span span = best.map(p -> cut(all.span(p.sentence()), document, p, room))
                .orElseGet(() -> cut(
                        text.trimmed(document.windows().get(0).span()),
                        document,
                        new Placed(0, 0, document.windows().get(0).endToken()),
                        room));
        return of(text, List.of(text.trimmed(span)));
    }

    /** A span, or its beginning up to the last word that fits. */
    private static Span cut(Span span, WindowedText document, Placed placed, int room) {
        if (placed.length() <= room) {
            return span;
        }
        int most = placed.firstToken() + room;
        int end = most;
        while (end > placed.firstToken() && !beginsWord(document, end)) {
            end--;
        }
        int last = end > placed.firstToken() ? end : most; // one word that is longer than the room
        return new Span(
                span.begin(), Math.max(span.begin() + 1, document.tokens().ends()[last - 1]));
    }

    private static boolean beginsWord(WindowedText document, int token) {
        int begin = document.tokens().begins()[token];
        return begin > document.tokens().ends()[token - 1]
                || CodePointText.isBlank(document.text().substring(new Span(begin, begin + 1)));
    }
}
