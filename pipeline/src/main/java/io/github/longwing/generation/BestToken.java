package io.github.longwing.generation;

/** The token with the highest score; the first of equals. */
final class BestToken implements TokenChoice {

    @Override
    public int choose(int row, int step, float[] scores) {
        int best = 0;
        for (int token = 1; token < scores.length; token++) {
            if (scores[token] > scores[best]) {
                best = token;
            }
        }
        return best;
    }
}
