package io.github.longwing.generation.logits;

import java.util.Arrays;

/** What a search knows of its document. Immutable. */
public final class SearchInput {
    private final String documentId;
    private final int[] prompt;
    private final int[] source;

    private SearchInput(String documentId, int[] prompt, int[] source) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("The prompt of " + documentId + " is empty, expected a token or more");
        }
        this.documentId = documentId;
        this.prompt = prompt.clone();
        this.source = source.clone();
    }

    /**
     * For a model whose decoder begins with one token and looks at what an encoder read.
     *
     * @param documentId together with the seed decides the draws of sampling
     * @param startTokenId what the decoder begins with
     * @param encoderIds what the encoder read, with the eos
     */
    public static SearchInput encoderDecoder(String documentId, int startTokenId, int[] encoderIds) {
        return new SearchInput(documentId, new int[] {startTokenId}, encoderIds);
    }

    /** For a model without encoder; as in transformers the prompt also counts as what was read. */
    public static SearchInput decoderOnly(String documentId, int[] prompt) {
        return new SearchInput(documentId, prompt, prompt);
    }

    public String documentId() {
        return documentId;
    }

    /** The tokens that every sequence begins with. */
    public int[] prompt() {
        return prompt;
    }

    /** The tokens that the {@code encoder_} options look at. */
    public int[] source() {
        return source;
    }

    /** A buffer for a whole sequence that begins with the prompt. */
    public int[] promptWithin(int length) {
        return Arrays.copyOf(prompt, length);
    }
}
