package io.github.longwing.task.summarize;

import io.github.longwing.batching.Generation;
import io.github.longwing.generation.FinishReason;
import io.github.longwing.segmentation.Window;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.Evidence;
import io.github.longwing.task.GeneratedText;
import io.github.longwing.tokenizer.Newlines;
import io.github.longwing.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A document's summaries, level by level: the first level summarizes the windows of the document, each other the windows
 * of the joined summaries of the level before. Immutable.
 */
final class SummaryTree {
    static final String JOINT = "\n";

    private final List<SummaryLevel> levels;

    private SummaryTree(List<SummaryLevel> levels) {
        this.levels = List.copyOf(levels);
    }

    static SummaryTree of(SummaryLevel first) {
        return new SummaryTree(List.of(first));
    }

    /** With one more level, which summarizes {@link #joined}. */
    SummaryTree under(SummaryLevel next) {
        List<SummaryLevel> all = new ArrayList<>(levels);
        all.add(next);
        return new SummaryTree(all);
    }

    SummaryLevel top() {
        return levels.get(levels.size() - 1);
    }

    int levels() {
        return levels.size();
    }

    /** The best summaries of the top level's windows, as a text to summarize again. */
    String joined() {
        return String.join(JOINT, top().parts());
    }

    /** Whether all of the document and of every level's summaries was read. */
    DocumentResult.Truncation truncation() {
        return levels.stream().allMatch(l -> l.reading().truncation() == DocumentResult.Truncation.WHOLE)
                ? DocumentResult.Truncation.WHOLE
                : DocumentResult.Truncation.TRUNCATED;
    }

    /** The document's summaries, best first: of several windows the best of all joined, then the second ones. */
    List<GeneratedText> texts(Tokenizer tokenizer, Newlines newlines) {
        List<Generation> windows = top().generations();
        int count = windows.stream().mapToInt(g -> g.sequences().size()).min().orElseThrow();
        return IntStream.range(0, count)
                .mapToObj(k -> join(windows.stream()
                        .map(g -> GeneratedText.of(g.sequences().get(k), tokenizer, newlines))
                        .toList()))
                .toList();
    }

    private static GeneratedText join(List<GeneratedText> texts) {
        if (texts.size() == 1) {
            return texts.get(0);
        }
        return new GeneratedText(
                texts.stream().map(GeneratedText::text).collect(Collectors.joining(JOINT)),
                OptionalDouble.empty(), // a joined text was never scored
                texts.stream().mapToInt(GeneratedText::outputTokens).sum(),
                texts.stream().anyMatch(t -> t.finishReason() == FinishReason.LENGTH)
                        ? FinishReason.LENGTH
                        : FinishReason.EOS);
    }

    /** The attention of the best summary, followed down through the levels to the document. */
    Evidence evidence() {
        double[] parts = partsByLength(top());
        for (int level = levels.size() - 1; level > 0; level--) {
            parts = partsByAttention(
                    evidence(levels.get(level), parts), levels.get(level - 1).parts());
        }
        return evidence(levels.get(0), parts);
    }

    /** @param parts how much of the document's summary came from each window */
    private static Evidence evidence(SummaryLevel level, double[] parts) {
        Evidence evidence = new Evidence(level.reading());
        for (int w = 0; w < parts.length; w++) {
            if (level.generations().get(w).sequences().isEmpty()) {
                continue;
            }
            Window window = level.reading().windows().get(w);
            evidence.add(window, level.generations().get(w).sourceWeights(), parts[w]);
        }
        return evidence;
    }

    private static double[] partsByLength(SummaryLevel level) {
        double[] lengths = level.generations().stream()
                .mapToDouble(g -> g.sequences().stream()
                        .limit(1)
                        .mapToInt(best -> best.newIds().size())
                        .sum())
                .toArray();
        double all =
                IntStream.range(0, lengths.length).mapToDouble(w -> lengths[w]).sum();
        return IntStream.range(0, lengths.length)
                .mapToDouble(w -> lengths[w] / all)
                .toArray();
    }

    /** The attention to each of the joined summaries. */
    private static double[] partsByAttention(Evidence ofJoined, List<String> joined) {
        int[] ends = new int[joined.size()];
        int end = -JOINT.length();
        for (int w = 0; w < ends.length; w++) {
            end += JOINT.length()
                    + joined.get(w).codePointCount(0, joined.get(w).length());
            ends[w] = end;
        }
        return ofJoined.ofParts(ends);
    }
}
