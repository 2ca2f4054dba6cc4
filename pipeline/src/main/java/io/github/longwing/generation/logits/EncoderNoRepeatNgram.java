package io.github.longwing.generation.logits;

/** Bans each token that would complete an n-gram which the document holds. */
final class EncoderNoRepeatNgram implements LogitsProcessor {
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
