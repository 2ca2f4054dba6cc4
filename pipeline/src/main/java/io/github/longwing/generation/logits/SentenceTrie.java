package io.github.longwing.generation.logits;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The sentences that a sequence may consist of, as a trie of their tokens: a node is the range of the sentences, sorted
 * by their tokens, that begin alike. Sentences are known by their index in the document's order. Immutable.
 */
public final class SentenceTrie {
    private final int[][] tokens; // of each sentence
    private final double[] scores;
    private final int[] sorted; // sentences by their tokens, equal ones in their order

    /**
     * The trie of some sentences.
     *
     * @param tokens of each sentence, in the document's order; none empty
     * @param scores that are added to the log-probability of each sentence; all 0 for a choice of the model alone
     */
    public SentenceTrie(List<int[]> tokens, double[] scores) {
        if (tokens.size() != scores.length || tokens.stream().anyMatch(t -> t.length == 0)) {
            throw new IllegalArgumentException("Cannot hold a search to " + tokens.size() + " sentences with "
                    + scores.length + " scores, expected equally many, none without tokens");
        }
        this.tokens = tokens.toArray(int[][]::new);
        this.scores = scores.clone();
        this.sorted = IntStream.range(0, this.tokens.length)
                .boxed()
                .sorted(Comparator.comparing((Integer s) -> this.tokens[s], Arrays::compare))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    int size() {
        return tokens.length;
    }

    int[] tokens(int sentence) {
        return tokens[sentence];
    }

    double score(int sentence) {
        return scores[sentence];
    }

    boolean hasScores() {
        return Arrays.stream(scores).anyMatch(score -> score != 0);
    }

    Node root() {
        return new Node(0, sorted.length, 0);
    }

    /** The sentences {@code sorted[from:to]}, which have their first {@code depth} tokens in common. */
    record Node(int from, int to, int depth) {}

    int sentence(int place) {
        return sorted[place];
    }

    /** The node below one with a token more; maybe without sentences. */
    Node child(Node node, int token) {
        int from = firstNotBelow(node, token);
        int to = firstNotBelow(new Node(from, node.to(), node.depth()), token + 1);
        return new Node(from, to, node.depth() + 1);
    }

    /** A sentence that ends at the node is below all others of its range. */
    private int firstNotBelow(Node node, int token) {
        int low = node.from();
        int high = node.to();
        while (low < high) {
            int middle = (low + high) >>> 1;
            int[] sentence = tokens[sorted[middle]];
            if (sentence.length <= node.depth() || sentence[node.depth()] < token) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
