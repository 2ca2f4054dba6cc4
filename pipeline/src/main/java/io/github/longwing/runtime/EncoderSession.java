package io.github.longwing.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.longwing.config.AttentionType;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.model.Graph;
import io.github.longwing.nn.AttentionPlan;
import io.github.longwing.nn.GraphNames;
import io.github.longwing.store.ModelDirectory;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * Runs the encoder over one document at a time. Every document is padded to its own next multiple of the block and no
 * further, so its states depend on nothing but itself.
 *
 * <p>Thread-safe; runs share the session's threads. Close when no run is under way.
 */
public final class EncoderSession implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final BigBirdPegasusConfig config;

    private EncoderSession(OrtEnvironment environment, OrtSession session, BigBirdPegasusConfig config) {
        this.environment = environment;
        this.session = session;
        this.config = config;
    }

    static EncoderSession open(OrtEnvironment environment, ModelDirectory model, SessionSettings settings)
            throws OrtException {
        OrtSession session = Sessions.open(environment, model, Graph.ENCODER, settings, Sessions.WeightLayout.MAPPED);
        return new EncoderSession(environment, session, model.config());
    }

    /** Encodes a document, with full attention where it is short enough. */
    public HiddenStates encode(int[] ids, RandomBlocks randomBlocks, Cancellation cancellation) {
        float[] keyMask = keyMask(ids.length, padded(ids.length));
        return run(ids, plan(ids.length, keyMask, randomBlocks), keyMask, cancellation);
    }

    /**
     * Encodes one row of a padded batch as transformers does: in the attention of the padded length, with the batch's
     * padding. For comparisons only: it makes a result depend on the batch.
     *
     * @param attentionMask 1 for tokens, 0 for the padding after them; as long as the ids
     */
    public HiddenStates encodePaddedRow(int[] ids, int[] attentionMask, Cancellation cancellation) {
        int tokens = (int) Arrays.stream(attentionMask).filter(m -> m != 0).count();
        if (config.attentionFor(ids.length) == AttentionType.ORIGINAL_FULL) { // padding adds nothing to full attention
            return encode(Arrays.copyOf(ids, tokens), RandomBlocks.REFERENCE, cancellation);
        }
        float[] keyMask = keyMask(tokens, padded(ids.length));
        return run(ids, AttentionPlan.reference(sizes(), keyMask), keyMask, cancellation);
    }

    private static float[] keyMask(int tokens, int padded) {
        float[] keyMask = new float[padded];
        Arrays.fill(keyMask, tokens, padded, AttentionPlan.PADDING);
        return keyMask;
    }

    private int padded(int tokens) {
        if (config.attentionType() == AttentionType.ORIGINAL_FULL) {
            return tokens;
        }
        int b = config.blockSize();
        return (tokens + b - 1) / b * b;
    }

    private AttentionPlan plan(int tokens, float[] keyMask, RandomBlocks randomBlocks) {
        if (config.attentionFor(tokens) == AttentionType.ORIGINAL_FULL) {
            return AttentionPlan.full(keyMask, config.blockSize());
        }
        return switch (randomBlocks) {
            case REFERENCE -> AttentionPlan.reference(sizes(), keyMask);
            case PAPER -> AttentionPlan.paper(sizes(), keyMask);
        };
    }

    private AttentionPlan.Sizes sizes() {
        return new AttentionPlan.Sizes(
                config.encoderLayers(),
                config.encoderAttentionHeads(),
                config.blockSize(),
                config.numRandomBlocks(),
                config.maxPositionEmbeddings());
    }

    private HiddenStates run(int[] ids, AttentionPlan plan, float[] keyMask, Cancellation cancellation) {
        long[] inputIds = new long[keyMask.length];
        long[] positionIds = new long[keyMask.length];
        Arrays.fill(inputIds, config.padTokenId());
        Arrays.fill(positionIds, config.maxPositionEmbeddings()); // the row of zeros: padding has no position
        for (int i = 0; i < ids.length; i++) {
            inputIds[i] = ids[i];
            positionIds[i] = i;
        }
        try (TensorMap inputs = new TensorMap()) {
            inputs.put(GraphNames.INPUT_IDS, longs(inputIds, inputIds.length));
            inputs.put(GraphNames.POSITION_IDS, longs(positionIds, positionIds.length));
            inputs.put(GraphNames.LENGTH, longs(new long[] {ids.length}, 1));
            if (config.attentionType() == AttentionType.BLOCK_SPARSE) {
                putPlan(inputs, plan);
            }
            OrtSession.Result result =
                    Sessions.runDocument(session, inputs.tensors(), cancellation, "encode", ids.length);
            return new HiddenStates(result, ids.length, config.dModel());
        } catch (OrtException e) {
            throw NativeFailure.ofDocument("encode", ids.length, e);
        }
    }

    private void putPlan(TensorMap inputs, AttentionPlan plan) throws OrtException {
        long layers = config.encoderLayers();
        long heads = config.encoderAttentionHeads();
        long headSize = config.dModel() / heads;
        long rows = plan.sparseQueries().length;
        long keys = plan.keysPerQuery();
        long keyTokens = keys * config.blockSize();
        inputs.put(GraphNames.KEY_MASK, floats(plan.keyMask(), plan.keyMask().length));
        inputs.put(GraphNames.GLOBAL_QUERIES, longs(plan.globalQueries(), plan.globalQueries().length));
        inputs.put(GraphNames.SPARSE_QUERIES, longs(plan.sparseQueries(), rows));
        inputs.put(GraphNames.KEY_BLOCKS, longs(plan.keyBlocks(), layers, heads, rows, keys));
        inputs.put(GraphNames.KEY_BLOCK_BIAS, floats(plan.keyBlockBias(), layers, heads, rows, keys));
        inputs.put(GraphNames.GATHERED_SHAPE, longs(new long[] {heads, rows, keyTokens, headSize}, 4));
        inputs.put(GraphNames.BIAS_SHAPE, longs(new long[] {heads, rows, 1, keyTokens}, 4));
    }

    private OnnxTensor longs(long[] values, long... shape) throws OrtException {
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    }

    private OnnxTensor floats(float[] values, long... shape) throws OrtException {
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
    }

    @Override
    public void close() {
        Sessions.close(session);
    }
}
