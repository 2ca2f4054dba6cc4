package io.github.longwing.generation;

import static io.github.longwing.config.GenerationOption.NUM_RETURN_SEQUENCES;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.generation.logits.SearchInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Greedy search with one row, or sampling with one row for each text; rows are independent. */
final class SampleSearch implements SearchStrategy {
    private final int promptLength;
    private final int padToken;
    private final RowScorer scorer;
    private final TokenChoice choice;
    private final EndOfSequence end;

    private final int[][] rows; // [rows][maxLength]
    private final int[] lengths; // of the rows, which stop growing when they end
    private final boolean[] ended;
    private final int[] tokens;
    private int length; // of the rows that have not ended

    SampleSearch(GenerationConfig config, SearchInput input, int maxLength, RowScorer scorer, TokenChoice choice) {
        int count = config.get(NUM_RETURN_SEQUENCES);
        this.promptLength = input.prompt().length;
        this.padToken = Math.max(0, config.fillTokenId());
        this.scorer = scorer;
        this.choice = choice;
        this.end = new EndOfSequence(config, maxLength);

        this.rows = new int[count][];
        Arrays.setAll(rows, row -> input.promptWithin(maxLength));
        this.lengths = new int[count];
        Arrays.fill(lengths, promptLength);
        this.ended = new boolean[count];
        this.tokens = new int[count];
        Arrays.fill(tokens, input.prompt()[promptLength - 1]);
        this.length = promptLength;
    }

    @Override
    public int rows() {
        return rows.length;
    }

    @Override
    public int[] tokens() {
        return tokens.clone();
    }

    @Override
    public int[] parents() {
        return IntStream.range(0, rows.length).toArray();
    }

    @Override
    public void advance(StepOutput output) {
        if (isFinished()) {
            throw new IllegalStateException("The search is finished");
        }
        for (int row = 0; row < rows.length; row++) {
            if (!ended[row]) {
                grow(row, output);
            }
        }
        length++;
    }

    @Override
    public boolean isFinished() {
        for (boolean hasEnded : ended) {
            if (!hasEnded) {
                return false;
            }
        }
        return true;
    }

    @Override
    public List<GeneratedSequence> sequences() {
        if (!isFinished()) {
            throw new IllegalStateException("The search is not finished");
        }
        List<GeneratedSequence> sequences = new ArrayList<>();
        for (int row = 0; row < rows.length; row++) {
            int[] ids = Arrays.copyOf(rows[row], lengths[row]);
            sequences.add(new GeneratedSequence(
                    Arrays.stream(ids).boxed().toList(),
                    promptLength,
                    OptionalDouble.empty(),
                    end.reason(ids, promptLength)));
        }
        return sequences;
    }

    private void grow(int row, StepOutput output) {
        float[] scores = scorer.score(output, row, rows[row], length);
        int token = choice.choose(row, length - promptLength, scores);
        rows[row][length] = token;
        lengths[row] = length + 1;
        ended[row] = end.isAt(length + 1, token);
        tokens[row] = ended[row] ? padToken : token;
    }
}
