package io.github.longwing.task.summarize;

import io.github.longwing.batching.Generation;
import io.github.longwing.generation.FinishReason;
import io.github.longwing.segmentation.Span;
import io.github.longwing.task.GeneratedText;
import io.github.longwing.task.WindowedText;
import io.github.longwing.task.summarize.SourceSentences.Placed;
import io.github.longwing.tokenizer.Newlines;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A summary made of sentences of its document, level by level: the first level chooses among the sentences of each window
 * of the document, each other among those that the windows of the level before have kept. A level keeps more than it
 * chooses, so that the last one chooses as over one document. Immutable.
 */
final class Extraction {
    private static final Pattern LINE_BREAK = Pattern.compile("\\h*\\R\\h*");

    private final SourceSentences sentences;
    private final FinishReason finishReason;
    private final int[] windows; // of the document, of each sentence
    private final SummaryTree tree;
    private final List<List<Integer>> kept; // by the windows of the top level
    private final List<Integer> chosen;

    /**
     * What a window gave.
     *
     * @param chosen sentences, in the order of its summary
     * @param scores of each token of the sentences that it could choose from, in their order
     */
    record OfWindow(Generation generation, List<Integer> chosen, List<Double> scores) {
        /** A window without a sentence that fits. */
        static OfWindow nothing() {
            return new OfWindow(new Generation(List.of(), new float[0]), List.of(), List.of());
        }
    }

    private Extraction(
            SourceSentences sentences,
            FinishReason finishReason,
            int[] windows,
            SummaryTree tree,
            List<List<Integer>> kept,
            List<Integer> chosen) {
        this.sentences = sentences;
        this.finishReason = finishReason;
        this.windows = windows;
        this.tree = tree;
        this.kept = kept;
        this.chosen = chosen;
    }

    /**
     * The first level.
     *
     * @param finishReason of the summary: {@code LENGTH} where the sentences are but a span of a document without any
     * @param placed the sentences of each window of the document
     * @param room for what a window keeps, in tokens
     */
    static Extraction of(
            SourceSentences sentences,
            FinishReason finishReason,
            WindowedText document,
            List<List<Placed>> placed,
            List<OfWindow> found,
            int room) {
        int[] windows = new int[sentences.size()];
        for (int w = 0; w < placed.size(); w++) {
            for (Placed one : placed.get(w)) {
                windows[one.sentence()] = w;
            }
        }
        List<List<Integer>> kept = kept(sentences, placed, found, room);
        return new Extraction(
                sentences,
                finishReason,
                windows,
                SummaryTree.of(level(sentences, document, found, kept)),
                kept,
                chosen(found));
    }

    /** With one more level, which chose among the sentences of {@link #joined}. */
    Extraction under(WindowedText reading, List<List<Placed>> placed, List<OfWindow> found, int room) {
        List<List<Integer>> nextKept = kept(sentences, placed, found, room);
        return new Extraction(
                sentences,
                finishReason,
                windows,
                tree.under(level(sentences, reading, found, nextKept)),
                nextKept,
                chosen(found));
    }

    private static SummaryLevel level(
            SourceSentences sentences, WindowedText reading, List<OfWindow> found, List<List<Integer>> kept) {
        return new SummaryLevel(
                reading,
                found.stream().map(OfWindow::generation).toList(),
                kept.stream()
                        .map(window ->
                                window.stream().map(sentences::text).collect(Collectors.joining(SummaryTree.JOINT)))
                        .toList());
    }

    private static List<Integer> chosen(List<OfWindow> found) {
        return found.stream().flatMap(window -> window.chosen().stream()).toList();
    }

    /** What each window chose, and of the rest the sentences with the highest scores that there is room for. */
    private static List<List<Integer>> kept(
            SourceSentences sentences, List<List<Placed>> placed, List<OfWindow> found, int room) {
        return IntStream.range(0, placed.size())
                .mapToObj(w -> kept(sentences, placed.get(w), found.get(w), room))
                .toList();
    }

    private static List<Integer> kept(SourceSentences sentences, List<Placed> placed, OfWindow found, int room) {
        Set<Integer> kept = new HashSet<>(found.chosen());
        int left = room
                - placed.stream()
                        .filter(p -> kept.contains(p.sentence()))
                        .mapToInt(Placed::length)
                        .sum();
        List<Integer> byScore = IntStream.range(0, found.scores().size())
                .boxed()
                .sorted(Comparator.comparingDouble(
                                (Integer i) -> -found.scores().get(i))
                        .thenComparingDouble(i -> -sentences.score(placed.get(i).sentence())))
                .toList();
        for (int i : byScore) {
            Placed one = placed.get(i);
            if (!kept.contains(one.sentence()) && one.length() <= left) {
                kept.add(one.sentence());
                left -= one.length();
            }
        }
        return kept.stream().sorted().toList();
    }

    SummaryTree tree() {
        return tree;
    }

    /** The sentences that were kept, as a text to choose from again. */
    String joined() {
        return tree.joined();
    }

    /** The sentences in each window of {@link #joined}. */
    List<List<Placed>> inJoined(WindowedText joined) {
        List<Integer> all = new ArrayList<>();
        List<Span> places = new ArrayList<>();
        int at = 0;
        for (List<Integer> window : kept) {
            for (int sentence : window) {
                int length = sentences.span(sentence).length();
                all.add(sentence);
                places.add(new Span(at, at + length));
                at += length + 1;
            }
            at += window.isEmpty() ? 1 : 0; // the joint after a window that kept nothing
        }
        return SourceSentences.inWindows(joined, all, places);
    }

    SourceSentences sentences() {
        return sentences;
    }

    /** The summary: its sentences, joined by spaces. */
    GeneratedText text(Newlines newlines) {
        List<Generation> generations = tree.top().generations().stream()
                .filter(g -> !g.sequences().isEmpty())
                .toList();
        String text = chosen.stream().map(sentences::text).collect(Collectors.joining(" "));
        return new GeneratedText(
                newlines == Newlines.SPACE ? LINE_BREAK.matcher(text).replaceAll(" ") : text,
                generations.size() == 1 ? generations.get(0).sequences().get(0).score() : OptionalDouble.empty(),
                generations.stream()
                        .mapToInt(g -> g.sequences().get(0).newIds().size())
                        .sum(),
                finishReason);
    }

    Optional<List<ExtractedSentence>> extracted() {
        return Optional.of(chosen.stream()
                .map(s -> new ExtractedSentence(
                        sentences.text(s),
                        sentences.span(s).begin(),
                        sentences.span(s).end(),
                        windows[s]))
                .toList());
    }
}
