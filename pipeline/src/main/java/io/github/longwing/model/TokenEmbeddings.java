package io.github.longwing.model;

import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.Embedding;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;

/** Token embeddings, scaled where the config says so, plus learned positions. */
final class TokenEmbeddings {
    private final BigBirdPegasusConfig config;
    private final Embedding embedTokens;
    private final Embedding embedPositions;

    /** Takes the tokens' table and fetches {@code embed_positions} of one side of the model. */
    TokenEmbeddings(BigBirdPegasusConfig config, Tensor embedTokens, Weights side) {
        this.config = config;
        this.embedTokens = Embedding.of(embedTokens);
        this.embedPositions = Embedding.withZeroRow(
                side.scope("embed_positions").get("weight", config.maxPositionEmbeddings(), config.dModel()));
    }

    /**
     * [rows, d] for ids and positions [rows]. The position after the last is that of padding: padding to a multiple of
     * the block has no position, even where it passes the last one.
     */
    Value build(GraphBuilder g, Value inputIds, Value positionIds) {
        Value tokens = embedTokens.build(g, inputIds);
        Value scaled = config.scaleEmbedding() ? tokens.scale((float) Math.sqrt(config.dModel())) : tokens;
        return scaled.add(embedPositions.build(g, positionIds));
    }
}
