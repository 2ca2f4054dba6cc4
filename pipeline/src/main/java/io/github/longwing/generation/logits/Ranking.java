package io.github.longwing.generation.logits;

/**
 * The top entries of many, in descending order of their keys; of equal keys the one offered first goes first, and
 * the later ones are the first to drop out. Reused from step to step.
 */
public final class Ranking {
    private final double[] keys;
    private final int[] entries;
    private final float[] scores;
    private int size;

    public Ranking(int capacity) {
        this.keys = new double[capacity];
        this.entries = new int[capacity];
        this.scores = new float[capacity];
    }

    public void clear() {
        size = 0;
    }

    public int size() {
        return size;
    }

    /** The entry at a place, 0 for the best. */
    public int entry(int place) {
        return entries[place];
    }

    public float score(int place) {
        return scores[place];
    }

    /** The key that an entry must exceed to get in; NaN while there is room, so test with {@code !(key <= bar())}. */
    public double bar() {
        return size < keys.length ? Double.NaN : keys[size - 1];
    }

    public void offer(double key, int entry, float score) {
        if (key <= bar()) {
            return;
        }
        int place = Math.min(size, keys.length - 1);
        while (place > 0 && key > keys[place - 1]) {
            place--;
        }
        size = Math.min(size + 1, keys.length);
        System.arraycopy(keys, place, keys, place + 1, size - place - 1);
        System.arraycopy(entries, place, entries, place + 1, size - place - 1);
        System.arraycopy(scores, place, scores, place + 1, size - place - 1);
        keys[place] = key;
        entries[place] = entry;
        scores[place] = score;
    }
}
