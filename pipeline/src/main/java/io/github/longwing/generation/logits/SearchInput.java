package io.github.longwing.generation.logits;

import java.util.Arrays;

/** The inputs of one search: the prompt, and the document that it is about. Immutable. */
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
     * For a model with an encoder: the decoder starts with one token and attends to the document.
     *
     * @param documentId with the seed, the key of the random draws
     * @param startTokenId the first input of the decoder
     * @param encoderIds the input of the encoder, with the eos
     */
    public static SearchInput encoderDecoder(String documentId, int startTokenId, int[] encoderIds) {
        return new SearchInput(documentId, new int[] {startTokenId}, encoderIds);
    }

    /** For a model without encoder; as in transformers the {@code encoder_} options then apply to the prompt. */
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

    /** The tokens that the {@code encoder_} options apply to. */
    public int[] source() {
        return source;
    }

    /** A buffer for a whole sequence that begins with the prompt. */
    public int[] promptWithin(int length) {
        return Arrays.copyOf(prompt, length);
    }
}
