package io.github.longwing.generation.logits;

import io.github.longwing.config.SentenceOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * Where a sequence stands among the sentences that it may consist of: those it has, and the node of the one that it is
 * in. A token that goes on with a sentence goes on with it; only another one ends it and begins the next. It follows from
 * the sequence alone, so that it is each beam's own.
 *
 * <p>Not thread-safe.
 */
public final class SentencePath {
    private final SentenceTrie trie;
    private final SentenceRules rules;
    private final List<Integer> written = new ArrayList<>();
    private SentenceTrie.Node node;
    private int begin; // how long the sequence was before the sentence that it is in
    private boolean isLost;

    private SentencePath(SentenceTrie trie, SentenceRules rules) {
        this.trie = trie;
        this.rules = rules;
        this.node = trie.root();
        this.begin = rules.promptLength();
    }

    /** Follows a sequence of which {@code length} tokens are set. */
    public static SentencePath of(SentenceTrie trie, SentenceRules rules, int[] ids, int length) {
        SentencePath path = new SentencePath(trie, rules);
        for (int i = rules.promptLength(); i < length && !path.isLost; i++) {
            path.follow(ids[i], i);
        }
        return path;
    }

    /** The sentences that have ended, in the order of the sequence. */
    public List<Integer> written() {
        return List.copyOf(written);
    }

    private void follow(int token, int length) {
        SentenceTrie.Node next = trie.child(node, token);
        if (any(next, begin)) {
            node = next;
            return;
        }
        int ended = ended();
        if (ended >= 0) {
            end(ended, length);
            next = trie.child(node, token);
        }
        isLost = !any(next, begin); // after the eos, and in beams that no allowed token was left for
        node = next;
    }

    private void end(int sentence, int length) {
        written.add(sentence);
        node = trie.root();
        begin = length;
    }

    /** The first sentence that ends here, or -1. */
    int ended() {
        int found = -1;
        for (int place = node.from(); place < node.to(); place++) {
            int sentence = trie.sentence(place);
            if (trie.tokens(sentence).length > node.depth()) {
                break;
            }
            if (node.depth() > 0 && mayStand(sentence, begin)) {
                found = found < 0 ? sentence : Math.min(found, sentence);
            }
        }
        return found;
    }

    /**
     * Names every token that may come next.
     *
     * @param length of the sequence
     */
    void next(int length, Allowed allowed) {
        if (isLost) {
            rules.eosTokenIds().forEach(eos -> allowed.token(eos, Step.END));
            return;
        }
        visit(node, begin, sentence -> allowed.token(trie.tokens(sentence)[node.depth()], Step.ON));
        int ended = ended();
        if (ended < 0) {
            if (node.depth() == 0 && !any(node, begin)) {
                rules.eosTokenIds().forEach(eos -> allowed.token(eos, Step.END));
            }
            return;
        }
        SentencePath after = after(ended, length);
        after.visit(after.node, length, sentence -> allowed.token(trie.tokens(sentence)[0], Step.OVER));
        if (length >= rules.minLength() || !after.any(after.node, length)) {
            rules.eosTokenIds().forEach(eos -> allowed.token(eos, Step.END));
        }
    }

    /** Where the sequence stands once it has ended a sentence. */
    SentencePath after(int sentence, int length) {
        SentencePath after = new SentencePath(trie, rules);
        after.written.addAll(written);
        after.end(sentence, length);
        return after;
    }

    /** The most that the sentences that may stand below this place, and those after them, add; 0 at a begin. */
    double best(SentenceOutlook outlook) {
        return node.depth() == 0 ? 0 : best(node, outlook);
    }

    /** The same with one more token of the sentence. */
    double best(int token, SentenceOutlook outlook) {
        return best(trie.child(node, token), outlook);
    }

    private double best(SentenceTrie.Node at, SentenceOutlook outlook) {
        double best = Double.NEGATIVE_INFINITY;
        for (int place = at.from(); place < at.to(); place++) {
            int sentence = trie.sentence(place);
            if (mayStand(sentence, begin)) {
                int end = begin + trie.tokens(sentence).length;
                best = Math.max(best, trie.score(sentence) + outlook.after(sentence, end, written.size() + 1));
            }
        }
        return best;
    }

    private void visit(SentenceTrie.Node at, int from, IntConsumer sentences) {
        for (int place = at.from(); place < at.to(); place++) {
            int sentence = trie.sentence(place);
            if (trie.tokens(sentence).length > at.depth() && mayStand(sentence, from)) {
                sentences.accept(sentence);
            }
        }
    }

    private boolean any(SentenceTrie.Node at, int from) {
        IntPredicate stands = sentence -> mayStand(sentence, from);
        for (int place = at.from(); place < at.to(); place++) {
            if (stands.test(trie.sentence(place))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a sentence may begin where the sequence was so long: what was true then is true until it ends. */
    private boolean mayStand(int sentence, int from) {
        return written.size() < rules.maxSentences()
                && from + trie.tokens(sentence).length < rules.maxLength()
                && (rules.order() == SentenceOrder.MODEL
                        ? !written.contains(sentence)
                        : written.isEmpty() || sentence > written.get(written.size() - 1));
    }

    /** What a token does. */
    enum Step {
        /** Goes on with the sentence, or begins the first. */
        ON,
        /** Begins another sentence. */
        OVER,
        /** Ends the sequence. */
        END
    }

    /** Hears of tokens, also more than once. */
    interface Allowed {
        void token(int token, Step step);
    }
}
