package io.github.longwing.task.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.segmentation.CodePointText;
import io.github.longwing.segmentation.Span;
import io.github.longwing.tokenizer.TokenizedDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class AnswerSearchTest {
    private static final int EOS = 1;
    /** Letters, blanks of several kinds, a letter beyond 16 bits, a combining mark. */
    private static final String[] SIGNS = {"a", "b", " ", "\n", "\u00a0", "\ud83d\ude80", "e\u0301", "\u3000", "漢"};

    /** The logits of some tokens of the document. */
    private record Logits(int firstToken, float[] start, float[] end) {}

    @RepeatedTest(60)
    void findsWhatTryingAllSpansFinds(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        String text = text(random, 5 + random.nextInt(40));
        TokenizedDocument tokens = tokens(text, random);
        int longest = 1 + random.nextInt(6);
        List<Logits> windows = windows(tokens.length() - 1, random);

        List<Answer> found = all(text, tokens, longest, windows);

        assertThat(found).isEqualTo(tryingAll(text, tokens, longest, windows));
        for (Answer answer : found) {
            assertThat(answer.text()).isNotBlank().isEqualTo(codePoints(text, answer.begin(), answer.end()));
            assertThat(isBlank(answer.text().codePointAt(0))).isFalse();
            assertThat(found)
                    .filteredOn(other -> !other.equals(answer))
                    .noneMatch(other -> answer.begin() < other.end() && other.begin() < answer.end());
        }
    }

    @Test
    void ofEqualAnswersTheEarlierThenTheShorterComesFirst() {
        List<Answer> found =
                all("a b c", words("a b c"), 3, List.of(new Logits(0, new float[] {1, 1, 1}, new float[] {1, 1, 1})));

        assertThat(found).containsExactly(new Answer("a", 2, 0, 1), new Answer("b", 2, 2, 3), new Answer("c", 2, 4, 5));
    }

    @Test
    void anAnswerThatTwoWindowsReadCountsOnceWithTheBetterScore() {
        List<Logits> windows = List.of(
                new Logits(0, new float[] {0, 2, 1}, new float[] {0, 2, 1}),
                new Logits(1, new float[] {3, 1}, new float[] {3, 1}));

        assertThat(all("a b c", words("a b c"), 1, windows))
                .containsExactly(new Answer("b", 6, 2, 3), new Answer("c", 2, 4, 5), new Answer("a", 0, 0, 1));
    }

    @Test
    void noAnswerReachesFromOneWindowIntoAnother() {
        List<Logits> windows = List.of(
                new Logits(0, new float[] {9, 0}, new float[] {0, 0}),
                new Logits(2, new float[] {0, 0}, new float[] {0, 9}));

        assertThat(all("a b c d", words("a b c d"), 4, windows).subList(0, 2))
                .containsExactly(new Answer("a", 9, 0, 1), new Answer("c d", 9, 4, 7));
    }

    @Test
    void tokensWithoutWordsAnswerNothing() {
        TokenizedDocument blank = new TokenizedDocument(
                new int[] {7, 7, EOS}, new int[] {0, 1, 0}, new int[] {1, 1, 0}); // one is empty, as its offsets say
        assertThat(all(" ", blank, 2, List.of(new Logits(0, new float[2], new float[2]))))
                .isEmpty();
        assertThat(new AnswerSearch(CodePointText.of("a"), words("a"), 3).next())
                .as("without a window")
                .isEmpty();
    }

    private static List<Answer> all(String text, TokenizedDocument tokens, int longest, List<Logits> windows) {
        AnswerSearch search = new AnswerSearch(CodePointText.of(text), tokens, longest);
        windows.forEach(window -> search.add(window.firstToken(), window.start(), window.end()));
        List<Answer> found = new ArrayList<>();
        for (Optional<Answer> next = search.next(); next.isPresent(); next = search.next()) {
            found.add(next.get());
        }
        return found;
    }

    private static List<Answer> tryingAll(String text, TokenizedDocument tokens, int longest, List<Logits> windows) {
        List<Answer> candidates = new ArrayList<>();
        for (Logits window : windows) {
            for (int first = 0; first < window.start().length; first++) {
                for (int last = first; last < window.end().length && last - first < longest; last++) {
                    Span span = trimmed(
                            text,
                            tokens.begins()[window.firstToken() + first],
                            tokens.ends()[window.firstToken() + last]);
                    if (span.length() > 0) {
                        double score = (double) window.start()[first] + window.end()[last];
                        candidates.add(new Answer(
                                codePoints(text, span.begin(), span.end()), score, span.begin(), span.end()));
                    }
                }
            }
        }
        candidates.sort(Comparator.comparingDouble(Answer::score).reversed()); // stable: of equals the earlier
        List<Answer> chosen = new ArrayList<>();
        for (Answer candidate : candidates) {
            if (chosen.stream().allMatch(c -> candidate.end() <= c.begin() || c.end() <= candidate.begin())) {
                chosen.add(candidate);
            }
        }
        return chosen;
    }

    private static Span trimmed(String text, int begin, int end) {
        int[] codePoints = text.codePoints().toArray();
        int from = begin;
        int to = end;
        while (from < to && isBlank(codePoints[from])) {
            from++;
        }
        while (to > from && isBlank(codePoints[to - 1])) {
            to--;
        }
        return new Span(from, to);
    }

    private static boolean isBlank(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
    }

    private static String codePoints(String text, int begin, int end) {
        int[] codePoints = text.codePoints().toArray();
        return new String(codePoints, begin, end - begin);
    }

    private static String text(Random random, int signs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < signs; i++) {
            text.append(SIGNS[random.nextInt(SIGNS.length)]);
        }
        return text.toString();
    }

    /** Tokens of one to three code points, some of which share one as the parts of a ligature do. */
    private static TokenizedDocument tokens(String text, Random random) {
        int length = text.codePointCount(0, text.length());
        List<Integer> begins = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        for (int begin = 0; begin < length; ) {
            int end = Math.min(length, begin + 1 + random.nextInt(3));
            begins.add(begin);
            ends.add(end);
            begin = random.nextInt(5) == 0 && end - begin > 1 ? end - 1 : end;
        }
        begins.add(0);
        ends.add(0);
        int[] ids = new int[begins.size()];
        ids[ids.length - 1] = EOS;
        return new TokenizedDocument(ids, ints(begins), ints(ends));
    }

    private static TokenizedDocument words(String text) {
        int count = (text.length() + 1) / 2; // of one letter each, with the space before it
        int[] begins = new int[count + 1];
        int[] ends = new int[count + 1];
        for (int i = 0; i < count; i++) {
            begins[i] = Math.max(0, 2 * i - 1);
            ends[i] = 2 * i + 1;
        }
        return new TokenizedDocument(new int[count + 1], begins, ends);
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Windows that overlap, with few different logits so that many spans are equally good. */
    private static List<Logits> windows(int tokens, Random random) {
        List<Logits> windows = new ArrayList<>();
        for (int begin = 0; begin < tokens; ) {
            int end = Math.min(tokens, begin + 4 + random.nextInt(12));
            windows.add(new Logits(begin, logits(end - begin, random), logits(end - begin, random)));
            begin = end == tokens ? end : end - random.nextInt(4);
        }
        return windows;
    }

    private static float[] logits(int count, Random random) {
        boolean few = random.nextBoolean();
        float[] logits = new float[count];
        for (int i = 0; i < count; i++) {
            logits[i] = few ? random.nextInt(4) : (float) random.nextGaussian();
        }
        return logits;
    }
}
