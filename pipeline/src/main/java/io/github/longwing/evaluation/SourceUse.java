package io.github.longwing.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a summary takes from its document, word by word; case and punctuation do not count.
 *
 * @param words of the summary
 * @param copiedWords those that occur in the document
 * @param sentences of the summary
 * @param splicedSentences those that are no run of words of the document, but for at least half of their words two or
 *     more runs of at least {@value #MIN_RUN} words from different places of it
 */
public record SourceUse(int words, int copiedWords, int sentences, int splicedSentences) {
    /** A run of so many words is taken to be copied. */
    public static final int MIN_RUN = 4;

    /** Runs of letters and digits; where a script writes no blanks between words, each character. */
    private static final Pattern WORD = Pattern.compile(
            "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}]"
                    + "|[[\\p{L}\\p{M}\\p{N}_]&&[^\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}]]+");

    public static SourceUse of(String summary, String document) {
        List<String> source = words(document);
        Set<String> known = new HashSet<>(source);
        Map<String, List<Integer>> runs = new HashMap<>();
        for (int i = 0; i + MIN_RUN <= source.size(); i++) {
            runs.computeIfAbsent(run(source, i), r -> new ArrayList<>()).add(i);
        }
        int words = 0;
        int copied = 0;
        int sentences = 0;
        int spliced = 0;
        for (String sentence : Rouge.sentences(summary)) {
            List<String> of = words(sentence);
            words += of.size();
            copied += (int) of.stream().filter(known::contains).count();
            sentences += of.isEmpty() ? 0 : 1;
            spliced += isSpliced(of, source, runs) ? 1 : 0;
        }
        return new SourceUse(words, copied, sentences, spliced);
    }

    /** The words of a text, lower-case. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    private static boolean isSpliced(List<String> sentence, List<String> source, Map<String, List<Integer>> runs) {
        int pieces = 0;
        int covered = 0;
        List<Integer> endsBefore = List.of();
        for (int i = 0; i + MIN_RUN <= sentence.size(); ) {
            Copied copied = longestRun(sentence, i, source, runs);
            if (copied.length() == 0) {
                i++;
                continue;
            }
            pieces += goesOn(endsBefore, copied.begins()) ? 0 : 1;
            covered += copied.length();
            i += copied.length();
            endsBefore = copied.begins().stream()
                    .map(begin -> begin + copied.length())
                    .toList();
        }
        return pieces >= 2 && 2 * covered >= sentence.size();
    }

    /** Whether one run follows on another in the document, but for a few words. */
    private static boolean goesOn(List<Integer> ends, List<Integer> begins) {
        return ends.stream().anyMatch(end -> begins.stream().anyMatch(begin -> begin >= end && begin <= end + MIN_RUN));
    }

    /** Words that stand so in the document, at one or more places. */
    private record Copied(int length, List<Integer> begins) {}

    /** The most words from here on that stand so in the document; of length 0 where they are too few. */
    private static Copied longestRun(
            List<String> sentence, int begin, List<String> source, Map<String, List<Integer>> runs) {
        int longest = 0;
        List<Integer> begins = new ArrayList<>();
        for (int at : runs.getOrDefault(run(sentence, begin), List.of())) {
            int length = MIN_RUN;
            while (begin + length < sentence.size()
                    && at + length < source.size()
                    && sentence.get(begin + length).equals(source.get(at + length))) {
                length++;
            }
            if (length > longest) {
                begins.clear();
                longest = length;
            }
            if (length == longest) {
                begins.add(at);
            }
        }
        return new Copied(longest, begins);
    }

    private static String run(List<String> words, int begin) {
        return String.join(" ", words.subList(begin, begin + MIN_RUN));
    }
}
