package io.github.longwing.extraction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The classical ranker: how much a sentence's words are those of all sentences, and 0.3 for standing early. Words are
 * weighed by TF-IDF as scikit-learn's {@code TfidfVectorizer(stop_words="english", sublinear_tf=True)} does; Han and
 * Kana, which stand without spaces, count as pairs of characters.
 */
public final class SentenceRanker {
    private static final double POSITION = 0.3;
    private static final Pattern WORD = Pattern.compile("\\w{2,}", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern UNSPACED = Pattern.compile("[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}]+");

    private SentenceRanker() {}

    /**
     * The score of each sentence, above 0 and at most 1.3.
     *
     * @param sentences all that a text has, in their order
     */
    public static double[] scores(List<String> sentences) {
        double[] centrality = centrality(sentences);
        double max = Math.max(Arrays.stream(centrality).max().orElse(0), 1e-9);
        int count = sentences.size();
        return IntStream.range(0, count)
                .mapToDouble(i -> centrality[i] / max + POSITION * (1 - (double) i / count))
                .toArray();
    }

    /**
     * The sentences of a summary, in their order: in descending order of their scores each that fits into what is left,
     * until there are enough.
     *
     * @param lengths of the sentences, in any unit
     * @param room that all chosen sentences may have together
     * @param enough nothing more is chosen once the chosen ones are longer than this
     */
    public static int[] choose(double[] scores, int[] lengths, int room, int enough) {
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                .mapToInt(i -> i)
                .toArray();
        List<Integer> chosen = new ArrayList<>();
        int used = 0;
        for (int i : order) {
            if (used > enough) {
                break;
            }
            if (used + lengths[i] <= room) {
                chosen.add(i);
                used += lengths[i];
            }
        }
        return chosen.stream().mapToInt(i -> i).sorted().toArray();
    }

    /** The sum of the cosines between each sentence and all, itself among them. */
    private static double[] centrality(List<String> sentences) {
        List<Map<String, Integer>> counts =
                sentences.stream().map(SentenceRanker::words).toList();
        Map<String, Integer> documentFrequency = new HashMap<>();
        counts.forEach(words -> words.keySet().forEach(word -> documentFrequency.merge(word, 1, Integer::sum)));
        List<Map<String, Double>> vectors = counts.stream()
                .map(words -> vector(words, documentFrequency, sentences.size()))
                .toList();
        Map<String, Double> sum = new HashMap<>();
        vectors.forEach(vector -> vector.forEach((word, weight) -> sum.merge(word, weight, Double::sum)));
        return vectors.stream()
                .mapToDouble(vector -> vector.entrySet().stream()
                        .mapToDouble(e -> e.getValue() * sum.get(e.getKey()))
                        .sum())
                .toArray();
    }

    private static Map<String, Double> vector(
            Map<String, Integer> words, Map<String, Integer> documentFrequency, int sentences) {
        Map<String, Double> vector = new TreeMap<>(); // in one order, so that sums are the same on every machine
        words.forEach((word, count) -> {
            double idf = Math.log((1.0 + sentences) / (1.0 + documentFrequency.get(word))) + 1;
            vector.put(word, (1 + Math.log(count)) * idf);
        });
        double norm = Math.sqrt(vector.values().stream().mapToDouble(w -> w * w).sum());
        vector.replaceAll((word, weight) -> weight / norm);
        return vector;
    }

    private static Map<String, Integer> words(String sentence) {
        Map<String, Integer> words = new HashMap<>();
        Matcher matcher = WORD.matcher(sentence.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            String word = matcher.group();
            if (UNSPACED.matcher(word).find()) {
                pairs(word).forEach(pair -> words.merge(pair, 1, Integer::sum));
            } else if (!StopWords.contains(word)) {
                words.merge(word, 1, Integer::sum);
            }
        }
        return words;
    }

    private static List<String> pairs(String word) {
        int[] codePoints = word.codePoints().toArray();
        return IntStream.range(0, codePoints.length - 1)
                .mapToObj(i -> new String(codePoints, i, 2))
                .toList();
    }
}
