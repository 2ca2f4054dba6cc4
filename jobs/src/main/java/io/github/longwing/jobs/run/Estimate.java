package io.github.longwing.jobs.run;

import io.github.longwing.config.Architecture.Int8Layers;
import io.github.longwing.config.AttentionType;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.GenerationOption;
import io.github.longwing.config.Precision;
import java.time.Duration;
import java.util.Optional;

/**
 * An estimate of time and memory from the shape of a model: rough, for deciding whether a job takes minutes or days and
 * how much memory an executor needs.
 *
 * @param generation empty for tasks that generate nothing
 */
public record Estimate(
        BigBirdPegasusConfig config, Passes passes, Optional<GenerationConfig> generation, Precision precision) {
    /** Global, window and last blocks; random blocks of the reference mode repeat block 0 and cost nothing. */
    private static final int KEY_BLOCKS = 5;

    /** Multiply-adds of ONNX Runtime on one core with AVX-512, in FLOP/s: measured, see docs/benchmarks.md. */
    private static final double FLOPS_PER_CORE_FLOAT32 = 75e9;

    private static final double FLOPS_PER_CORE_INT8 = 250e9;

    /** Memory bandwidth of a host, in bytes per second; a decoder step reads all weights of the decoder. */
    private static final double MEMORY_BANDWIDTH = 20e9;

    private static final int FLOAT_BYTES = Float.BYTES;

    /** Queries whose attention scores are in memory at once if the decoder reads a whole document, as in CausalChunks. */
    static final int QUERY_CHUNK = 512;

    /** Of a weight; the scale of each output is nothing beside its inputs. */
    private static final double INT8_BYTES = 1;

    /** What a model computes for the tokens of a window. */
    public enum Passes {
        ENCODER,
        ENCODER_AND_STEPS,
        /** The decoder reads the whole window, too. */
        ENCODER_AND_DECODER,
        /** A decoder without encoder reads the prompt and continues it. */
        PROMPT_AND_STEPS;

        boolean hasEncoder() {
            return this != PROMPT_AND_STEPS;
        }

        boolean readsWithDecoder() {
            return this == ENCODER_AND_DECODER || this == PROMPT_AND_STEPS;
        }
    }

    /** Bytes of the weights of encoder, decoder and embeddings. */
    long weightBytes() {
        double encoder =
                passes.hasEncoder() ? config.encoderLayers() * encoderLayer().bytes(encoderWidths()) : 0;
        double embeddings =
                (double) FLOAT_BYTES * (config.vocabSize() + 2L * config.maxPositionEmbeddings()) * config.dModel();
        return Math.round(encoder + decoder().bytes(decoderWidths()) + embeddings + quantizedVocabularyBytes());
    }

    /** Bytes that one document of so many tokens needs in addition, from its first token to its last. */
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

    /** How long one host with so many cores works on one document, if it generates up to the limit. */
    Duration time(int tokens, int cores) {
        double flops = cores * (precision == Precision.INT8 ? FLOPS_PER_CORE_INT8 : FLOPS_PER_CORE_FLOAT32);
        double reading = (passes.hasEncoder() ? encoderOperations(tokens) : 0)
                + (passes.readsWithDecoder() ? decoderOperations(tokens) : 0);
        double stepBytes = decoder().bytes(decoderWidths())
                + (double) config.vocabSize()
                        * config.dModel()
                        * (precision == Precision.INT8 ? INT8_BYTES : FLOAT_BYTES)
                + 2.0 * config.decoderLayers() * padded(tokens) * config.dModel() * FLOAT_BYTES;
        double step = Math.max(stepBytes / MEMORY_BANDWIDTH, stepOperations(tokens) / flops);
        return Duration.ofMillis(Math.round(1000 * (reading / flops + steps(tokens) * step)));
    }

    /** Maximum number of new tokens; a prompt may count towards the limit. */
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

    /** The decoder over a whole window: causal self-attention, half of the full one, and cross-attention. */
    private double decoderOperations(int tokens) {
        double square = (double) tokens * tokens * config.dModel() * config.decoderLayers();
        double crossAttention = passes.hasEncoder() ? 4.0 * square : 0;
        return 2.0 * decoder().weights() * tokens + 2.0 * square + crossAttention;
    }

    private double encoderOperations(int tokens) {
        double padded = padded(tokens);
        double projections = 2.0 * encoderLayer().weights() * padded;
        double attention = 4.0 * padded * keys(tokens) * config.dModel();
        return config.encoderLayers() * (projections + attention) + crossAttentionOperations(padded);
    }

    /** Keys and values of the cross-attention, made once before the steps; a decoder pass has them among its weights. */
    private double crossAttentionOperations(double padded) {
        return passes == Passes.ENCODER_AND_STEPS
                ? 4.0 * padded * config.dModel() * config.dModel() * config.decoderLayers()
                : 0;
    }

    private double stepOperations(int tokens) {
        double attention = 4.0 * config.decoderLayers() * padded(tokens) * config.dModel();
        double vocabulary = 2.0 * config.vocabSize() * config.dModel();
        return beams() * (2.0 * decoder().weights() + attention + vocabulary);
    }

    /** The weights of layers: those of projections around attention, and of feed-forward layers. */
    private record LayerWeights(long attention, long others) {
        long weights() {
            return attention + others;
        }

        double bytes(Widths widths) {
            return attention * widths.attention() + others * widths.others();
        }
    }

    /** Bytes of a weight. */
    private record Widths(double attention, double others) {}

    private LayerWeights encoderLayer() {
        return layers(1, config.encoderFfnDim(), 1);
    }

    private LayerWeights decoder() {
        return switch (passes) {
            case ENCODER -> new LayerWeights(0, 0);
            case ENCODER_AND_STEPS, ENCODER_AND_DECODER -> layers(config.decoderLayers(), config.decoderFfnDim(), 2);
            case PROMPT_AND_STEPS -> layers(config.decoderLayers(), config.decoderFfnDim(), 1);
        };
    }

    private LayerWeights layers(long layers, int ffn, int attentions) {
        long d = config.dModel();
        return new LayerWeights(layers * 4 * attentions * d * d, layers * 2 * ffn * d);
    }

    private Widths encoderWidths() {
        return widths(config.encoderInt8());
    }

    private Widths decoderWidths() {
        return widths(config.decoderInt8());
    }

    private Widths widths(Int8Layers layers) {
        if (precision == Precision.FLOAT32) {
            return new Widths(FLOAT_BYTES, FLOAT_BYTES);
        }
        return switch (layers) {
            case ALL_BUT_SCORES -> new Widths((FLOAT_BYTES + INT8_BYTES) / 2, INT8_BYTES);
            case FEED_FORWARD -> new Widths(FLOAT_BYTES, INT8_BYTES);
            case NONE -> new Widths(FLOAT_BYTES, FLOAT_BYTES);
        };
    }

    /** The output embeddings are the input embeddings, unless they are quantized. */
    private double quantizedVocabularyBytes() {
        return generation.isPresent() && precision == Precision.INT8
                ? INT8_BYTES * config.vocabSize() * config.dModel()
                : 0;
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
