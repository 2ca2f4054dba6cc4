package io.github.longwing.evaluation;

import io.github.longwing.extraction.SentenceRanker;
import io.github.longwing.extraction.SentenceRule;
import io.github.longwing.segmentation.CodePointText;
import io.github.longwing.segmentation.Sentence;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What needs no model and has to be beaten. */
public final class Baselines {
    private Baselines() {}

    /** The first words of a document. */
    public static String lead(String document, int words) {
        return Arrays.stream(document.strip().split("\\s+", words + 1))
                .limit(words)
                .collect(Collectors.joining(" "));
    }

    /**
     * The sentences of a document that {@link SentenceRanker} puts first, in their order and each on a line of its own;
     * the lead where none may stand in a summary.
     *
     * @param words how many there are at most, but for a fifth; nothing is added once there are nine tenths of them
     */
    public static String rankedSentences(String document, int words) {
        CodePointText text = CodePointText.of(document);
        List<String> sentences = SentenceRule.sentences(document).stream()
                .map(span -> text.substring(span).replaceAll("\\s+", " "))
                .toList();
        int[] lengths = sentences.stream()
                .mapToInt(sentence -> sentence.split(" ").length)
                .toArray();
        int[] chosen = SentenceRanker.choose(SentenceRanker.scores(sentences), lengths, words * 6 / 5, words * 9 / 10);
        return chosen.length == 0
                ? lead(document, words)
                : Arrays.stream(chosen).mapToObj(sentences::get).collect(Collectors.joining("\n"));
    }

    /**
     * The sentence that shares most words with the question, for the lengths of both; the first of several. Empty where
     * the document has none.
     */
    public static String overlapSentence(String question, String document, Locale locale) {
        Set<String> asked = new HashSet<>(Rouge.stems(question));
        asked.addAll(SourceUse.words(question)); // scripts that ROUGE does not read
        CodePointText text = CodePointText.of(document);
        String best = "";
        double most = -1;
        for (Sentence sentence : Sentence.of(document, locale)) {
            String shown = text.substring(sentence.span()).strip();
            Set<String> words = new HashSet<>(Rouge.stems(shown));
            words.addAll(SourceUse.words(shown));
            long common = words.stream().filter(asked::contains).count();
            double share = 2.0 * common / (asked.size() + words.size() + 1);
            if (!shown.isEmpty() && share > most) {
                most = share;
                best = shown;
            }
        }
        return best;
    }
}
