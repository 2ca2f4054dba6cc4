package io.github.longwing.generation.logits;

import java.util.HashMap;
import java.util.Map;

/**
 * Adds its score to each sentence, spread along the trie: each token adds by how much the best that can
 * come of it, this sentence and the ones after it, differs from the best before the token. So beams know of it from the
 * first token on, and over a sequence the sum is that of its sentences' scores.
 */
record SentencePrior(SentenceTrie trie, SentenceRules rules, SentenceOutlook outlook) implements LogitsProcessor {

    static SentencePrior of(SentenceTrie trie, SentenceRules rules) {
        return new SentencePrior(trie, rules, SentenceOutlook.of(trie, rules));
    }

    @Override
    public void process(int[] ids, int length, float[] scores) {
        SentencePath path = SentencePath.of(trie, rules, ids, length);
        double best = path.best(outlook);
        int ended = path.ended();
        double rest = ended < 0 ? 0 : trie.score(ended) - best;
        SentencePath after = ended < 0 ? path : path.after(ended, length);
        Map<Integer, Double> added = new HashMap<>(); // a token that could do both goes on
        path.next(
                length,
                (token, step) -> added.computeIfAbsent(token, t -> switch (step) {
                    case ON -> path.best(t, outlook) - best;
                    case OVER -> rest + after.best(t, outlook);
                    case END -> rest;
                }));
        added.forEach((token, score) -> scores[token] += score.floatValue());
    }
}
