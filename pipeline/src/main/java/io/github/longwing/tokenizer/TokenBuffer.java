package io.github.longwing.tokenizer;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.Arrays;

/** Tokens of one document as its pieces come in. */
final class TokenBuffer {
    private int[] ids = new int[0];
    private int[] begins = new int[0];
    private int[] ends = new int[0];
    private int size;

    /** Appends the tokens of a piece that begins at code point {@code base} of the document. */
    void append(long[] pieceIds, CharSpan[] pieceSpans, int base) {
        reserve(pieceIds.length);
        for (int i = 0; i < pieceIds.length; i++) {
            ids[size] = Math.toIntExact(pieceIds[i]);
            begins[size] = base + pieceSpans[i].getStart();
            ends[size] = base + pieceSpans[i].getEnd();
            size++;
        }
    }

    /** Appends the eos, whose span is empty, and hands over. */
    TokenizedDocument endWith(int eosId) {
        int length = size + 1;
        int[] allIds = Arrays.copyOf(ids, length);
        allIds[size] = eosId;
        int[] allBegins = Arrays.copyOf(begins, length);
        int[] allEnds = Arrays.copyOf(ends, length);
        allBegins[size] = 0;
        allEnds[size] = 0;
        return new TokenizedDocument(allIds, allBegins, allEnds);
    }

    private void reserve(int more) {
        int wanted = Math.addExact(size, more);
        if (wanted > ids.length) {
            int capacity = Math.max(wanted, ids.length + (ids.length >> 1));
            ids = Arrays.copyOf(ids, capacity);
            begins = Arrays.copyOf(begins, capacity);
            ends = Arrays.copyOf(ends, capacity);
        }
    }
}
