package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.CausalChunks;
import io.github.longwing.nn.DecoderSlots;
import io.github.longwing.nn.GraphNames;
import io.github.longwing.nn.LayerNorm;
import io.github.longwing.nn.LinearPolicy;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The decoder: embeddings, layers, and {@code layernorm_embedding}, which in spite of its name comes last. Without an
 * encoder it has the weights of cross-attention all the same, as in transformers, and leaves them out.
 *
 * <p>R rows of one step, T tokens of a whole sequence, S tokens of a document.
 */
final class Decoder {
    private static final Dimension TOKENS = Dimension.of("T");
    private static final Dimension SOURCE = Dimension.of("S");
    private static final CrossAttentionQueries IGNORED = (scope, layer, hidden) -> {};

    private final BigBirdPegasusConfig config;
    private final TokenEmbeddings embeddings;
    private final List<DecoderLayer> layers;
    private final LayerNorm layernormEmbedding;

    /** Sees the hidden states that go into a layer's cross-attention. */
    private interface CrossAttentionQueries {
        void accept(GraphBuilder scope, DecoderLayer layer, Value hidden);
    }

    /** A hidden state, and how much it attended to each source token. */
    record EvidencedState(Value hidden, Value evidence) {}

    Decoder(BigBirdPegasusConfig config, Weights decoder, TokenEmbeddings embeddings, LinearPolicy projections) {
        this.config = config;
        this.embeddings = embeddings;
        this.layers = IntStream.range(0, config.decoderLayers())
                .mapToObj(i -> new DecoderLayer(config, decoder.scope("layers").scope(i), projections))
                .toList();
        this.layernormEmbedding = new LayerNorm(decoder.scope("layernorm_embedding"), config.dModel());
    }

    /** The keys and values of a document for all layers, from its encoder states [S, d]. */
    void buildCrossAttention(GraphBuilder g, Value encoderStates) {
        for (int i = 0; i < layers.size(); i++) {
            GraphBuilder scope = layer(g, i);
            g.output(GraphNames.crossKey(i), layers.get(i).crossKey(scope, encoderStates));
            g.output(GraphNames.crossValue(i), layers.get(i).crossValue(scope, encoderStates));
        }
    }

    /** The hidden states of one step for the rows of all slots, [R, d]. */
    Value buildStep(GraphBuilder g, int slotCount) {
        DecoderInputs inputs = DecoderInputs.of(g, Dimension.of("R"));
        DecoderSlots slots = DecoderSlots.inputs(g, slotCount);
        Value hidden = embed(g, inputs); // [R, d]
        for (int i = 0; i < layers.size(); i++) {
            GraphBuilder scope = layer(g, i);
            hidden = layers.get(i).selfAttendStep(scope, hidden, slots, i);
            if (config.architecture().hasEncoder()) {
                hidden = layers.get(i).crossAttendStep(scope, hidden, slots, i);
            }
            hidden = layers.get(i).feedForward(scope, hidden);
        }
        return layernormEmbedding.build(g, hidden);
    }

    /** The hidden states of a whole sequence, [T, d], over the encoder states [S, d]. */
    Value buildSequence(GraphBuilder g, Value encoderStates) {
        DecoderInputs inputs = DecoderInputs.of(g, TOKENS);
        CausalChunks chunks = chunks(inputs);
        Value hidden = embed(g, inputs); // [T, d]
        for (int i = 0; i < layers.size(); i++) {
            hidden = sequenceLayer(layer(g, i), layers.get(i), hidden, chunks, encoderStates, IGNORED);
        }
        return layernormEmbedding.build(g, hidden);
    }

    /** The hidden state of the last token of a sequence, [1, d], over the encoder states [S, d]. */
    Value buildLast(GraphBuilder g, Value encoderStates) {
        return buildLast(g, encoderStates, IGNORED);
    }

    /** The hidden state of the last token of a sequence, [1, d], and how much it attends to each source token, [S]. */
    EvidencedState buildLastWithEvidence(GraphBuilder g, Value encoderStates) {
        List<Value> weights = new ArrayList<>();
        Value last = buildLast(
                g,
                encoderStates,
                (scope, layer, hidden) ->
                        weights.add(layer.crossWeights(scope, hidden.last(), layer.crossKey(scope, encoderStates))));
        return new EvidencedState(last, meanOfLayers(weights));
    }

