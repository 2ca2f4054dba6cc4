package io.github.longwing.model;

import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Precision;
import io.github.longwing.nn.Arithmetic;
import io.github.longwing.nn.Projections;
import io.github.longwing.nn.VocabularyProjection;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * BigBirdPegasusForConditionalGeneration as three graphs: the encoder, run once for each document; the keys and values
 * of cross-attention, run once after it; and one step of the decoder, run once for each token.
 *
 * <p>S source tokens, R decoder rows, d model size, V vocabulary, H heads, D head size.
 */
public final class BigBirdPegasus {
    private static final Logger LOG = LoggerFactory.getLogger(BigBirdPegasus.class);

    /** Names of inputs and outputs. */
    public static final String INPUT_IDS = "input_ids";

    public static final String POSITION_IDS = "position_ids";
    /** Tokens of the document before padding. */
    public static final String LENGTH = "length";

    public static final String ENCODER_LAST_HIDDEN_STATE = "encoder_last_hidden_state";
    public static final String LOGITS = "logits";
    public static final String LOG_PROBS = "log_probs";

    private final BigBirdPegasusConfig config;
    private final Encoder encoder;
    private final Decoder decoder;
    private final VocabularyProjection lmHead;

    /** Fetches all weights by name and shape; none is read yet. */
    public BigBirdPegasus(BigBirdPegasusConfig config, Weights checkpoint, Precision precision) {
        Projections projections = projections(config, precision);
        Weights model = checkpoint.scope("model");
        Weights encoderWeights = model.scope("encoder");
        Weights decoderWeights = model.scope("decoder");
        TiedEmbeddings tied = TiedEmbeddings.of(config, checkpoint);
        this.config = config;
        this.encoder = new Encoder(
                config, encoderWeights, new TokenEmbeddings(config, tied.encoder(), encoderWeights), projections);
        this.decoder = new Decoder(
                config, decoderWeights, new TokenEmbeddings(config, tied.decoder(), decoderWeights), projections);
        this.lmHead = new VocabularyProjection(
                tied.lmHead(), finalLogitsBias(checkpoint), config.vocabSize(), projections.arithmetic());
    }

    private static Projections projections(BigBirdPegasusConfig config, Precision precision) {
        return new Projections(
                config.useBias() ? Projections.Bias.WITH_BIAS : Projections.Bias.WITHOUT_BIAS,
                switch (precision) {
                    case FLOAT32 -> Arithmetic.FLOAT32;
                    case INT8 -> Arithmetic.INT8;
                });
    }

    /** transformers keeps the bias as a buffer and takes zeros where a checkpoint has none. */
    private Optional<Tensor> finalLogitsBias(Weights checkpoint) {
        return checkpoint.find("final_logits_bias", 1, config.vocabSize());
    }

    /** The output with the keys of a document for one layer, [H, S, D]. */
    public static String crossKeyName(int layer) {
        return "cross_key." + layer;
    }

    /** The output with the values of a document for one layer, [H, D, S]. */
    public static String crossValueName(int layer) {
        return "cross_value." + layer;
    }

    /** Tokens to hidden states. */
    public GraphBuilder encoderGraph() {
        GraphBuilder g = new GraphBuilder("encoder");
        g.output(ENCODER_LAST_HIDDEN_STATE, encoder.build(g));
        return g;
    }

    /** Hidden states [S, d] to the keys and values that every step of the decoder attends to. */
    public GraphBuilder crossAttentionGraph() {
        GraphBuilder g = new GraphBuilder("cross_attention");
        Value states =
                g.input(ENCODER_LAST_HIDDEN_STATE, DataType.FLOAT, Dimension.of("S"), Dimension.of(config.dModel()));
        decoder.buildCrossAttention(g, states);
        return g;
    }

    /** One step of the decoder for the rows of up to so many documents: logits and their log-softmax, [R, V]. */
    public GraphBuilder decoderGraph(int slots) {
        GraphBuilder g = new GraphBuilder("decoder");
        Value logits = lmHead.build(g.scope("lm_head"), decoder.buildStep(g, slots));
        g.output(LOG_PROBS, logits.logSoftmax());
        g.output(LOGITS, logits);
        return g;
    }

    /** The embedding in its three places: one tensor in a tied model, whichever of its names were stored. */
    private record TiedEmbeddings(Tensor encoder, Tensor decoder, Tensor lmHead) {
        private static final String SHARED = "model.shared.weight";
        private static final String ENCODER = "model.encoder.embed_tokens.weight";
        private static final String DECODER = "model.decoder.embed_tokens.weight";
        private static final String LM_HEAD = "lm_head.weight";

        static TiedEmbeddings of(BigBirdPegasusConfig config, Weights checkpoint) {
            int rows = config.vocabSize();
            int d = config.dModel();
            if (config.tieWordEmbeddings()) {
                List<Tensor> stored = Stream.of(SHARED, ENCODER, DECODER, LM_HEAD)
                        .flatMap(name -> checkpoint.find(name, rows, d).stream())
                        .toList();
                Tensor shared = stored.stream()
                        .findFirst()
                        .orElseGet(() -> checkpoint.getFirst(List.of(SHARED, ENCODER, DECODER, LM_HEAD), rows, d));
                return new TiedEmbeddings(
                        ownOrShared(stored, ENCODER, shared),
                        ownOrShared(stored, DECODER, shared),
                        ownOrShared(stored, LM_HEAD, shared));
            }
            Optional<Tensor> shared = checkpoint.find(SHARED, rows, d);
            return new TiedEmbeddings(
                    checkpoint
                            .find(ENCODER, rows, d)
                            .or(() -> shared)
                            .orElseGet(() -> checkpoint.get(ENCODER, rows, d)),
                    checkpoint
                            .find(DECODER, rows, d)
                            .or(() -> shared)
                            .orElseGet(() -> checkpoint.get(DECODER, rows, d)),
                    checkpoint.get(LM_HEAD, rows, d));
        }

        /** As transformers: a place that was stored with other values keeps them, although the config says tied. */
        private static Tensor ownOrShared(List<Tensor> stored, String name, Tensor shared) {
            return stored.stream()
                    .filter(tensor -> tensor.name().equals(name) && !tensor.hasValuesOf(shared))
                    .findFirst()
                    .map(own -> {
                        LOG.warn("{} differs from {} although tie_word_embeddings is true: both are used", own, shared);
                        return own;
                    })
                    .orElse(shared);
        }
    }
}
