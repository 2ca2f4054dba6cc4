package io.github.longwing.task.answer;

import java.util.List;
import java.util.Optional;

/**
 * The answers in a document.
 *
 * @param best the first of the n-best answers; empty where the document is taken to have no answer
 * @param nBest best first, no two of them overlapping
 * @param noAnswerScore start[0] + end[0], as transformers computes it without a CLS token; the minimum of the windows
 */
public record Answers(Optional<Answer> best, List<Answer> nBest, double noAnswerScore) {
    public Answers {
        nBest = List.copyOf(nBest);
    }
}