    private Value buildLast(GraphBuilder g, Value encoderStates, CrossAttentionQueries crossAttentionQueries) {
        DecoderInputs inputs = DecoderInputs.of(g, TOKENS);
        CausalChunks chunks = chunks(inputs);
        Value hidden = embed(g, inputs); // [T, d]
        int top = layers.size() - 1;
        for (int i = 0; i < top; i++) {
            hidden = sequenceLayer(layer(g, i), layers.get(i), hidden, chunks, encoderStates, crossAttentionQueries);
        }
        GraphBuilder scope = layer(g, top);
        DecoderLayer layer = layers.get(top);
        Value attended = layer.selfAttendLast(scope, hidden); // [1, d]
        crossAttentionQueries.accept(scope, layer, attended);
        Value crossAttended = layer.crossAttend(scope, attended, encoderStates);
        return layernormEmbedding.build(g, layer.feedForward(scope, crossAttended));
    }

    private static Value sequenceLayer(
            GraphBuilder scope,
            DecoderLayer layer,
            Value hidden,
            CausalChunks chunks,
            Value encoderStates,
            CrossAttentionQueries crossAttentionQueries) {
        Value attended = layer.selfAttend(scope, hidden, chunks);
        crossAttentionQueries.accept(scope, layer, attended);
        return layer.feedForward(scope, layer.crossAttend(scope, attended, encoderStates));
    }

    /** The keys and values of a prompt for all layers, [T, d]; the hidden states of its tokens are not finished. */
    void buildPrompt(GraphBuilder g) {
        DecoderInputs inputs = DecoderInputs.of(g, TOKENS);
        CausalChunks chunks = chunks(inputs);
        Value hidden = embed(g, inputs); // [T, d]
        int top = layers.size() - 1;
        for (int i = 0; i < top; i++) {
            GraphBuilder scope = layer(g, i);
            hidden = layers.get(i).feedForward(scope, layers.get(i).selfAttendAndOutputPast(scope, hidden, chunks, i));
        }
        layers.get(top).outputPast(layer(g, top), hidden, top);
    }

    /** How much the tokens of a sequence attend to each source token, [S], as a mean over all layers, heads and tokens. */
    Value buildEvidence(GraphBuilder g) {
        DecoderInputs inputs = DecoderInputs.of(g, TOKENS);
        CausalChunks chunks = chunks(inputs);
        Value hidden = embed(g, inputs); // [T, d]
        List<Value> weights = new ArrayList<>();
        Dimension heads = Dimension.of(config.decoderAttentionHeads());
        Dimension headSize = Dimension.of(config.dModel() / config.decoderAttentionHeads());
        for (int i = 0; i < layers.size(); i++) {
            GraphBuilder scope = layer(g, i);
            DecoderLayer layer = layers.get(i);
            Value key = g.input(GraphNames.crossKey(i), DataType.FLOAT, heads, SOURCE, headSize);
            Value attended = layer.selfAttend(scope, hidden, chunks);
            Value layerWeights = layer.crossWeights(scope, attended, key); // [H, T, S]
            weights.add(layerWeights);
            if (i < layers.size() - 1) { // after the last weights nothing is needed
                Value value = g.input(GraphNames.crossValue(i), DataType.FLOAT, heads, headSize, SOURCE);
                hidden = layer.feedForward(scope, layer.crossAttendBy(scope, attended, layerWeights, value));
            }
        }
        return meanOfLayers(weights);
    }

    /** [S] for the weights [H, T, S] of each layer. */
    private static Value meanOfLayers(List<Value> weights) {
        return weights.stream()
                .map(layer -> layer.mean(0).mean(0))
                .reduce(Value::add)
                .orElseThrow()
                .scale(1f / weights.size());
    }

    private Value embed(GraphBuilder g, DecoderInputs inputs) {
        return embeddings.build(g, inputs.inputIds(), inputs.positionIds());
    }

    private CausalChunks chunks(DecoderInputs inputs) {
        return CausalChunks.of(inputs.positionIds(), config.maxPositionEmbeddings());
    }

    private static GraphBuilder layer(GraphBuilder g, int i) {
        return g.scope("layers." + i);
    }
}
