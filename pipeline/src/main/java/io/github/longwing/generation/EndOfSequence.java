package io.github.longwing.generation;

import io.github.longwing.config.GenerationConfig;

/** Where sequences end, and why. */
public final class EndOfSequence {
    private final GenerationConfig config;
    private final int maxLength;

    public EndOfSequence(GenerationConfig config, int maxLength) {
        this.config = config;
        this.maxLength = maxLength;
    }

    /** Whether a sequence of this length ends with this last token. */
    public boolean isAt(int length, int token) {
        return length >= maxLength || config.eosTokenId().contains(token);
    }

    /** A token forced at the limit counts as eos, whether or not it is one elsewhere. */
    public FinishReason reason(int[] ids, int promptLength) {
        int last = ids[ids.length - 1];
        boolean forced = ids.length >= maxLength && config.forcedEosTokenId().contains(last);
        boolean eos = config.eosTokenId().contains(last);
        return ids.length > promptLength && (eos || forced) ? FinishReason.EOS : FinishReason.LENGTH;
    }
}
