package io.github.longwing.nn;

import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.Value;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A sequence of up to so many tokens cut into chunks of queries, each with the prefix of keys that it may see, so that
 * the memory for scores grows with the length and not with its square. The chunks are unrolled in the graph; those
 * beyond a run's T tokens are empty.
 *
 * <p>n queries and p keys of a chunk.
 *
 * @param masks what is added to the scores of each chunk, [n, p]: 0, or a large negative number for a key that comes
 *     after the query
 */
public record CausalChunks(List<Value> masks) {
    /** Enough for matrix products at full speed; half a chunk for each query is spent on keys that it may not see. */
    public static final int QUERIES = 512;

    /** Times the distance of a query before its key, at least 1: takes the key out of the softmax. */
    private static final float HIDDEN = 1e9f;

    /** The chunks of up to {@code maxTokens} tokens at the positions 0 to T-1, [T]. */
    public static CausalChunks of(Value positionIds, int maxTokens) {
        Value positions = positionIds.toFloat();
        return new CausalChunks(IntStream.range(0, (maxTokens + QUERIES - 1) / QUERIES)
                .mapToObj(chunk -> queries(positions, 0, chunk)
                        .reshape(Dimension.of("n" + chunk), Dimension.ONE)
                        .subtract(keys(positions, 0, chunk)) // [n, p]
                        .atMost(0)
                        .scale(HIDDEN))
                .toList());
    }

    int count() {
        return masks.size();
    }

    /** The queries of a chunk, along an axis of T. */
    static Value queries(Value tokens, int axis, int chunk) {
        return tokens.slice(axis, (long) chunk * QUERIES, (chunk + 1L) * QUERIES, Dimension.of("n" + chunk));
    }

    /** The keys that the queries of a chunk may see, along an axis of T. */
    static Value keys(Value tokens, int axis, int chunk) {
        return tokens.slice(axis, 0, (chunk + 1L) * QUERIES, Dimension.of("p" + chunk));
    }
}
