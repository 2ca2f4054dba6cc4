package io.github.longwing.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.longwing.segmentation.Sentence.End;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentenceTest {
    @Test
    void aSentenceKeepsTheWhiteSpaceAfterIt() {
        assertThat(texts("It rains.  Does it? Yes! ")).containsExactly("It rains.  ", "Does it? ", "Yes! ");
    }

    @Test
    void positionsCountCodePointsAndNotChars() {
        assertThat(sentences("\uD83D\uDE80\uD83D\uDE80 fly. Cafe\u0301s close."))
                .extracting(sentence -> sentence.span().begin(), sentence -> sentence.span()
                        .end())
                .containsExactly(tuple(0, 8), tuple(8, 21));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n\n",
                "\r\n\r\n",
                "\r\r",
                "\n \t\n",
                "\n\n\n\n",
                "\r\n \r\n",
                "\u2028\u2028",
                "\u0085\n",
                "\n\u00A0\n"
            })
    void aBlankLineEndsASentenceThatNothingElseEnds(String blankLine) {
        List<Sentence> sentences = sentences("no stop here" + blankLine + "and no capital");

        assertThat(sentences).extracting(Sentence::end).containsExactly(End.PARAGRAPH, End.PARAGRAPH);
        assertThat(sentences.get(0).span().end()).isEqualTo(12 + blankLine.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r", " \n ", "\u2028"})
    void theEndOfALineEndsNoParagraph(String lineEnd) {
        assertThat(sentences("a line" + lineEnd + "and its end")).hasSize(1);
        assertThat(sentences("A line." + lineEnd + "And its end."))
                .extracting(Sentence::end)
                .containsExactly(End.SENTENCE, End.PARAGRAPH);
    }

    @Test
    void sentencesEndWithoutSpacesInScriptsThatUseNone() {
        assertThat(texts("\u4F60\u597D\u3002\u518D\u89C1\u3002")).hasSize(2);
    }

    @Test
    void theEmptyTextHasNoSentences() {
        assertThat(sentences("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", " ", "\r\n", "\u3000"})
    void blanksAloneAreOneParagraphHoweverMany(String blank) {
        String text = blank.repeat(200_000);

        assertThat(sentences(text)).containsExactly(new Sentence(new Span(0, text.length()), End.PARAGRAPH));
    }

    @Test
    void aParagraphOfMegabytesHasAllItsSentences() {
        String sentence = "The heron stood in the reeds and waited. ";

        List<Sentence> sentences = sentences(sentence.repeat(150_000)); // 6 MB

        assertThat(sentences).hasSize(150_000);
        assertThat(sentences.get(149_999).span().end()).isEqualTo(150_000 * sentence.length());
    }

    @Test
    void theSentencesOfAnyTextAreTheWholeTextOnce() {
        Random random = new Random(17);
        for (int round = 0; round < 300; round++) {
            String text = RandomText.of(random);
            Locale locale = List.of(Locale.ROOT, Locale.ENGLISH, Locale.JAPANESE, Locale.forLanguageTag("th"))
                    .get(round % 4);
            int position = 0;
            for (Sentence sentence : Sentence.of(text, locale)) {
                assertThat(sentence.span().begin()).isEqualTo(position);
                assertThat(sentence.span().length()).isPositive();
                position = sentence.span().end();
            }
            assertThat(position).as("the end of text %d", round).isEqualTo(text.codePointCount(0, text.length()));
        }
    }

    private static List<Sentence> sentences(String text) {
        return Sentence.of(text, Locale.ROOT);
    }

    private static List<String> texts(String text) {
        CodePointText whole = CodePointText.of(text);
        return sentences(text).stream().map(s -> whole.substring(s.span())).toList();
    }
}
