package io.github.longwing.jobs.run;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.MemoryPlan;
import io.github.longwing.config.Passes;
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
    /** Multiply-adds of ONNX Runtime on one core with AVX-512, in FLOP/s: measured, see docs/performance.md. */
    private static final double FLOPS_PER_CORE_FLOAT32 = 75e9;

    private static final double FLOPS_PER_CORE_INT8 = 150e9;

    /** Memory bandwidth of a host, in bytes per second; a decoder step reads all weights of the decoder. */
    private static final double MEMORY_BANDWIDTH = 20e9;

    private static final int FLOAT_BYTES = Float.BYTES;

    /** What an executor needs besides its heap. */
    public MemoryPlan memory() {
        return new MemoryPlan(config, precision, passes, generation);
    }

    /** How long one host with so many cores works on one document, if it generates up to the limit. */
    Duration time(int tokens, int cores) {
        return Duration.ofMillis(Math.round(1000 * seconds(tokens, cores)));
    }

    /** The same, also of what takes less than a millisecond. */
    double seconds(int tokens, int cores) {
        MemoryPlan plan = memory();
        double flops = cores * (precision == Precision.INT8 ? FLOPS_PER_CORE_INT8 : FLOPS_PER_CORE_FLOAT32);
        double reading = (passes.hasEncoder() ? encoderOperations(plan, tokens) : 0)
                + (passes.readsWithDecoder() ? decoderOperations(plan, tokens) : 0);
        double stepBytes =
                plan.stepBytes() + 2.0 * config.decoderLayers() * plan.padded(tokens) * config.dModel() * FLOAT_BYTES;
        double step = Math.max(stepBytes / MEMORY_BANDWIDTH, stepOperations(plan, tokens) / flops);
        return reading / flops + plan.steps(tokens) * step;
    }

    /** The decoder over a whole window: causal self-attention, half of the full one, and cross-attention. */
    private double decoderOperations(MemoryPlan plan, int tokens) {
        double square = (double) tokens * tokens * config.dModel() * config.decoderLayers();
        double crossAttention = passes.hasEncoder() ? 4.0 * square : 0;
        return 2.0 * plan.decoderWeights().count() * tokens + 2.0 * square + crossAttention;
    }

    private double encoderOperations(MemoryPlan plan, int tokens) {
        double padded = plan.padded(tokens);
        double projections = 2.0 * plan.encoderWeights().count() * padded;
        double attention = 4.0 * config.encoderLayers() * padded * plan.keys(tokens) * config.dModel();
        return projections + attention + crossAttentionOperations(padded);
    }

    /** Keys and values of the cross-attention, made once before the steps; a decoder pass has them among its weights. */
    private double crossAttentionOperations(double padded) {
        return passes == Passes.ENCODER_AND_STEPS
                ? 4.0 * padded * config.dModel() * config.dModel() * config.decoderLayers()
                : 0;
    }

    private double stepOperations(MemoryPlan plan, int tokens) {
        double attention = 4.0 * config.decoderLayers() * plan.padded(tokens) * config.dModel();
        double vocabulary = 2.0 * config.vocabSize() * config.dModel();
        return plan.rows() * (2.0 * plan.decoderWeights().count() + attention + vocabulary);
    }
}
