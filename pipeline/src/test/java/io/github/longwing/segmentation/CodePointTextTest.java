package io.github.longwing.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodePointTextTest {

    @Test
    void countsCharactersOutsideTheBmpAndHalvesOfThemAsOne() {
        CodePointText text = CodePointText.of("a😀e\u0301\uD83D𠮷");

        assertThat(text.length()).isEqualTo(6);
        assertThat(text.substring(new Span(1, 2))).isEqualTo("😀");
        assertThat(text.substring(new Span(2, 5))).isEqualTo("e\u0301\uD83D");
        assertThat(text.substring(new Span(5, 6))).isEqualTo("𠮷");
    }

    @Test
    void anEmptyTextHasOneEmptySpan() {
        CodePointText text = CodePointText.of("");

        assertThat(text.length()).isZero();
        assertThat(text.substring(new Span(0, 0))).isEmpty();
        assertThatThrownBy(() -> text.substring(new Span(0, 1))).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> text.substring(new Span(1, 1)))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("Code point 1 of a text of 0");
    }

    /** An index is kept for each 256 code points. */
    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 257, 511, 512, 513, 5000})
    void everySpanIsThatOfTheCodePointsThemselves(int length) {
        Random random = new Random(length);
        int[] codePoints = random.ints(length, 0, 6)
                .map(i -> "a é😀𠮷\u0301".codePoints().toArray()[i])
                .toArray();
        CodePointText text = CodePointText.of(new String(codePoints, 0, length));

        assertThat(text.length()).isEqualTo(length);
        for (int round = 0; round < 500; round++) {
            int begin = random.nextInt(length + 1);
            int end = begin + random.nextInt(length + 1 - begin);
            assertThat(text.substring(new Span(begin, end))).isEqualTo(new String(codePoints, begin, end - begin));
        }
        assertThat(text.substring(new Span(length, length))).isEmpty();
        assertThat(text.substring(new Span(0, length))).isEqualTo(text.text());
    }

    @Test
    void trimsWhiteSpaceOfEveryKindAndNothingElse() {
        CodePointText text = CodePointText.of("😀\u3000\u00A0\t\r\n\u2028\u0085x😀 y\u200A \n");

        assertThat(text.trimmed(new Span(1, 15))).isEqualTo(new Span(8, 12));
        assertThat(text.trimmed(new Span(0, 9))).isEqualTo(new Span(0, 9));
        assertThat(text.trimmed(new Span(2, 5))).isEqualTo(new Span(5, 5));
        assertThat(text.trimmed(new Span(3, 3))).isEqualTo(new Span(3, 3));
    }

    @Test
    void aReaderLooksAtAnyPlaceAndSkipsBlanks() {
        String characters = "😀 \n\u3000x 𠮷  ";
        CodePointText.Reader reader = CodePointText.of(characters).reader();
        boolean[] blank = new boolean[9];
        for (int i : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 3, 0, 8, 6}) {
            blank[i] = reader.isBlank(i);
        }

        assertThat(blank).containsExactly(false, true, true, true, false, true, false, true, true);
        assertThat(reader.skipBlank(1, 9)).isEqualTo(4);
        assertThat(reader.skipBlank(1, 3)).isEqualTo(3);
        assertThat(reader.skipBlank(7, 9)).isEqualTo(9);
        assertThat(Arrays.stream(characters.codePoints().toArray()).count()).isEqualTo(9);
    }
}
