package io.github.longwing.generation.logits;

/** Bans all tokens below the k-th highest score. */
record TopK(int k) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        float min = kthHighest(scores, k);
        for (int token = 0; token < scores.length; token++) {
            if (scores[token] < min) {
                scores[token] = BANNED;
            }
        }
    }

    /** The k-th highest value, or the lowest where there are not so many. */
    static float kthHighest(float[] values, int k) {
        Ranking ranking = new Ranking(Math.min(k, values.length));
        double bar = ranking.bar();
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] <= bar)) {
                ranking.offer(values[i], i, values[i]);
                bar = ranking.bar();
            }
        }
        return ranking.score(ranking.size() - 1);
    }
}
