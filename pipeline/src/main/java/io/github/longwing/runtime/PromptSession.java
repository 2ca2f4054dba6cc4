package io.github.longwing.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.model.Graph;
import io.github.longwing.nn.GraphNames;
import io.github.longwing.store.ModelDirectory;
import java.util.Arrays;
import java.util.Map;

/** Reads prompts for a decoder without encoder. Thread-safe; close when no run is under way. */
public final class PromptSession implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final BigBirdPegasusConfig config;

    private PromptSession(OrtEnvironment environment, OrtSession session, BigBirdPegasusConfig config) {
        this.environment = environment;
        this.session = session;
        this.config = config;
    }

    static PromptSession open(OrtEnvironment environment, ModelDirectory model, SessionSettings settings)
            throws OrtException {
        OrtSession session = Sessions.open(environment, model, Graph.PROMPT, settings, Sessions.WeightLayout.MAPPED);
        return new PromptSession(environment, session, model.config());
    }

    /**
     * Reads all of a prompt but its last token, which is the input of the first step of the decoder. All rows share its
     * keys and values.
     *
     * @param promptIds a token or more, at most as many as the model has positions
     * @param rows decoder rows (beams)
     */
    public DecodingDocument read(int[] promptIds, int rows, Cancellation cancellation) {
        try {
            DecodingDocument document = DecodingDocument.ofPrompt(environment, config, promptIds.length, rows);
            try {
                if (promptIds.length > 1) {
                    run(Arrays.copyOf(promptIds, promptIds.length - 1), document.cache(), cancellation);
                }
                return document;
            } catch (RuntimeException | Error e) {
                document.close();
                throw e;
            }
        } catch (OrtException e) {
            throw NativeFailure.ofDocument("read", promptIds.length, e);
        }
    }

    private void run(int[] ids, KeyValueCache cache, Cancellation cancellation) {
        DecoderSequence sequence = new DecoderSequence(ids);
        try (OrtSession.Result result = sequence.run(environment, session, "read", Map.of(), cancellation)) {
            for (int layer = 0; layer < config.decoderLayers(); layer++) {
                cache.setPrompt(
                        layer,
                        Sessions.buffer(result, GraphNames.newKey(layer)),
                        Sessions.buffer(result, GraphNames.newValue(layer)));
            }
        }
    }

    @Override
    public void close() {
        Sessions.close(session);
    }
}
