package io.github.longwing.model;

import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedding in its places: one tensor in a tied model, whichever of its names were stored.
 *
 * @param lmHead where the model generates text
 */
record TiedEmbeddings(Tensor encoder, Tensor decoder, Optional<Tensor> lmHead) {
    private static final Logger LOG = LoggerFactory.getLogger(TiedEmbeddings.class);

    /**
     * Of encoder and decoder.
     *
     * @param prefix of the names in the checkpoint: {@code model.}, or nothing for the base model
     */
    static TiedEmbeddings of(BigBirdPegasusConfig config, Weights checkpoint, String prefix) {
        return of(config, checkpoint, prefix, Optional.empty());
    }

    /** Of encoder, decoder and the output over the vocabulary. */
    static TiedEmbeddings withLmHead(BigBirdPegasusConfig config, Weights checkpoint, String prefix) {
        return of(config, checkpoint, prefix, Optional.of("lm_head.weight"));
    }

    private static TiedEmbeddings of(
            BigBirdPegasusConfig config, Weights checkpoint, String prefix, Optional<String> lmHead) {
        int rows = config.vocabSize();
        int d = config.dModel();
        String sharedName = prefix + "shared.weight";
        String encoder = prefix + "encoder.embed_tokens.weight";
        String decoder = prefix + "decoder.embed_tokens.weight";
        if (config.tieWordEmbeddings()) {
            List<String> names = Stream.concat(Stream.of(sharedName, encoder, decoder), lmHead.stream())
                    .toList();
            List<Tensor> stored = names.stream()
                    .flatMap(name -> checkpoint.find(name, rows, d).stream())
                    .toList();
            Tensor shared = stored.stream().findFirst().orElseGet(() -> checkpoint.getFirst(names, rows, d));
            return of(encoder, decoder, lmHead, name -> ownOrShared(stored, name, shared));
        }
        Optional<Tensor> shared = checkpoint.find(sharedName, rows, d);
        return of(encoder, decoder, lmHead, name -> checkpoint
                .find(name, rows, d)
                .or(() -> lmHead.filter(name::equals).isPresent() ? Optional.empty() : shared)
                .orElseGet(() -> checkpoint.get(name, rows, d)));
    }

    private static TiedEmbeddings of(
            String encoder, String decoder, Optional<String> lmHead, Function<String, Tensor> tensors) {
        return new TiedEmbeddings(tensors.apply(encoder), tensors.apply(decoder), lmHead.map(tensors));
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
