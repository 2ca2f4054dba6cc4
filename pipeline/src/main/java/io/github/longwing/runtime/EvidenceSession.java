package io.github.longwing.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.model.Graph;
import io.github.longwing.nn.GraphNames;
import io.github.longwing.store.ModelDirectory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Computes how much an output attended to each source token, by one more pass of the decoder over the finished output.
 * The native session opens on the first use, so that it costs nothing without one.
 *
 * <p>S source tokens, T tokens of a finished text. Thread-safe; close when no run is under way.
 */
public final class EvidenceSession implements AutoCloseable {
    private final OrtEnvironment environment;
    private final ModelDirectory model;
    private final BigBirdPegasusConfig config;
    private final Optional<CrossAttentionSession> crossAttention;
    private final SessionSettings settings;
    private OrtSession session; // null until the first use

    /** @param crossAttention of a model that generates text; not closed here */
    EvidenceSession(
            OrtEnvironment environment,
            ModelDirectory model,
            Optional<CrossAttentionSession> crossAttention,
            SessionSettings settings) {
        this.environment = environment;
        this.model = model;
        this.config = model.config();
        this.crossAttention = crossAttention;
        this.settings = settings;
    }

    /** As {@link #weights(EncodedDocument, int[], Cancellation)}, for a document's hidden states. */
    public float[] weights(HiddenStates states, int[] decoderIds, Cancellation cancellation) {
        try (EncodedDocument source = crossAttention.orElseThrow().project(states, cancellation)) {
            return weights(source, decoderIds, cancellation);
        }
    }

    /** As {@link #weights(EncodedDocument, int[], Cancellation)}, for a document that is still in the decoder. */
    public float[] weights(DecodingDocument document, int[] decoderIds, Cancellation cancellation) {
        return weights(document.source().orElseThrow(), decoderIds, cancellation);
    }

    /**
     * How much a finished text attended to each source token, [S]: the mean over all layers, heads and positions of the
     * decoder's cross-attention. The weights sum to 1.
     *
     * @param decoderIds the text [T], with the token that the decoder started with
     */
    public float[] weights(EncodedDocument source, int[] decoderIds, Cancellation cancellation) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (int layer = 0; layer < config.decoderLayers(); layer++) {
            inputs.put(GraphNames.crossKey(layer), source.key(layer));
            if (layer < config.decoderLayers() - 1) { // the values of the last layer do not affect the weights
                inputs.put(GraphNames.crossValue(layer), source.value(layer));
            }
        }
        try (OrtSession.Result result = new DecoderSequence(decoderIds)
                .run(environment, session(), "find the evidence for", inputs, cancellation)) {
            return Sessions.floats(result, GraphNames.SOURCE_WEIGHTS);
        }
    }

    /** As {@link HeadSession#classify}, with the mean over all layers and heads of the deciding position's attention. */
    public EvidencedLogits classify(HiddenStates states, int[] inputIds, Cancellation cancellation) {
        try (OrtSession.Result result = DecoderSequence.shiftedRightToLastEos(inputIds, config)
                .run(
                        environment,
                        session(),
                        "classify",
                        Map.of(GraphNames.ENCODER_LAST_HIDDEN_STATE, states.tensor()),
                        cancellation)) {
            return new EvidencedLogits(
                    Sessions.floats(result, GraphNames.LOGITS), Sessions.floats(result, GraphNames.SOURCE_WEIGHTS));
        }
    }

    private synchronized OrtSession session() {
        if (session == null) {
            try {
                session = Sessions.open(environment, model, Graph.EVIDENCE, settings, Sessions.WeightLayout.MAPPED);
            } catch (OrtException e) {
                throw NativeFailure.ofModel(model, e);
            }
        }
        return session;
    }

    @Override
    public synchronized void close() {
        if (session != null) {
            Sessions.close(session);
            session = null;
        }
    }
}
