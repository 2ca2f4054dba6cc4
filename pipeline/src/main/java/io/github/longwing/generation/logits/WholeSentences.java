package io.github.longwing.generation.logits;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Bans all tokens but those that go on with a sentence, begin one that fits into the length that is left, or end the
 * sequence after one: transformers' {@code prefix_allowed_tokens_fn} with these rules.
 */
record WholeSentences(SentenceTrie trie, SentenceRules rules) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        Map<Integer, Float> allowed = new HashMap<>();
        SentencePath.of(trie, rules, ids, length).next(length, (token, step) -> allowed.put(token, scores[token]));
        Arrays.fill(scores, BANNED);
        allowed.forEach((token, score) -> scores[token] = score);
    }
}
