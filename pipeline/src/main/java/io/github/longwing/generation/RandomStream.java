package io.github.longwing.generation;

import io.github.longwing.io.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The random numbers of one document. Each is a pure function of seed, document id, step and index, so that it depends
 * neither on what else is drawn nor on where and how often.
 *
 * <p>The key is the first 8 bytes of SHA-256 over the seed (8 bytes, big-endian) and the id in UTF-8. With G =
 * 0x9e3779b97f4a7c15 and mix64 the finalizer of SplitMix64, the bits of (step, index) are mix64(mix64(key + (step + 1) x
 * G) + (index + 1) x G), all modulo 2^64; the number is (the upper 52 bits + 0.5) / 2^52.
 */
final class RandomStream {
    private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;

    private static final int HEX_DIGITS = 2 * Long.BYTES;

    private final long key;

    RandomStream(long seed, String documentId) {
        byte[] id = documentId.getBytes(StandardCharsets.UTF_8);
        byte[] hashed = ByteBuffer.allocate(Long.BYTES + id.length)
                .putLong(seed)
                .put(id)
                .array();
        this.key = Long.parseUnsignedLong(Sha256.of(hashed), 0, HEX_DIGITS, 16);
    }

    /** Above 0 and below 1. */
    double uniform(int step, int index) {
        long bits = mix64(mix64(key + (step + 1L) * GOLDEN_GAMMA) + (index + 1L) * GOLDEN_GAMMA);
        return ((bits >>> 12) + 0.5) * 0x1p-52;
    }

    static long mix64(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return z ^ (z >>> 31);
    }
}
