package io.github.longwing.model;

import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.VocabularyProjection;
import io.github.longwing.onnx.GraphBuilder;
import java.util.Map;
import java.util.Optional;

/**
 * The decoder alone: a prompt, read once, and one step, run once for each token. As in transformers 5 the output is
 * never tied to the embedding, whatever {@code tie_word_embeddings} says.
 */
final class BigBirdPegasusForCausalLM {
    private final Decoder decoder;
    private final LmHead lmHead;

    BigBirdPegasusForCausalLM(BigBirdPegasusConfig config, Weights checkpoint, ArithmeticPolicy projections) {
        int rows = config.vocabSize();
        int d = config.dModel();
        Weights weights = checkpoint.scope("model").scope("decoder");
        Tensor embedTokens = weights.get("embed_tokens.weight", rows, d);
        this.decoder =
                new Decoder(config, weights, new TokenEmbeddings(config, embedTokens, weights), projections.decoder());
        this.lmHead = new LmHead(new VocabularyProjection(
                checkpoint.get("lm_head.weight", rows, d), Optional.empty(), rows, projections.vocabulary()));
    }

    Map<Graph, GraphBuilder> graphs(int slots) {
        GraphBuilder prompt = new GraphBuilder(Graph.PROMPT.graphName());
        decoder.buildPrompt(prompt);
        return Map.of(Graph.PROMPT, prompt, Graph.DECODER, lmHead.stepGraph(decoder, slots));
    }
}
