package io.github.longwing.generation;

import java.nio.FloatBuffer;

/**
 * What one step of the decoder gives to one document: its rows within the scores of all.
 *
 * @param scores [rows of all documents, vocabSize], row by row, of the kind that {@link SearchFactory#scores()} names;
 *     only read, and only within {@link SearchStrategy#advance}
 * @param firstRow the document's first row
 */
public record StepOutput(FloatBuffer scores, int firstRow, int vocabSize) {

    void copyRow(int row, float[] target) {
        scores.get((firstRow + row) * vocabSize, target, 0, vocabSize);
    }
}
