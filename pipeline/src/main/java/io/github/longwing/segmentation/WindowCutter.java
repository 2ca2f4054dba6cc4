package io.github.longwing.segmentation;

import io.github.longwing.tokenizer.TokenizedDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts documents into windows. A window ends at the last paragraph end in its second half; where there is none, at the
 * last sentence end there, then at the last word end, then anywhere but within a character of several tokens. What two
 * windows can hold is shared between them, as evenly as the best ends allow, so that no document ends in a scrap. A
 * window that overlaps the one before begins at the first sentence, else at the first word, of what it reads again.
 *
 * <p>Immutable.
 */
public final class WindowCutter {
    private static final byte WITHIN_CHARACTER = 0;
    private static final byte ANYWHERE = 1;
    private static final byte WORD = 2;
    private static final byte SENTENCE = 3;
    private static final byte PARAGRAPH = 4;

    private final int maxTokens;
    private final int overlapTokens;
    private final Locale locale;

    /**
     * Prepares to cut.
     *
     * @param maxTokens of a window, without eos
     * @param overlapTokens that a window may read again of the one before, fewer than {@code maxTokens}
     */
    public WindowCutter(int maxTokens, int overlapTokens, Locale locale) {
        if (overlapTokens < 0 || overlapTokens >= maxTokens) {
            throw new IllegalArgumentException("Cannot cut windows: the overlap is " + overlapTokens
                    + " tokens, expected 0 up to less than the window's " + maxTokens);
        }
        this.maxTokens = maxTokens;
        this.overlapTokens = overlapTokens;
        this.locale = locale;
    }

    /**
     * The windows of a document in their order, at least one. Their spans cover the text, and without overlap each code
     * point once.
     */
    public List<Window> cut(CodePointText text, TokenizedDocument tokens) {
        int count = tokens.length() - 1; // without the eos
        if (count <= maxTokens) {
            return List.of(new Window(0, count, new Span(0, text.length())));
        }
        byte[] ranks = ranks(text, tokens, count);
        List<Window> windows = new ArrayList<>();
        int begin = 0;
        int end = 0;
        while (end < count) {
            begin = windows.isEmpty() ? 0 : beginOfNext(ranks, begin, end);
            end = endOf(ranks, begin, end, count);
            int from = begin == 0 ? 0 : tokens.begins()[begin];
            int to = end == count ? text.length() : tokens.begins()[end];
            windows.add(new Window(begin, end, new Span(from, Math.max(from, to))));
        }
        return windows;
    }

    /** How good it is to cut before each token. */
    private byte[] ranks(CodePointText text, TokenizedDocument tokens, int count) {
        byte[] ranks = new byte[count];
        List<Sentence> sentences = Sentence.of(text.text(), locale);
        CodePointText.Reader reader = text.reader();
        int next = 0; // the sentence that has not ended before the tokens so far
        for (int i = 1; i < count; i++) {
            int begin = tokens.begins()[i];
            int content = reader.skipBlank(begin, tokens.ends()[i]);
            if (begin < tokens.ends()[i - 1]) {
                ranks[i] = WITHIN_CHARACTER;
                continue;
            }
            ranks[i] = content > begin || (begin > 0 && reader.isBlank(begin - 1)) ? WORD : ANYWHERE;
            for (; sentences.get(next).span().end() <= content && next < sentences.size() - 1; next++) {
                byte rank = sentences.get(next).end() == Sentence.End.PARAGRAPH ? PARAGRAPH : SENTENCE;
                ranks[i] = (byte) Math.max(ranks[i], rank);
            }
        }
        return ranks;
    }

    private int endOf(byte[] ranks, int begin, int endBefore, int count) {
        int left = count - begin;
        if (left <= maxTokens) {
            return count;
        }
        int wanted = begin + maxTokens;
        int most = begin + maxTokens;
        int least = begin + (maxTokens + 1) / 2;
        if (left <= 2 * maxTokens - overlapTokens) { // two windows will do
            wanted = begin + (left + overlapTokens + 1) / 2; // the second reads the overlap too
            int reach = Math.min(left / 4, most - wanted);
            most = wanted + reach;
            least = Math.min(least, wanted - reach);
        }
        return best(ranks, Math.max(endBefore + 1, least), most, wanted);
    }

    /** The cut of the highest rank from {@code least} to {@code most}, of these the one nearest to what is wanted. */
    private static int best(byte[] ranks, int least, int most, int wanted) {
        int best = Math.max(least, Math.min(most, wanted));
        for (int i = least; i <= most; i++) {
            boolean better = ranks[i] > ranks[best]
                    || (ranks[i] == ranks[best] && Math.abs(i - wanted) < Math.abs(best - wanted));
            if (better) {
                best = i;
            }
        }
        return best;
    }

    private int beginOfNext(byte[] ranks, int beginBefore, int endBefore) {
        int earliest = Math.max(beginBefore + 1, endBefore - overlapTokens);
        for (byte rank = SENTENCE; rank > WITHIN_CHARACTER; rank--) {
            for (int i = earliest; i < endBefore; i++) {
                if (ranks[i] >= rank) {
                    return i;
                }
            }
        }
        return endBefore;
    }
}
