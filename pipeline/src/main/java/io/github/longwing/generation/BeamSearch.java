package io.github.longwing.generation;

import static io.github.longwing.config.GenerationOption.EARLY_STOPPING;
import static io.github.longwing.config.GenerationOption.LENGTH_PENALTY;
import static io.github.longwing.config.GenerationOption.NUM_BEAMS;
import static io.github.longwing.config.GenerationOption.NUM_RETURN_SEQUENCES;

import io.github.longwing.config.EarlyStopping;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.generation.logits.Ranking;
import io.github.longwing.generation.logits.SearchInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Beam search, and beam sampling, as transformers' vectorised {@code _beam_search} does them for a batch of one,
 * including its arithmetic in float32. Of equal scores the one of the lower beam, then the lower token, goes first.
 */
final class BeamSearch implements SearchStrategy {
    /** What transformers adds to a score to exclude it. */
    private static final float OUT = -1.0e9f;

    private final EarlyStopping earlyStopping;
    private final double lengthPenalty;
    private final int numReturnSequences;
    private final int promptLength;
    private final int maxLength;
    private final RowScorer scorer;
    private final EndOfSequence end;

    private final ContinuationRule rule;
    private final Ranking continuations;
    private final Ranking survivors;
    private final Ranking merged;

    private int length; // of the running sequences
    private int[][] running; // [beams][maxLength]
    private int[][] spare;
    private float[] runningScores;
    private int[] tokens;
    private int[] parents;
    private List<Finished> best; // [beams], in descending order of their scores
    private boolean isFinished;

    BeamSearch(GenerationConfig config, SearchInput input, int maxLength, RowScorer scorer, ContinuationRule rule) {
        int beams = config.get(NUM_BEAMS);
        this.earlyStopping = config.get(EARLY_STOPPING);
        this.lengthPenalty = config.get(LENGTH_PENALTY);
        this.numReturnSequences = config.get(NUM_RETURN_SEQUENCES);
        this.promptLength = input.prompt().length;
        this.maxLength = maxLength;
        this.scorer = scorer;
        this.end = new EndOfSequence(config, maxLength);
        this.rule = rule;
        this.continuations = new Ranking(beams * config.candidatesPerBeam());
        this.survivors = new Ranking(beams);
        this.merged = new Ranking(beams);

        this.length = promptLength;
        this.running = new int[beams][];
        Arrays.setAll(running, beam -> input.promptWithin(maxLength));
        this.spare = new int[beams][maxLength];
        this.runningScores = new float[beams];
        Arrays.fill(runningScores, 1, beams, OUT); // all beams are equal at first, so only one may continue
        this.tokens = new int[beams];
        Arrays.fill(tokens, input.prompt()[promptLength - 1]);
        this.parents = IntStream.range(0, beams).toArray();
        this.best = List.copyOf(IntStream.range(0, beams)
                .mapToObj(beam -> new Finished(input.prompt(), OUT, Fate.PLACEHOLDER))
                .toList());
    }

    @Override
    public int rows() {
        return running.length;
    }

    @Override
    public int[] tokens() {
        return tokens.clone();
    }

    @Override
    public int[] parents() {
        return parents.clone();
    }

    @Override
    public boolean isFinished() {
        return isFinished;
    }

    @Override
    public void advance(StepOutput output) {
        if (isFinished) {
            throw new IllegalStateException("The search is finished");
        }
        continuations.clear();
        for (int beam = 0; beam < running.length; beam++) {
            float[] scores = scorer.score(output, beam, running[beam], length);
            rule.rank(beam, length - promptLength, scores, runningScores[beam], continuations);
        }
        boolean[] ends = new boolean[continuations.size()];
        for (int place = 0; place < ends.length; place++) {
            ends[place] = end.isAt(length + 1, continuations.entry(place) % output.vocabSize());
        }
        // the finished first: they are built from the running sequences that the next line replaces
        mergeFinished(ends, output.vocabSize());
        goOn(ends, output.vocabSize());
        length++;
        isFinished = !canImprove() || isFull() || allTrue(ends);
    }

