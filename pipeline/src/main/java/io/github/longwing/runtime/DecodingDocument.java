package io.github.longwing.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.longwing.config.BigBirdPegasusConfig;
import java.util.Optional;

/**
 * One document under way in the decoder: what it attends to and what it has generated so far. Made by
 * {@link DecoderSession#begin} or {@link PromptSession#read}; owns the encoded document. Not thread-safe; close to give
 * its native memory back.
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

    /** With a prompt in the cache, but for its last token. */
    static DecodingDocument ofPrompt(
            OrtEnvironment environment, BigBirdPegasusConfig config, int promptTokens, int rows) throws OrtException {
        return new DecodingDocument(
                Optional.empty(), promptTokens, new KeyValueCache(environment, config, rows, promptTokens - 1));
    }

    /** Decoder rows (beams). */
    public int rows() {
        return cache.beams();
    }

    /** What its keys and values take room for: the tokens of the encoder's input, or of the prompt. */
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
