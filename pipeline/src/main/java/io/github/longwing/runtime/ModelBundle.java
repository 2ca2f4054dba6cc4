package io.github.longwing.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.longwing.error.UserException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sessions of one model. The sessions are shared by everything that runs the model in this JVM; closing the
 * bundle closes them, after the last run.
 */
public final class ModelBundle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelBundle.class);

    private final ModelDirectory directory;
    private final EncoderSession encoder;
    private final CrossAttentionSession crossAttention;
    private final DecoderSession decoder;

    private ModelBundle(
            ModelDirectory directory,
            EncoderSession encoder,
            CrossAttentionSession crossAttention,
            DecoderSession decoder) {
        this.directory = directory;
        this.encoder = encoder;
        this.crossAttention = crossAttention;
        this.decoder = decoder;
    }

    /** Opens the sessions; each may use so many threads. */
    public static ModelBundle open(ModelDirectory directory, int threads) {
        OrtEnvironment environment = NativeRuntime.environment();
        try {
            EncoderSession encoder = EncoderSession.open(environment, directory, threads);
            try {
                CrossAttentionSession crossAttention = CrossAttentionSession.open(environment, directory, threads);
                try {
                    DecoderSession decoder = DecoderSession.open(environment, directory, threads);
                    return new ModelBundle(directory, encoder, crossAttention, decoder);
                } catch (OrtException | RuntimeException e) {
                    crossAttention.close();
                    throw e;
                }
            } catch (OrtException | RuntimeException e) {
                encoder.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new UserException(
                    "Cannot load the model in " + directory.path() + ": ONNX Runtime refused it (" + e.getMessage()
                            + "); import the model again with this Longwing",
                    e);
        }
    }

    public ModelDirectory directory() {
        return directory;
    }

    public EncoderSession encoder() {
        return encoder;
    }

    public CrossAttentionSession crossAttention() {
        return crossAttention;
    }

    public DecoderSession decoder() {
        return decoder;
    }

    @Override
    public void close() {
        try (encoder;
                crossAttention;
                decoder) {
            LOG.debug("Closing the model in {}", directory.path());
        }
    }
}
