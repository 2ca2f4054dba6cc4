package io.github.longwing.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a long text may be cut so that nobody notices. */
class DocumentTextTest {

    @Test
    void cutsBeforeTheFirstSpaceBetweenWordsAfterTheLengthAskedFor() {
        DocumentText text = DocumentText.of("the heron stood still");

        assertThat(text.endOfPiece(0, 1)).isEqualTo("the".length());
        assertThat(text.endOfPiece(0, 4)).isEqualTo("the heron".length());
        assertThat(text.endOfPiece(3, 1)).isEqualTo("the heron".length());
        assertThat(text.endOfPiece(9, 100)).isEqualTo("the heron stood still".length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "the  heron", // two spaces become one
                "the .heron",
                "the. heron",
                "the \u0301heron", // the mark and the space are one grapheme
                "the \uFF9Eheron",
                "the \u0E33heron",
                "\u0D4E heron",
                "the \u037Aheron", // becomes a space and an iota
                "the \uFE70heron",
                "the\u00A0heron",
                "the\nheron",
                "the 😀heron",
                " heron",
                "heron "
            })
    void leavesOtherPlacesAlone(String text) {
        assertThat(DocumentText.of(text).endOfPiece(0, 0)).isEqualTo(text.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"the heron", "слово за", "ไทย คำ", "한국어 단어", "a 1", "日本 語"})
    void cutsBetweenTheWordsOfAnyScript(String text) {
        assertThat(DocumentText.of(text).endOfPiece(0, 0)).isEqualTo(text.indexOf(' '));
    }

    @Test
    void keepsATextWholeThatBeginsWithAControlCharacter() {
        String text = "\u0001the heron stood";

        assertThat(DocumentText.of(text).endOfPiece(0, 1)).isEqualTo(text.length());
    }

    @Test
    void replacesHalvesOfSurrogatePairsOneForOne() {
        DocumentText text = DocumentText.of("\uDE00a\uD83D😀\uD83D");

        assertThat(text.piece(0, text.length())).isEqualTo("\uFFFDa\uFFFD😀\uFFFD");
    }

    @Test
    void countsTheBytesOfUtf8() {
        String text = "aé日😀";

        assertThat(DocumentText.of(text).bytes(0, text.length())).isEqualTo(1 + 2 + 3 + 4);
    }
}