    @Override
    public List<GeneratedSequence> sequences() {
        if (!isFinished) {
            throw new IllegalStateException("The search is not finished");
        }
        return best.stream().limit(numReturnSequences).map(this::generated).toList();
    }

    /** Keeps the best of the finished sequences, old and new; only the first continuations, one per beam, may enter. */
    private void mergeFinished(boolean[] ends, int vocabSize) {
        int beams = running.length;
        merged.clear();
        for (int i = 0; i < beams; i++) {
            merged.offer(best.get(i).score(), i, best.get(i).score());
        }
        for (int place = 0; place < ends.length; place++) {
            float score = continuations.score(place) / power(length + 1 - promptLength);
            score += ends[place] && place < beams ? 0 : OUT;
            merged.offer(score, beams + place, score);
        }
        List<Finished> next = new ArrayList<>(beams);
        for (int i = 0; i < beams; i++) {
            int place = merged.entry(i) - beams;
            next.add(
                    place < 0
                            ? best.get(merged.entry(i))
                            : new Finished(
                                    continued(continuations.entry(place), vocabSize),
                                    merged.score(i),
                                    ends[place] && place < beams ? Fate.ENDED : Fate.STILL_RUNNING));
        }
        best = next;
    }

    /** Makes the best continuations that did not end the new beams. */
    private void goOn(boolean[] ends, int vocabSize) {
        survivors.clear();
        for (int place = 0; place < ends.length; place++) {
            float score = continuations.score(place) + (ends[place] ? OUT : 0);
            survivors.offer(score, continuations.entry(place), score);
        }
        for (int beam = 0; beam < running.length; beam++) {
            int entry = survivors.entry(beam);
            parents[beam] = entry / vocabSize;
            tokens[beam] = entry % vocabSize;
            runningScores[beam] = survivors.score(beam);
            System.arraycopy(running[parents[beam]], 0, spare[beam], 0, length);
            spare[beam][length] = tokens[beam];
        }
        int[][] old = running;
        running = spare;
        spare = old;
    }

    /** Whether the best beam might still beat the worst of the finished sequences. */
    private boolean canImprove() {
        boolean atFullLength = earlyStopping == EarlyStopping.NEVER && lengthPenalty > 0;
        float bestPossible = runningScores[0] / power((atFullLength ? maxLength : length) - promptLength);
        float worst = best.get(best.size() - 1).score();
        return best.stream().anyMatch(f -> bestPossible > (f.fate() == Fate.ENDED ? worst : OUT));
    }

    private boolean isFull() {
        return earlyStopping == EarlyStopping.TRUE && best.stream().allMatch(f -> f.fate() == Fate.ENDED);
    }

    private float power(int newTokens) {
        return (float) Math.pow(newTokens, lengthPenalty);
    }

    private int[] continued(int entry, int vocabSize) {
        int[] ids = Arrays.copyOf(running[entry / vocabSize], length + 1);
        ids[length] = entry % vocabSize;
        return ids;
    }

    private GeneratedSequence generated(Finished sequence) {
        return new GeneratedSequence(
                Arrays.stream(sequence.ids()).boxed().toList(),
                promptLength,
                OptionalDouble.of(sequence.score()),
                end.reason(sequence.ids(), promptLength));
    }

    private static boolean allTrue(boolean[] values) {
        for (boolean value : values) {
            if (!value) {
                return false;
            }
        }
        return true;
    }

    private enum Fate {
        /** Fills the list until enough sequences have ended. */
        PLACEHOLDER,
        /** Placed by an equal score although it has not ended; never counts as ended. */
        STILL_RUNNING,
        ENDED
    }

    private static final class Finished {
        private final int[] ids;
        private final float score;
        private final Fate fate;

        Finished(int[] ids, float score, Fate fate) {
            this.ids = ids;
            this.score = score;
            this.fate = fate;
        }

        int[] ids() {
            return ids;
        }

        float score() {
            return score;
        }

        Fate fate() {
            return fate;
        }
    }
}
