package io.github.longwing.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.longwing.model.Graph;
import io.github.longwing.nn.GraphNames;
import io.github.longwing.store.ModelDirectory;
import java.util.Map;

/**
 * Computes the keys and values that all decoder steps of a document attend to, once for each document. Thread-safe;
 * close when no run is under way.
 */
public final class CrossAttentionSession implements AutoCloseable {
    private final OrtSession session;

    private CrossAttentionSession(OrtSession session) {
        this.session = session;
    }

    static CrossAttentionSession open(OrtEnvironment environment, ModelDirectory model, SessionSettings settings)
            throws OrtException {
        return new CrossAttentionSession(
                Sessions.open(environment, model, Graph.CROSS_ATTENTION, settings, Sessions.WeightLayout.MAPPED));
    }

    /** The keys and values for the states of one document; the states may be closed afterwards. */
    public EncodedDocument project(HiddenStates states, Cancellation cancellation) {
        Map<String, OnnxTensor> inputs = Map.of(GraphNames.ENCODER_LAST_HIDDEN_STATE, states.tensor());
        try {
            return new EncodedDocument(cancellation.run(options -> session.run(inputs, options)), states.tokens());
        } catch (OrtException e) {
            throw NativeFailure.ofDocument("encode", states.tokens(), e);
        }
    }

    @Override
    public void close() {
        Sessions.close(session);
    }
}
