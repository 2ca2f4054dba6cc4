package io.github.longwing.evaluation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Pattern;

/**
 * An answer beside those that are right, by the rules of SQuAD 2: case, ASCII punctuation, articles and blanks do not
 * count, the best of the right answers does. A question without a right answer is unanswerable, and no answer is right.
 *
 * @param exact 1 where it is one of the right answers, else 0
 * @param f1 of its words and those of the right answer
 */
public record AnswerScore(double exact, double f1) {
    private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");
    private static final Pattern ARTICLE = Pattern.compile("\\b(a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern BLANKS = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    /**
     * Scores one answer.
     *
     * @param answer empty for none
     * @param right those that are right; empty or blank ones are left out
     */
    public static AnswerScore of(String answer, List<String> right) {
        List<String> wanted =
                right.stream().filter(text -> !words(text).isEmpty()).toList();
        List<String> all = wanted.isEmpty() ? List.of("") : wanted;
        return new AnswerScore(
                best(answer, all, (a, b) -> a.equals(b) ? 1 : 0), best(answer, all, AnswerScore::overlap));
    }

    /** Whether nothing in the document answers the question. */
    public static boolean isUnanswerable(List<String> right) {
        return right.stream().allMatch(text -> words(text).isEmpty());
    }

    private static double best(
            String answer, List<String> right, ToDoubleBiFunction<List<String>, List<String>> score) {
        List<String> given = words(answer);
        return right.stream()
                .mapToDouble(text -> score.applyAsDouble(given, words(text)))
                .max()
                .orElse(0);
    }

    /** The normalized words of an answer. */
    static List<String> words(String text) {
        String bare = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        return Arrays.stream(BLANKS.split(ARTICLE.matcher(bare).replaceAll(" ")))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static double overlap(List<String> given, List<String> right) {
        if (given.isEmpty() || right.isEmpty()) {
            return given.isEmpty() && right.isEmpty() ? 1 : 0;
        }
        Map<String, Integer> left = new HashMap<>();
        right.forEach(word -> left.merge(word, 1, Integer::sum));
        int common = 0;
        for (String word : given) {
            if (left.merge(word, -1, Integer::sum) >= 0) {
                common++;
            }
        }
        return 2.0 * common / (given.size() + right.size());
    }
}
