package io.github.longwing.generation.logits;

import java.util.Arrays;

/** Bans each token that would complete an n-gram that the sequence already has. */
record NoRepeatNgram(int size) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        banCompletions(ids, length, ids, length, size, scores);
    }

    /** Bans the last token of every n-gram of the text whose other tokens are the last ones of the sequence. */
    static void banCompletions(int[] text, int textLength, int[] ids, int length, int size, float[] scores) {
        int begin = length + 1 - size;
        if (begin < 0) {
            return;
        }
        for (int last = size - 1; last < textLength; last++) {
            if (Arrays.equals(text, last + 1 - size, last, ids, begin, length)) {
                scores[text[last]] = BANNED;
            }
        }
    }

    /** Bans each token that would complete an n-gram that the document has. */
    static final class EncoderNoRepeatNgram implements LogitsProcessor {
        private final int size;
        private final int[] source;

        EncoderNoRepeatNgram(int size, int[] source) {
            this.size = size;
            this.source = source;
        }

        @Override
        public void process(int[] ids, int length, float[] scores) {
            NoRepeatNgram.banCompletions(source, source.length, ids, length, size, scores);
        }
    }
}
