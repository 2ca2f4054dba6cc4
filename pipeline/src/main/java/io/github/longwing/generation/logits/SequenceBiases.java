package io.github.longwing.generation.logits;

import io.github.longwing.config.SequenceBias;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds a bias to the last token of a sequence where its other tokens are the last ones of the text; minus infinity bans.
 *
 * @param biases sequences with their biases, each sequence once
 */
record SequenceBiases(Map<List<Integer>, Float> biases) implements LogitsProcessor {

    /** As in transformers the last bias of a sequence counts. */
    static SequenceBiases of(List<SequenceBias> biases) {
        Map<List<Integer>, Float> bySequence = new LinkedHashMap<>();
        biases.forEach(bias -> bySequence.put(bias.tokenIds(), bias.bias()));
        return new SequenceBiases(bySequence);
    }

    /** Bans words, except an eos by itself. */
    static SequenceBiases banning(List<List<Integer>> words, List<Integer> eosTokenIds) {
        Map<List<Integer>, Float> bySequence = new LinkedHashMap<>();
        words.stream()
                .filter(word -> word.size() > 1 || !eosTokenIds.contains(word.get(0)))
                .forEach(word -> bySequence.put(word, BANNED));
        return new SequenceBiases(bySequence);
    }

    @Override
    public void process(int[] ids, int length, float[] scores) {
        Map<Integer, Float> sums = new TreeMap<>(); // several sequences may end in one token
        biases.forEach((sequence, bias) -> {
            if (isNext(sequence, ids, length)) {
                sums.merge(sequence.get(sequence.size() - 1), bias, Float::sum);
            }
        });
        sums.forEach((token, bias) -> scores[token] += bias);
    }

    private static boolean isNext(List<Integer> sequence, int[] ids, int length) {
        int begin = length + 1 - sequence.size();
        if (begin < 0) {
            return false;
        }
        for (int i = 0; i < sequence.size() - 1; i++) {
            if (sequence.get(i) != ids[begin + i]) {
                return false;
            }
        }
        return true;
    }
}
