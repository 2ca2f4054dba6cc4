package io.github.longwing.generation.logits;

import io.github.longwing.config.SentenceOrder;

/**
 * The highest sum of scores that the sentences after one can still add in the length that is left. In the document's
 * order a search that did not look ahead would begin with the best sentence of all and lose those before it. In the
 * model's order nothing is lost, and there is nothing to look out for. Immutable.
 */
final class SentenceOutlook {
    /** Larger tables would take more memory than a search should. */
    private static final long MAX_ENTRIES = 16_000_000;

    private final SentenceRules rules;
    private final boolean isCounted; // whether how many sentences may follow is what limits them
    private final float[][][] best; // [sentences that may follow][first of them][tokens left]; empty for no outlook

    private SentenceOutlook(SentenceRules rules, boolean isCounted, float[][][] best) {
        this.rules = rules;
        this.isCounted = isCounted;
        this.best = best;
    }

    static SentenceOutlook of(SentenceTrie trie, SentenceRules rules) {
        int count = trie.size();
        int room = Math.max(0, rules.maxLength() - 1 - rules.promptLength());
        boolean counted = rules.maxSentences() <= count && rules.maxSentences() <= room;
        int layers = counted ? rules.maxSentences() : 1;
        if (rules.order() == SentenceOrder.MODEL || (long) layers * (count + 1) * (room + 1) > MAX_ENTRIES) {
            return new SentenceOutlook(rules, counted, new float[0][][]);
        }
        float[][][] best = new float[layers][count + 1][room + 1];
        for (int layer = 0; layer < layers; layer++) {
            float[][] following = counted ? (layer == 0 ? null : best[layer - 1]) : best[0];
            for (int s = count - 1; s >= 0 && following != null; s--) {
                int length = trie.tokens(s).length;
                for (int left = 0; left <= room; left++) {
                    float without = best[layer][s + 1][left];
                    best[layer][s][left] = left < length
                            ? without
                            : Math.max(without, (float) trie.score(s) + following[s + 1][left - length]);
                }
            }
        }
        return new SentenceOutlook(rules, counted, best);
    }

    /**
     * What can still be added.
     *
     * @param length of the sequence with the sentence
     * @param written how many sentences it has with this one
     */
    double after(int sentence, int length, int written) {
        if (best.length == 0) {
            return 0;
        }
        int layer = isCounted ? rules.maxSentences() - written : 0;
        return best[layer][sentence + 1][rules.maxLength() - 1 - length];
    }
}
