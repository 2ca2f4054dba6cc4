package io.github.longwing.segmentation;

import static io.github.longwing.segmentation.Sentence.End.PARAGRAPH;
import static io.github.longwing.segmentation.Sentence.End.SENTENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentenceTest {

    @Test
    void aSentenceHasTheWhiteSpaceAfterIt() {
        assertThat(texts("One 😀 heron. Two  herons!  Three?\nFour"))
                .containsExactly("One 😀 heron. ", "Two  herons!  ", "Three?\n", "Four");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\n\n", "\r\n\r\n", "\r\r", "\n \t\n", "\n\n\n  \n", " \n\n  ", "\u0085\n", "\n\u00A0\n", "\n\u3000\n"})
    void aBlankLineEndsASentenceAndAParagraph(String blankLine) {
        String text = "no end" + blankLine + "of a sentence. Another.";

        assertThat(texts(text)).containsExactly("no end" + blankLine, "of a sentence. ", "Another.");
        assertThat(sentences(text)).extracting(Sentence::end).containsExactly(PARAGRAPH, SENTENCE, PARAGRAPH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r", " \r\n ", "\t"})
    void theEndOfALineIsNoBlankLine(String lineEnd) {
        String text = "A sentence of two" + lineEnd + "lines. Another.";

        assertThat(sentences(text)).extracting(Sentence::end).containsExactly(SENTENCE, PARAGRAPH);
    }

    @Test
    void aSentenceNeedsNoSpaceAfterItWhereTheScriptHasNone() {
        assertThat(texts("鷺が立つ。潮が引く。")).containsExactly("鷺が立つ。", "潮が引く。");
    }

    @Test
    void anEmptyTextHasNoSentence() {
        assertThat(sentences("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", " ", "\r\n", "\u3000", "\t\n"})
    void aTextOfBlanksIsOneParagraph(String blank) {
        String text = blank.repeat(50_000);

        assertThat(sentences(text))
                .containsExactly(new Sentence(new Span(0, text.length()), PARAGRAPH));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theSentencesAreTheWholeTextEachCodePointOnce(long seed) {
        RandomTexts texts = new RandomTexts(seed);
        for (int words = 0; words < 400; words += 7) {
            String text = texts.next(words);
            int begin = 0;
            for (Sentence sentence : sentences(text)) {
                assertThat(sentence.span().begin()).isEqualTo(begin);
                assertThat(sentence.span().length()).isPositive();
                begin = sentence.span().end();
            }
            assertThat(begin).isEqualTo(text.codePointCount(0, text.length()));
        }
    }

    @Test
    void aParagraphOfMegabytesHasAllItsSentences() {
        String sentence = "The heron stood in the reeds and waited. ";

        List<Sentence> sentences = sentences(sentence.repeat(150_000)); // 6 MB

        assertThat(sentences).hasSize(150_000);
        assertThat(sentences.get(149_999).span().end()).isEqualTo(150_000 * sentence.length());
    }

    private static List<Sentence> sentences(String text) {
        return Sentence.of(text, Locale.ENGLISH);
    }

    private static List<String> texts(String text) {
        return texts(text, Locale.ENGLISH);
    }

    private static List<String> texts(String text, Locale locale) {
        CodePointText codePoints = CodePointText.of(text);
        return Sentence.of(text, locale).stream()
                .map(s -> codePoints.substring(s.span()))
                .toList();
    }
}
