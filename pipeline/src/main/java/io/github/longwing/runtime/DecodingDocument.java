package io.github.longwing.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.longwing.config.BigBirdPegasusConfig;
import java.util.Optional;

/**
 * The state of one document in the decoder: the keys and values of its source and of the tokens so far. Made by
 * {@link DecoderSession#begin} or {@link PromptSession#read}; owns the encoded document. Not thread-safe; close to release
 * its native memory.
 */
public final class DecodingDocument implements AutoCloseable {
    private final Optional<EncodedDocument> source;
    private final int sourceTokens;
    private final KeyValueCache cache;

    private DecodingDocument(Optional<EncodedDocument> source, int sourceTokens, KeyValueCache cache) {
        this.source = source;
        this.sourceTokens = sourceTokens;
        this.cache = cache;
    }

    static DecodingDocument of(
            OrtEnvironment environment, BigBirdPegasusConfig config, EncodedDocument source, int rows)
            throws OrtException {
        return new DecodingDocument(
                Optional.of(source), source.tokens(), new KeyValueCache(environment, config, rows, 0));
    }

    /** With all of a prompt but its last token in the cache. */
    static DecodingDocument ofPrompt(
            OrtEnvironment environment, BigBirdPegasusConfig config, int promptTokens, int rows) throws OrtException {
        return new DecodingDocument(
                Optional.empty(), promptTokens, new KeyValueCache(environment, config, rows, promptTokens - 1));
    }

    /** Decoder rows (beams). */
    public int rows() {
        return cache.beams();
    }

    /** The tokens that its keys and values are for: those of the encoder's input, or of the prompt. */
    public int sourceTokens() {
        return sourceTokens;
    }

    /** Empty for a decoder without encoder. */
    Optional<EncodedDocument> source() {
        return source;
    }

    KeyValueCache cache() {
        return cache;
    }

    @Override
    public void close() {
        cache.close();
        source.ifPresent(EncodedDocument::close);
    }
}
