package io.github.longwing.jobs.run;

import io.github.longwing.config.AttentionType;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.GenerationOption;
import io.github.longwing.config.Precision;
import java.time.Duration;
import java.util.Optional;

/**
 * What a model takes, reckoned from its shape: rough, for deciding whether a job takes minutes or days and how much
 * memory to give an executor.
 *
 * @param generation empty for tasks that generate nothing
 */
public record Estimate(
        BigBirdPegasusConfig config, Passes passes, Optional<GenerationConfig> generation, Precision precision) {
    /** Global, window and last blocks; random blocks of the reference mode are block 0 again and cost nothing. */
    private static final int KEY_BLOCKS = 5;

    /** Multiply-adds of ONNX Runtime on one core with AVX-512, in FLOP/s: measured, see docs/benchmarks.md. */
    private static final double FLOPS_PER_CORE_FLOAT32 = 75e9;

    private static final double FLOPS_PER_CORE_INT8 = 250e9;

    /** What one host reads from memory, in bytes per second; a decoder step reads all weights of the decoder. */
    private static final double MEMORY_BANDWIDTH = 20e9;

    private static final int FLOAT_BYTES = Float.BYTES;

    /** Queries whose attention is in memory at a time, where the decoder reads a whole document. */
    private static final int QUERY_CHUNK = 256;

    /** What a model does with the tokens of a run. */
    public enum Passes {
        ENCODER,
        ENCODER_AND_STEPS,
        /** The decoder reads the whole run, too. */
        ENCODER_AND_DECODER,
        /** The decoder alone reads the run and goes on. */
        PROMPT_AND_STEPS;

        boolean hasEncoder() {
            return this != PROMPT_AND_STEPS;
        }

        boolean readsWithDecoder() {
            return this == ENCODER_AND_DECODER || this == PROMPT_AND_STEPS;
        }
    }

    /** Weights of encoder, decoder and embeddings as they lie in memory. */
    long weightBytes() {
        long encoder = passes.hasEncoder() ? config.encoderLayers() * layerWeights(config.encoderFfnDim(), 1) : 0;
        long embeddings = (long) (config.vocabSize() + 2 * config.maxPositionEmbeddings()) * config.dModel();
        return (encoder + decoderWeights()) * weightWidth() + embeddings * FLOAT_BYTES;
    }

    /** What one document of so many tokens takes besides, from its first token to its last. */
    long documentBytes(int tokens) {
        long padded = padded(tokens);
        long attention =
                switch (passes) {
                    case ENCODER, ENCODER_AND_STEPS -> padded * keys(tokens) * config.encoderAttentionHeads();
                    case ENCODER_AND_DECODER, PROMPT_AND_STEPS ->
                        padded * Math.min(padded, QUERY_CHUNK) * config.decoderAttentionHeads();
                };
        long activations = padded * (config.encoderFfnDim() + 6L * config.dModel());
        long crossAttention = passes == Passes.ENCODER_AND_STEPS ? cached(padded) : 0;
        long prompt = passes == Passes.PROMPT_AND_STEPS ? tokens : 0;
        long caches = cached(beams() * (prompt + steps(tokens)));
        return FLOAT_BYTES * (attention + activations + crossAttention + caches);
    }

    /** How long one host with so many cores works on one document, if it writes as much as it may. */
    Duration time(int tokens, int cores) {
        double flops = cores * (precision == Precision.INT8 ? FLOPS_PER_CORE_INT8 : FLOPS_PER_CORE_FLOAT32);
        double reading = (passes.hasEncoder() ? encoderOperations(tokens) : 0)
                + (passes.readsWithDecoder() ? decoderOperations(tokens) : 0);
        double stepBytes = decoderWeights() * (double) weightWidth()
                + (double) config.vocabSize() * config.dModel() * weightWidth()
                + 2.0 * config.decoderLayers() * padded(tokens) * config.dModel() * FLOAT_BYTES;
        double step = Math.max(stepBytes / MEMORY_BANDWIDTH, stepOperations(tokens) / flops);
        return Duration.ofMillis(Math.round(1000 * (reading / flops + steps(tokens) * step)));
    }

    /** New tokens, at the most; a prompt may count among those of the limit. */
    private long steps(int tokens) {
        int prompt = passes == Passes.PROMPT_AND_STEPS ? tokens : 1;
        return generation
                .map(g -> Math.max(1, g.lengthLimit(prompt, config.maxPositionEmbeddings()) - prompt))
                .orElse(0);
    }

    private long beams() {
        return generation.map(g -> g.get(GenerationOption.NUM_BEAMS)).orElse(1);
    }

    /** Keys and values of so many tokens. */
    private long cached(long tokens) {
        return 2L * config.decoderLayers() * tokens * config.dModel();
    }

    /** The decoder over a whole run: causal self-attention, which leaves out half of it, and cross-attention. */
    private double decoderOperations(int tokens) {
        double square = (double) tokens * tokens * config.dModel() * config.decoderLayers();
        double crossAttention = passes.hasEncoder() ? 4.0 * square : 0;
        return 2.0 * decoderWeights() * tokens + 2.0 * square + crossAttention;
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
        return beams() * (2.0 * decoderWeights() + attention + vocabulary);
    }

    private long decoderWeights() {
        return switch (passes) {
            case ENCODER -> 0;
            case ENCODER_AND_STEPS, ENCODER_AND_DECODER ->
                config.decoderLayers() * layerWeights(config.decoderFfnDim(), 2);
            case PROMPT_AND_STEPS -> config.decoderLayers() * layerWeights(config.decoderFfnDim(), 1);
        };
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
