package io.github.longwing.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How much a text has in common with a reference, as F1 from 0 to 1: words, pairs of words, and for Lsum the union of
 * the longest common subsequences of sentences. Equal to the Python package rouge-score with stemming, for texts whose
 * sentences stand on lines of their own; see {@link #sentences}. Words are runs of a to z and digits, so that a text in
 * another script scores 0.
 */
public record Rouge(double rouge1, double rouge2, double rougeLsum) {
    /** Of a text without a word. */
    public static final Rouge NONE = new Rouge(0, 0, 0);

    private static final Pattern NO_WORD = Pattern.compile("[^a-z0-9]+");
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?]) |(?<=[。！？])|\\R");
    private static final int MIN_STEMMED = 4;

    /** Compares two texts, each of whose sentences stands apart as {@link #sentences} has it. */
    public static Rouge of(String text, String reference) {
        return ofSentences(sentences(text), sentences(reference));
    }

    /** Each figure of the reference that it is highest with; zeros for no reference. */
    public static Rouge best(String text, List<String> references) {
        return references.stream()
                .map(reference -> of(text, reference))
                .reduce(
                        NONE,
                        (a, b) -> new Rouge(
                                Math.max(a.rouge1, b.rouge1),
                                Math.max(a.rouge2, b.rouge2),
                                Math.max(a.rougeLsum, b.rougeLsum)));
    }

    /** The sentences of a summary: a line ends one, and so does a full stop, question or exclamation mark with a blank. */
    public static List<String> sentences(String text) {
        return Arrays.stream(SENTENCE_END.split(text))
                .map(String::strip)
                .filter(sentence -> !sentence.isEmpty())
                .toList();
    }

    /** The mean of each figure; zeros for none. */
    public static Rouge mean(List<Rouge> scores) {
        return new Rouge(
                scores.stream().mapToDouble(Rouge::rouge1).average().orElse(0),
                scores.stream().mapToDouble(Rouge::rouge2).average().orElse(0),
                scores.stream().mapToDouble(Rouge::rougeLsum).average().orElse(0));
    }

    static Rouge ofSentences(List<String> text, List<String> reference) {
        Map<String, Integer> vocabulary = new HashMap<>();
        List<int[]> candidate = words(text, vocabulary);
        List<int[]> wanted = words(reference, vocabulary);
        int[] candidateWords = joined(candidate);
        int[] wantedWords = joined(wanted);
        return new Rouge(
                f1(
                        common(counts(candidateWords, 1), counts(wantedWords, 1)),
                        candidateWords.length,
                        wantedWords.length),
                f1(
                        common(counts(candidateWords, 2), counts(wantedWords, 2)),
                        candidateWords.length - 1,
                        wantedWords.length - 1),
                f1(unionOfSubsequences(candidate, wanted), candidateWords.length, wantedWords.length));
    }

    /** The stemmed words, in small numbers. */
    private static List<int[]> words(List<String> sentences, Map<String, Integer> vocabulary) {
        return sentences.stream()
                .map(sentence -> stems(sentence).stream()
                        .mapToInt(word -> vocabulary.computeIfAbsent(word, w -> vocabulary.size()))
                        .toArray())
                .toList();
    }

    /** The words of a text as ROUGE counts them. */
    static List<String> stems(String text) {
        return Arrays.stream(NO_WORD.split(text.toLowerCase(Locale.ROOT)))
                .filter(word -> !word.isEmpty())
                .map(word -> word.length() < MIN_STEMMED ? word : PorterStemmer.stem(word))
                .toList();
    }

    private static int[] joined(List<int[]> sentences) {
        return sentences.stream().flatMapToInt(Arrays::stream).toArray();
    }

    private static Map<Long, Integer> counts(int[] words, int length) {
        Map<Long, Integer> counts = new HashMap<>();
        for (int i = 0; i + length <= words.length; i++) {
            long gram = length == 1 ? words[i] : ((long) words[i] << Integer.SIZE) | words[i + 1];
            counts.merge(gram, 1, Integer::sum);
        }
        return counts;
    }

    private static int common(Map<Long, Integer> a, Map<Long, Integer> b) {
        return a.entrySet().stream()
                .mapToInt(entry -> Math.min(entry.getValue(), b.getOrDefault(entry.getKey(), 0)))
                .sum();
    }

    /** Each word counts once on either side, however many sentences share it. */
    private static int unionOfSubsequences(List<int[]> candidate, List<int[]> wanted) {
        Map<Long, Integer> left = counts(joined(candidate), 1);
        Map<Long, Integer> leftWanted = counts(joined(wanted), 1);
        int hits = 0;
        for (int[] sentence : wanted) {
            BitSet union = new BitSet();
            candidate.forEach(other -> addSubsequence(union, sentence, other));
            for (int i = union.nextSetBit(0); i >= 0; i = union.nextSetBit(i + 1)) {
                long word = sentence[i];
                if (left.getOrDefault(word, 0) > 0 && leftWanted.getOrDefault(word, 0) > 0) {
                    hits++;
                    left.merge(word, -1, Integer::sum);
                    leftWanted.merge(word, -1, Integer::sum);
                }
            }
        }
        return hits;
    }

    /** Which words of a sentence belong to one longest subsequence that both have: the one that rouge-score finds. */
    private static void addSubsequence(BitSet union, int[] sentence, int[] other) {
        int columns = other.length;
        List<BitSet> leftIsLonger = new ArrayList<>(sentence.length);
        int[] above = new int[columns + 1];
        for (int word : sentence) {
            int[] row = new int[columns + 1];
            BitSet left = new BitSet();
            for (int j = 1; j <= columns; j++) {
                row[j] = word == other[j - 1] ? above[j - 1] + 1 : Math.max(above[j], row[j - 1]);
                if (row[j - 1] > above[j]) {
                    left.set(j);
                }
            }
            leftIsLonger.add(left);
            above = row;
        }
        int i = sentence.length;
        int j = columns;
        while (i > 0 && j > 0) {
            if (sentence[i - 1] == other[j - 1]) {
                union.set(i - 1);
                i--;
                j--;
            } else if (leftIsLonger.get(i - 1).get(j)) {
                j--;
            } else {
                i--;
            }
        }
    }

    private static double f1(int common, int size, int sizeOfReference) {
        return common == 0 ? 0 : 2.0 * common / (size + sizeOfReference);
    }
}
