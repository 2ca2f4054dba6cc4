package io.github.longwing.jobs.benchmark;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How much two texts have in common, as F1 in percent: words, pairs of words, and the longest sequence of words in both.
 * Words are lower-cased runs of letters and digits, without stemming.
 */
public record Rouge(double rouge1, double rouge2, double rougeL) {

    public static Rouge of(String candidate, String reference) {
        List<String> a = words(candidate);
        List<String> b = words(reference);
        return new Rouge(
                overlap(a, b), overlap(pairs(a), pairs(b)), f1(longestCommonSubsequence(a, b), a.size(), b.size()));
    }

    /** The mean of each figure; zeros for none. */
    public static Rouge mean(List<Rouge> scores) {
        return new Rouge(
                scores.stream().mapToDouble(Rouge::rouge1).average().orElse(0),
                scores.stream().mapToDouble(Rouge::rouge2).average().orElse(0),
                scores.stream().mapToDouble(Rouge::rougeL).average().orElse(0));
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static List<String> pairs(List<String> words) {
        return IntStream.range(1, words.size())
                .mapToObj(i -> words.get(i - 1) + " " + words.get(i))
                .toList();
    }

    private static double overlap(List<String> a, List<String> b) {
        Map<String, Integer> counts = new HashMap<>();
        b.forEach(word -> counts.merge(word, 1, Integer::sum));
        int common = 0;
        for (String word : a) {
            if (counts.merge(word, -1, Integer::sum) >= 0) {
                common++;
            }
        }
        return f1(common, a.size(), b.size());
    }

    private static int longestCommonSubsequence(List<String> a, List<String> b) {
        int[] previous = new int[b.size() + 1];
        for (String word : a) {
            int[] current = new int[b.size() + 1];
            for (int j = 1; j <= b.size(); j++) {
                current[j] = word.equals(b.get(j - 1)) ? previous[j - 1] + 1 : Math.max(previous[j], current[j - 1]);
            }
            previous = current;
        }
        return previous[b.size()];
    }

    private static double f1(int common, int sizeA, int sizeB) {
        return sizeA + sizeB == 0 ? 0 : 200.0 * common / (sizeA + sizeB);
    }
}
