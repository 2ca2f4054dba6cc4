package io.github.longwing.task.answer;

import java.util.List;
import java.util.Optional;

/**
 * What a document answers.
 *
 * @param best the first of the n-best answers; empty where the document is taken to have no answer
 * @param nBest best first, no two of them overlapping
 * @param noAnswerScore start[0] + end[0], as transformers reckons without a CLS token; of windows the least
 */
public record Answers(Optional<Answer> best, List<Answer> nBest, double noAnswerScore) {
    public Answers {
        nBest = List.copyOf(nBest);
    }
}
