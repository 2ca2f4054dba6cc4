package io.github.longwing.generation.logits;

import java.util.Arrays;
import java.util.Optional;

/** The inputs of one search: the prompt, and the document that it is about. Immutable. */
public final class SearchInput {
    private final String documentId;
    private final int[] prompt;
    private final int[] source;
    private final Optional<SentenceTrie> sentences;

    private SearchInput(String documentId, int[] prompt, int[] source, Optional<SentenceTrie> sentences) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("The prompt of " + documentId + " is empty, expected a token or more");
        }
        this.documentId = documentId;
        this.prompt = prompt.clone();
        this.source = source.clone();
        this.sentences = sentences;
    }

    /**
     * For a model with an encoder: the decoder starts with one token and attends to the document.
     *
     * @param documentId with the seed, the key of the random draws
     * @param startTokenId the first input of the decoder
     * @param encoderIds the input of the encoder, with the eos
     */
    public static SearchInput encoderDecoder(String documentId, int startTokenId, int[] encoderIds) {
        return new SearchInput(documentId, new int[] {startTokenId}, encoderIds, Optional.empty());
    }

    /** For a model without encoder; as in transformers the {@code encoder_} options then apply to the prompt. */
    public static SearchInput decoderOnly(String documentId, int[] prompt) {
        return new SearchInput(documentId, prompt, prompt, Optional.empty());
    }

    /** The same, for a search that may write these sentences alone. */
    public SearchInput heldTo(SentenceTrie sentences) {
        return new SearchInput(documentId, prompt, source, Optional.of(sentences));
    }

    /** The sentences that a sequence consists of; empty where any text may be written. */
    public Optional<SentenceTrie> sentences() {
        return sentences;
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
