package io.github.longwing.config;

import io.github.longwing.config.Architecture.Int8Layers;
import java.util.Optional;

/**
 * What a model needs of native memory, in bytes, from its config and the options of the task alone.
 *
 * @param generation empty for tasks that generate nothing
 */
public record MemoryPlan(
        BigBirdPegasusConfig config, Precision precision, Passes passes, Optional<GenerationConfig> generation) {
    /** Global, window and last blocks; random blocks of the reference mode repeat block 0 and cost nothing. */
    public static final int KEY_BLOCKS = 5;

    /** Queries whose attention scores are in memory at once if the decoder reads a whole document, as in CausalChunks. */
    public static final int QUERY_CHUNK = 512;

    /** What a JVM needs besides its heap: classes, compiled code, stacks, the native libraries, and an encoder's session. */
    public static final long PROCESS_BYTES = 170L << 20; // 170 MiB, as measured

    /** What the sessions of a decoder need besides its weights, as measured. */
    private static final long DECODER_SESSION_BYTES = 64L << 20;

    /** States of all tokens that are in memory beside the scores of attention: input, residual, queries, keys, values, context. */
    private static final int STATES = 6;

    /** The caches of a document grow by so many steps at a time. */
    private static final int CACHE_STEPS = 32;

    private static final int FLOAT_BYTES = Float.BYTES;

    /** Of a weight; the scale of each output is nothing beside its inputs. */
    private static final double INT8_BYTES = 1;

    /**
     * Numbers of weights by how they are stored.
     *
     * @param scores of projections to queries and keys
     * @param values of the other projections around attention
     * @param feedForward of feed-forward layers
     */
    public record LayerWeights(long scores, long values, long feedForward) {
        public long count() {
            return scores + values + feedForward;
        }

        private double bytes(Widths widths) {
            return scores * widths.scores() + values * widths.values() + feedForward * widths.feedForward();
        }
    }

    /** Bytes of a weight. */
    private record Widths(double scores, double values, double feedForward) {}

    /** All weights, as they lie on the disk. */
    public long weightBytes() {
        double encoder = passes.hasEncoder() ? encoderWeights().bytes(encoderWidths()) : 0;
        double quantizedVocabulary = precision == Precision.INT8 && passes.hasSteps() ? vocabularyBytes() : 0;
        return Math.round(encoder + decoderWeights().bytes(decoderWidths()) + embeddingBytes() + quantizedVocabulary);
    }

    /** Weights that are mapped from the disk, which all executors of a host share. */
    public long mappedBytes() {
        double encoder = passes.hasEncoder() ? encoderWeights().bytes(encoderWidths()) : 0;
        double decoder = passes.readsWithDecoder()
                ? decoderWeights().bytes(decoderWidths())
                : crossAttentionWeights().bytes(decoderWidths());
        return Math.round(encoder + decoder + embeddingBytes());
    }

    /** Weights that each executor packs for itself: those of a step of the decoder. */
    public long packedBytes() {
        return passes.hasSteps()
                ? Math.round(decoderWeights().bytes(decoderWidths())
                        - crossAttentionWeights().bytes(decoderWidths())
                        + vocabularyBytes())
                : 0;
    }

    /** What a window of so many tokens needs while it is read, and gives back afterwards. */
    public long readingBytes(int tokens) {
        long padded = padded(tokens);
        long states = STATES * padded * config.dModel();
        long encoder = 0;
        if (passes.hasEncoder()) {
            long keys = keys(tokens);
            // the softmax works in place; keys and values of a block are copied together where attention is sparse
            long gathered = keys < padded ? 2 * padded * (keys / config.blockSize()) * config.dModel() : 0;
            long attention = padded * keys * config.encoderAttentionHeads() + gathered;
            encoder = states + Math.max(attention, 2 * padded * config.encoderFfnDim());
        }
        long decoder = 0;
        if (passes.readsWithDecoder()) {
            // chunks have scores of different sizes, none of which finds room where another was
            long chunks = (padded + QUERY_CHUNK - 1) / QUERY_CHUNK;
            long scores = Math.min(padded, QUERY_CHUNK) * padded * (chunks + 1) / 2 * config.decoderAttentionHeads();
            decoder = states + Math.max(scores, 2 * padded * config.decoderFfnDim());
        }
        return FLOAT_BYTES * Math.max(encoder, decoder);
    }

    /** What a window of so many tokens keeps as long as it is in the decoder. */
    public long documentBytes(int tokens) {
        return passes.hasSteps() ? tokens * bytesPerToken() + rows() * bytesPerRow(tokens) : 0;
    }

    /** Keys and values of a token, in all layers of the decoder. */
    public long bytesPerToken() {
        return 2L * FLOAT_BYTES * config.decoderLayers() * config.dModel();
    }

    /** Keys and values of the longest output, for each row (beam). */
    public long bytesPerRow(int sourceTokens) {
        return (steps(sourceTokens) + CACHE_STEPS) * bytesPerToken();
    }

    /** What one executor needs besides its heap for so many windows of so many tokens at once. */
    public long executorBytes(int tokens, int windows) {
        return PROCESS_BYTES
                + sessionBytes()
                + mappedBytes()
                + packedBytes()
                + (windows - 1) * documentBytes(tokens)
                + windowBytes(tokens);
    }

    /** The peak of one window. */
    public long windowBytes(int tokens) {
        long reading = readingBytes(tokens);
        long document = documentBytes(tokens);
        return passes == Passes.PROMPT_AND_STEPS
                ? reading + document // a prompt is read into the document's caches
                : Math.max(reading, document);
    }

    private long sessionBytes() {
        return passes == Passes.ENCODER ? 0 : DECODER_SESSION_BYTES;
    }

    /** What an executor can in no way do without: no weights that the disk holds as well. */
    public long leastBytes(int tokens) {
        return packedBytes() + windowBytes(tokens);
    }

    /** What the model takes for itself, with the reading of a window of so many tokens. */
    public long modelBytes(int tokens) {
        return sessionBytes() + mappedBytes() + packedBytes() + readingBytes(tokens);
    }

    /** Maximum number of new tokens; a prompt may count towards the limit. */
    public long steps(int tokens) {
        int prompt = passes == Passes.PROMPT_AND_STEPS ? tokens : 1;
        return generation
                .map(g -> Math.max(1, g.lengthLimit(prompt, config.maxPositionEmbeddings()) - prompt))
                .orElse(0);
    }

    /** Rows of the decoder for one document: beams, or samples. */
    public long rows() {
        return generation
                .map(g -> Math.max(g.get(GenerationOption.NUM_BEAMS), g.get(GenerationOption.NUM_RETURN_SEQUENCES)))
                .orElse(1);
    }

    /** What a step of the decoder reads, without the keys and values of documents. */
    public long stepBytes() {
        return Math.round(decoderWeights().bytes(decoderWidths()) + vocabularyBytes());
    }

    public LayerWeights encoderWeights() {
        return layers(config.encoderLayers(), config.encoderFfnDim(), 1);
    }

    public LayerWeights decoderWeights() {
        return switch (passes) {
            case ENCODER -> new LayerWeights(0, 0, 0);
            case ENCODER_AND_STEPS, ENCODER_AND_DECODER -> layers(config.decoderLayers(), config.decoderFfnDim(), 2);
            case PROMPT_AND_STEPS -> layers(config.decoderLayers(), config.decoderFfnDim(), 1);
        };
    }

    /** The projections to keys and values of cross-attention, where they are made once before the steps. */
    private LayerWeights crossAttentionWeights() {
        long square = (long) config.dModel() * config.dModel() * config.decoderLayers();
        return passes == Passes.ENCODER_AND_STEPS ? new LayerWeights(square, square, 0) : new LayerWeights(0, 0, 0);
    }

    private LayerWeights layers(long layers, int ffn, int attentions) {
        long d = config.dModel();
        return new LayerWeights(layers * 2 * attentions * d * d, layers * 2 * attentions * d * d, layers * 2 * ffn * d);
    }

    private double embeddingBytes() {
        return (double) FLOAT_BYTES * (config.vocabSize() + 2L * config.maxPositionEmbeddings()) * config.dModel();
    }

    private double vocabularyBytes() {
        return (double) config.vocabSize() * config.dModel() * (precision == Precision.INT8 ? INT8_BYTES : FLOAT_BYTES);
    }

    private Widths encoderWidths() {
        return widths(config.encoderInt8());
    }

    private Widths decoderWidths() {
        return widths(config.decoderInt8());
    }

    private Widths widths(Int8Layers layers) {
        if (precision == Precision.FLOAT32) {
            return new Widths(FLOAT_BYTES, FLOAT_BYTES, FLOAT_BYTES);
        }
        return switch (layers) {
            case ALL_BUT_SCORES -> new Widths(FLOAT_BYTES, INT8_BYTES, INT8_BYTES);
            case FEED_FORWARD -> new Widths(FLOAT_BYTES, FLOAT_BYTES, INT8_BYTES);
            case NONE -> new Widths(FLOAT_BYTES, FLOAT_BYTES, FLOAT_BYTES);
        };
    }

    /** Keys that a query attends to in the encoder. */
    public long keys(int tokens) {
        return config.attentionFor(tokens) == AttentionType.BLOCK_SPARSE
                ? Math.min(padded(tokens), (long) KEY_BLOCKS * config.blockSize())
                : padded(tokens);
    }

    /** Tokens after padding to whole blocks. */
    public long padded(int tokens) {
        long blockSize = config.blockSize();
        return (tokens + blockSize - 1) / blockSize * blockSize;
    }
}
