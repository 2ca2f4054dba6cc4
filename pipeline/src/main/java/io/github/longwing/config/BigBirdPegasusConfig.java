package io.github.longwing.config;

import io.github.longwing.config.Architecture.Int8Layers;
import io.github.longwing.error.UserException;
import io.github.longwing.io.JsonFields;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The shape of one BigBirdPegasus model, under the names of its config.json.
 *
 * @param maxPositionEmbeddings the maximum number of tokens of encoder and decoder
 * @param blockSize tokens in one block of the sparse pattern
 * @param numRandomBlocks random key blocks of each query block, 0 for window and global blocks alone
 * @param useBias whether the projections of attention have a bias; fc1 and fc2 always have one
 * @param labels of a classifier; transformers' two unnamed ones where config.json names none
 */
public record BigBirdPegasusConfig(
        Architecture architecture,
        int vocabSize,
        int dModel,
        int encoderLayers,
        int decoderLayers,
        int encoderAttentionHeads,
        int decoderAttentionHeads,
        int encoderFfnDim,
        int decoderFfnDim,
        Activation activationFunction,
        int maxPositionEmbeddings,
        boolean scaleEmbedding,
        boolean useBias,
        AttentionType attentionType,
        int blockSize,
        int numRandomBlocks,
        int padTokenId,
        int eosTokenId,
        int decoderStartTokenId,
        boolean tieWordEmbeddings,
        Labels labels) {

    /** What {@code model_type} must say. */
    public static final String MODEL_TYPE = "bigbird_pegasus";

    public BigBirdPegasusConfig {
        requireAtLeast("vocab_size", vocabSize, 1);
        requireAtLeast("d_model", dModel, 1);
        requireAtLeast("encoder_layers", encoderLayers, architecture == Architecture.CAUSAL_LM ? 0 : 1);
        requireAtLeast("decoder_layers", decoderLayers, 1);
        requireAtLeast("encoder_attention_heads", encoderAttentionHeads, 1);
        requireAtLeast("decoder_attention_heads", decoderAttentionHeads, 1);
        requireAtLeast("encoder_ffn_dim", encoderFfnDim, 1);
        requireAtLeast("decoder_ffn_dim", decoderFfnDim, 1);
        requireAtLeast("max_position_embeddings", maxPositionEmbeddings, 1);
        requireAtLeast("block_size", blockSize, 1);
        requireAtLeast("num_random_blocks", numRandomBlocks, 0);
        requireDivides("encoder_attention_heads", encoderAttentionHeads, dModel);
        requireDivides("decoder_attention_heads", decoderAttentionHeads, dModel);
        requireToken("pad_token_id", padTokenId, vocabSize);
        requireToken("eos_token_id", eosTokenId, vocabSize);
        requireToken("decoder_start_token_id", decoderStartTokenId, vocabSize);
    }

    /** Reads config.json; fields that are missing have transformers' defaults. */
    public static BigBirdPegasusConfig read(Path configJson) {
        return of(JsonFields.read(configJson));
    }

    static BigBirdPegasusConfig of(JsonFields json) {
        String modelType = json.findString("model_type").orElse(MODEL_TYPE);
        if (!modelType.equals(MODEL_TYPE)) {
            throw json.unexpected("model_type", modelType, MODEL_TYPE + "; Longwing runs this model family only");
        }
        int dModel = json.findInt("d_model").orElse(1024);
        try {
            return new BigBirdPegasusConfig(
                    architecture(json),
                    json.findInt("vocab_size").orElse(96103),
                    dModel,
                    json.findInt("encoder_layers").orElse(16),
                    json.findInt("decoder_layers").orElse(16),
                    json.findInt("encoder_attention_heads").orElse(16),
                    json.findInt("decoder_attention_heads").orElse(16),
                    json.findInt("encoder_ffn_dim").orElse(4096),
                    json.findInt("decoder_ffn_dim").orElse(4096),
                    activation(json),
                    json.findInt("max_position_embeddings").orElse(4096),
                    json.findBoolean("scale_embedding").orElse(true),
                    json.findBoolean("use_bias").orElse(false),
                    attentionType(json),
                    json.findInt("block_size").orElse(64),
                    json.findInt("num_random_blocks").orElse(3),
                    json.findInt("pad_token_id").orElse(0),
                    eosTokenId(json),
                    json.findInt("decoder_start_token_id").orElse(2),
                    json.findBoolean("tie_word_embeddings").orElse(true),
                    Labels.of(json));
        } catch (IllegalArgumentException e) {
            throw new UserException("Cannot use " + json.origin() + ": " + e.getMessage(), e);
        }
    }

    /** The longest document, in tokens, that gets full attention although the model is block-sparse. */
    public int fullAttentionLimit() {
        return (5 + 2 * numRandomBlocks) * blockSize;
    }

    /** The attention that a document of so many tokens gets: decided for each document by its own length. */
    public AttentionType attentionFor(int tokens) {
        return attentionType == AttentionType.BLOCK_SPARSE && tokens <= fullAttentionLimit()
                ? AttentionType.ORIGINAL_FULL
                : attentionType;
    }

    /** The linear layers of the encoder that multiply in eight bits where int8 is asked for. */
    public Int8Layers encoderInt8() {
        boolean full = attentionType == AttentionType.ORIGINAL_FULL;
        return full && architecture.encoderInt8() == Int8Layers.ALL_BUT_SCORES
                ? Int8Layers.FEED_FORWARD // with more of them, its recorded cases are off by 0.052
                : architecture.encoderInt8();
    }

    /** Likewise those of the decoder. */
    public Int8Layers decoderInt8() {
        return architecture.decoderInt8();
    }

    private static int eosTokenId(JsonFields json) {
        List<Integer> ids = json.findInts("eos_token_id").orElse(List.of(1));
        if (ids.isEmpty()) {
            throw json.unexpected("eos_token_id", ids, "an id or a list of ids");
        }
        return ids.get(0);
    }

    private static Architecture architecture(JsonFields json) {
        String found = json.find("architectures")
                .map(e -> e.isJsonArray()
                                && e.getAsJsonArray().size() == 1
                                && e.getAsJsonArray().get(0).isJsonPrimitive()
                        ? e.getAsJsonArray().get(0).getAsString()
                        : e.toString())
                .orElse(Architecture.CONDITIONAL_GENERATION.configName());
        return Arrays.stream(Architecture.values())
                .filter(a -> a.configName().equals(found))
                .findFirst()
                .orElseThrow(() -> json.unexpected(
                        "architectures", found, JsonFields.oneOf(Architecture.values(), Architecture::configName)));
    }

    private static Activation activation(JsonFields json) {
        String found = json.findString("activation_function").orElse(Activation.GELU_NEW.configName());
        if (found.equals("swish")) { // transformers' second name for it
            return Activation.SILU;
        }
        return Arrays.stream(Activation.values())
                .filter(a -> a.configName().equals(found))
                .findFirst()
                .orElseThrow(() -> json.unexpected(
                        "activation_function", found, JsonFields.oneOf(Activation.values(), Activation::configName)));
    }

    private static AttentionType attentionType(JsonFields json) {
        String found = json.findString("attention_type").orElse(AttentionType.BLOCK_SPARSE.configName());
        return Arrays.stream(AttentionType.values())
                .filter(a -> a.configName().equals(found))
                .findFirst()
                .orElseThrow(() -> json.unexpected(
                        "attention_type", found, JsonFields.oneOf(AttentionType.values(), AttentionType::configName)));
    }

    private static void requireAtLeast(String name, int value, int min) {
        if (value < min) {
            throw new IllegalArgumentException(name + " is " + value + ", expected at least " + min);
        }
    }

    private static void requireDivides(String name, int heads, int dModel) {
        if (dModel % heads != 0) {
            throw new IllegalArgumentException(
                    name + " is " + heads + ", expected a divisor of d_model, which is " + dModel);
        }
    }

    private static void requireToken(String name, int id, int vocabSize) {
        if (id < 0 || id >= vocabSize) {
            throw new IllegalArgumentException(
                    name + " is " + id + ", expected an id below vocab_size, which is " + vocabSize);
        }
    }
}
