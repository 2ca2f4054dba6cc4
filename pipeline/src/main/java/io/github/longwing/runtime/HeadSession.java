package io.github.longwing.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.model.Graph;
import io.github.longwing.nn.GraphNames;
import io.github.longwing.store.ModelDirectory;
import java.util.Map;

/**
 * Runs the decoder over a whole encoded document, with the head of the architecture on top: labels, answers or hidden
 * states. As in transformers the decoder reads the input shifted right by the start token.
 *
 * <p>S tokens of the document. Thread-safe; runs share the session's threads. Close when no run is under way.
 */
public final class HeadSession implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final BigBirdPegasusConfig config;

    private HeadSession(OrtEnvironment environment, OrtSession session, BigBirdPegasusConfig config) {
        this.environment = environment;
        this.session = session;
        this.config = config;
    }

    static HeadSession open(OrtEnvironment environment, ModelDirectory model, SessionSettings settings)
            throws OrtException {
        OrtSession session = Sessions.open(environment, model, Graph.HEAD, settings, Sessions.WeightLayout.MAPPED);
        return new HeadSession(environment, session, model.config());
    }

    /**
     * The logits of all labels, by the state at the last eos.
     *
     * @param states of the encoder for {@code inputIds}
     * @param inputIds with an eos
     */
    public float[] classify(HiddenStates states, int[] inputIds, Cancellation cancellation) {
        try (OrtSession.Result result =
                run("classify", states, DecoderSequence.shiftedRightToLastEos(inputIds, config), cancellation)) {
            return Sessions.floats(result, GraphNames.LOGITS);
        }
    }

    /** How well each token of {@code inputIds} begins and ends an answer. */
    public SpanLogits answer(HiddenStates states, int[] inputIds, Cancellation cancellation) {
        try (OrtSession.Result result =
                run("answer from", states, DecoderSequence.shiftedRight(inputIds, config), cancellation)) {
            return new SpanLogits(
                    Sessions.floats(result, GraphNames.START_LOGITS), Sessions.floats(result, GraphNames.END_LOGITS));
        }
    }

    /** The decoder's hidden states for {@code inputIds}, [S, d] in row-major order. */
    public float[] lastHiddenState(HiddenStates states, int[] inputIds, Cancellation cancellation) {
        try (OrtSession.Result result =
                run("read", states, DecoderSequence.shiftedRight(inputIds, config), cancellation)) {
            return Sessions.floats(result, GraphNames.LAST_HIDDEN_STATE);
        }
    }

    private OrtSession.Result run(
            String verb, HiddenStates states, DecoderSequence sequence, Cancellation cancellation) {
        return sequence.run(
                environment,
                session,
                verb,
                Map.of(GraphNames.ENCODER_LAST_HIDDEN_STATE, states.tensor()),
                cancellation);
    }

    @Override
    public void close() {
        Sessions.close(session);
    }
}
