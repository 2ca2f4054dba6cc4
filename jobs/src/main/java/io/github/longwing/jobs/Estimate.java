package io.github.longwing.jobs;

import io.github.longwing.config.AttentionType;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.Precision;
import java.time.Duration;

/**
 * What a model takes, reckoned from its shape: rough, for deciding whether a job takes minutes or days and how much
 * memory to give an executor.
 */
record Estimate(BigBirdPegasusConfig config, GenerationConfig generation, Precision precision) {
    /** Global, window and last blocks; random blocks of the reference mode are block 0 again and cost nothing. */
    private static final int KEY_BLOCKS = 5;

    /** Multiply-adds of ONNX Runtime on one core with AVX-512, in FLOP/s: measured, see docs/benchmarks.md. */
    private static final double FLOPS_PER_CORE_FLOAT32 = 75e9;

    private static final double FLOPS_PER_CORE_INT8 = 250e9;

    /** What one host reads from memory, in bytes per second; a decoder step reads all weights of the decoder. */
    private static final double MEMORY_BANDWIDTH = 20e9;

    private static final int FLOAT_BYTES = Float.BYTES;

    /** Weights of encoder, decoder and embeddings as they lie in memory. */
    long weightBytes() {
        long encoder = config.encoderLayers() * layerWeights(config.encoderFfnDim(), 1);
        long embeddings = (long) (config.vocabSize() + 2 * config.maxPositionEmbeddings()) * config.dModel();
        return (encoder + decoderWeights()) * weightWidth() + embeddings * FLOAT_BYTES;
    }

    /** What one document of so many tokens takes besides, from its first token to its last. */
    long documentBytes(int tokens) {
        long padded = padded(tokens);
        long attention = padded * keys(tokens) * config.encoderAttentionHeads();
        long activations = padded * (config.encoderFfnDim() + 6L * config.dModel());
        long crossAttention = 2L * config.decoderLayers() * padded * config.dModel();
        long caches = 2L * config.decoderLayers() * generation.numBeams() * steps() * config.dModel();
        return FLOAT_BYTES * (attention + activations + crossAttention + caches);
    }

    /** How long one host with so many cores works on one document, if it writes as much as it may. */
    Duration time(int tokens, int cores) {
        double flops = cores * (precision == Precision.INT8 ? FLOPS_PER_CORE_INT8 : FLOPS_PER_CORE_FLOAT32);
        double encoder = encoderOperations(tokens) / flops;
        double stepBytes = decoderWeights() * (double) weightWidth()
                + (double) config.vocabSize() * config.dModel() * weightWidth()
                + 2.0 * config.decoderLayers() * padded(tokens) * config.dModel() * FLOAT_BYTES;
        double step = Math.max(stepBytes / MEMORY_BANDWIDTH, stepOperations(tokens) / flops);
        return Duration.ofMillis(Math.round(1000 * (encoder + steps() * step)));
    }

    private long steps() {
        return generation.lengthLimit(1, config.maxPositionEmbeddings());
    }

    private double encoderOperations(int tokens) {
        double padded = padded(tokens);
        double projections = 2.0 * layerWeights(config.encoderFfnDim(), 1) * padded;
        double attention = 4.0 * padded * keys(tokens) * config.dModel();
        double crossAttention = 4.0 * padded * config.dModel() * config.dModel() * config.decoderLayers();
        return config.encoderLayers() * (projections + attention) + crossAttention;
    }

    private double stepOperations(int tokens) {
        double attention = 4.0 * config.decoderLayers() * padded(tokens) * config.dModel();
        double vocabulary = 2.0 * config.vocabSize() * config.dModel();
        return generation.numBeams() * (2.0 * decoderWeights() + attention + vocabulary);
    }

    private long decoderWeights() {
        return config.decoderLayers() * layerWeights(config.decoderFfnDim(), 2);
    }

    private long layerWeights(int ffn, int attentions) {
        return (long) config.dModel() * (4L * attentions * config.dModel() + 2L * ffn);
    }

    private int weightWidth() {
        return switch (precision) {
            case FLOAT32 -> FLOAT_BYTES;
            case INT8 -> 1;
        };
    }

    private long keys(int tokens) {
        return config.attentionFor(tokens) == AttentionType.BLOCK_SPARSE
                ? Math.min(padded(tokens), (long) KEY_BLOCKS * config.blockSize())
                : padded(tokens);
    }

    private long padded(int tokens) {
        long blockSize = config.blockSize();
        return (tokens + blockSize - 1) / blockSize * blockSize;
    }
}
