package io.github.longwing.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.longwing.config.BigBirdPegasusConfig;

/**
 * One document under way in the decoder: what it attends to and what it has generated so far. Made by
 * {@link DecoderSession#begin}; owns the encoded document. Not thread-safe; close to give its native memory back.
 */
public final class DecodingDocument implements AutoCloseable {
    private final EncodedDocument source;
    private final KeyValueCache cache;

    DecodingDocument(OrtEnvironment environment, BigBirdPegasusConfig config, EncodedDocument source, int rows)
            throws OrtException {
        this.source = source;
        this.cache = new KeyValueCache(environment, config, rows);
    }

    /** Decoder rows (beams). */
    public int rows() {
        return cache.beams();
    }

    public int sourceTokens() {
        return source.tokens();
    }

    EncodedDocument source() {
        return source;
    }

    KeyValueCache cache() {
        return cache;
    }

    @Override
    public void close() {
        cache.close();
        source.close();
    }
}
