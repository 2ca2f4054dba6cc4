package io.github.longwing.generation;

import io.github.longwing.generation.logits.SearchInput;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Runs one search as the decoder does: rows keep their own pasts, which are reordered before each step. */
final class Decoding {
    private final FakeModel model;
    private final ScoreKind kind;
    private final SearchStrategy search;
    private List<List<Integer>> pasts;

    Decoding(FakeModel model, SearchFactory factory, SearchInput input) {
        this.model = model;
        this.kind = factory.scores();
        this.search = factory.start(input);
        int[] prompt = input.prompt();
        List<Integer> beforeLast =
                Arrays.stream(prompt, 0, prompt.length - 1).boxed().toList();
        this.pasts = Collections.nCopies(search.rows(), beforeLast);
    }

    SearchStrategy search() {
        return search;
    }

    /** One step, in which the document's rows stand behind others, all of whose scores are NaN. */
    void advance(int rowsBefore) {
        int[] tokens = search.tokens();
        int[] parents = search.parents();
        List<List<Integer>> next = new ArrayList<>();
        for (int row = 0; row < search.rows(); row++) {
            List<Integer> ids = new ArrayList<>(pasts.get(parents[row]));
            ids.add(tokens[row]);
            next.add(ids);
        }
        pasts = next;

        int vocabSize = model.vocabSize();
        FloatBuffer scores = FloatBuffer.allocate((rowsBefore + next.size()) * vocabSize);
        Arrays.fill(scores.array(), Float.NaN);
        for (int row = 0; row < next.size(); row++) {
            scores.put((rowsBefore + row) * vocabSize, scores(next.get(row)));
        }
        search.advance(new StepOutput(scores.asReadOnlyBuffer(), rowsBefore, vocabSize));
    }

    private float[] scores(List<Integer> ids) {
        return switch (kind) {
            case LOGITS -> model.logits(ids);
            case LOG_PROBABILITIES -> model.logProbabilities(ids);
        };
    }
}
