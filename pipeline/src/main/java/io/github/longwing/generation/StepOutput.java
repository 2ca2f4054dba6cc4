package io.github.longwing.generation;

import java.nio.FloatBuffer;

/**
 * The scores of one step of the decoder for one document: its rows within those of all documents.
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
