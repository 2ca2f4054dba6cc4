package io.github.longwing.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CodePointTextTest {
    @Test
    void anySpanOfAnyTextIsWhatItsCodePointsSay() {
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            String text = RandomText.of(random);
            int[] codePoints = text.codePoints().toArray();
            CodePointText ofText = CodePointText.of(text);
            assertThat(ofText.length()).isEqualTo(codePoints.length);
            for (int i = 0; i < 20; i++) {
                int begin = random.nextInt(codePoints.length + 1);
                int end = begin + random.nextInt(codePoints.length - begin + 1);
                assertThat(ofText.substring(new Span(begin, end)))
                        .isEqualTo(new String(codePoints, begin, end - begin));
            }
        }
    }

    @Test
    void aSpanIsTrimmedOfWhiteSpaceOfEveryKind() {
        CodePointText text = CodePointText.of("\u3000\uD83D\uDE80 and\u00A0so \r\n\t\u2029\u0085");

        assertThat(text.trimmed(new Span(0, text.length()))).isEqualTo(new Span(1, 9));
        assertThat(text.trimmed(new Span(9, 12))).as("nothing but blanks").isEqualTo(new Span(12, 12));
    }

    @Test
    void refusesASpanBeyondTheText() {
        assertThatThrownBy(() -> CodePointText.of("abc").substring(new Span(1, 4)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> CodePointText.of("abc").substring(new Span(4, 4)))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("Code point 4 of a text of 3");
        assertThatThrownBy(() -> new Span(3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A span is 3 to 2, expected 0 <= begin <= end");
    }
}
