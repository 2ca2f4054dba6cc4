package io.github.longwing.jobs.options;

import io.github.longwing.task.LongDocuments;
import java.util.stream.IntStream;

/**
 * An estimate of the windows of documents: windows end with sentences, so that there may be a few more.
 *
 * @param limit maximum tokens of a window, eos included
 * @param overlap tokens that the next window reads again
 * @param summaryTokens maximum tokens of a window's summary, which may be summarized again
 */
public record WindowPlan(LongDocuments longDocuments, int limit, int overlap, int summaryTokens) {

    public boolean isLong(int tokens) {
        return tokens > limit;
    }

    /** The number of windows of a document of so many tokens, eos included. */
    public int count(int tokens) {
        return longDocuments == LongDocuments.TRUNCATE || !isLong(tokens)
                ? 1
                : 1 + (tokens - limit + newTokens() - 1) / newTokens();
    }

    /** The tokens of each window of such a document, including those of later levels. */
    public IntStream runs(int tokens) {
        int count = count(tokens);
        if (count == 1) {
            return IntStream.of(Math.min(tokens, limit));
        }
        IntStream windows = IntStream.range(0, count).map(i -> Math.min(limit, tokens - i * newTokens()));
        long joined = 1 + (long) count * summaryTokens;
        boolean again = longDocuments == LongDocuments.HIERARCHICAL && joined < tokens;
        return again ? IntStream.concat(windows, runs((int) joined)) : windows;
    }

    /** Tokens of a window that are not in the previous one; each window has its own eos. */
    private int newTokens() {
        return limit - 1 - overlap;
    }
}
