package io.github.longwing.generation;

import static io.github.longwing.config.GenerationOption.EOS_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.FORCED_EOS_TOKEN_ID;

import io.github.longwing.config.GenerationConfig;
import java.util.List;

/** Decides where a sequence ends, and why. */
final class EndOfSequence {
    private final List<Integer> eosTokenIds;
    private final List<Integer> forcedEosTokenIds;
    private final int maxLength;

    EndOfSequence(GenerationConfig config, int maxLength) {
        this.eosTokenIds = config.get(EOS_TOKEN_ID);
        this.forcedEosTokenIds = config.get(FORCED_EOS_TOKEN_ID);
        this.maxLength = maxLength;
    }

    /** Whether a sequence of this length ends with this last token. */
    boolean isAt(int length, int token) {
        return length >= maxLength || eosTokenIds.contains(token);
    }

    /** A token forced at the limit counts as eos, whether or not it is one elsewhere. */
    FinishReason reason(int[] ids, int promptLength) {
        int last = ids[ids.length - 1];
        boolean forced = ids.length >= maxLength && forcedEosTokenIds.contains(last);
        boolean eos = eosTokenIds.contains(last);
        return ids.length > promptLength && (eos || forced) ? FinishReason.EOS : FinishReason.LENGTH;
    }
}
