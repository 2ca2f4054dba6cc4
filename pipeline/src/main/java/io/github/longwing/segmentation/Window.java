package io.github.longwing.segmentation;

/**
 * A part of a document that the model reads at once.
 *
 * @param firstToken of the document's tokens
 * @param endToken exclusive; the eos is no part of any window
 * @param span the text that the window stands for
 */
public record Window(int firstToken, int endToken, Span span) {

    /** Tokens without an eos. */
    public int length() {
        return endToken - firstToken;
    }
}
