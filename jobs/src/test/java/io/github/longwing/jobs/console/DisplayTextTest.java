package io.github.longwing.jobs.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a document says may not move the cursor of who looks at it. */
class DisplayTextTest {
    @Test
    void showsControlCharactersInsteadOfObeyingThem() {
        assertThat(DisplayText.escape("a\nb\tc\r\u001b[31mred\u0000\u0085\u2028"))
                .isEqualTo("a\\nb\\tc\\r\\u001b[31mred\\u0000\\u0085\\u2028");
        assertThat(DisplayText.escape("\u202Egpj.exe \uD800 \uFEFF")).isEqualTo("\\u202egpj.exe \\ud800 \\ufeff");
    }

    @Test
    void leavesWhatPeopleReadAsItIs() {
        String text = "Zoë 漢字 한국어 \uD83D\uDC68\u200D\uD83D\uDC69 e\u0301 “quoted”";

        assertThat(DisplayText.escape(text)).isEqualTo(text);
    }

    @Test
    void measuresColumnsOfTheTerminal() {
        assertThat(DisplayText.width("abc")).isEqualTo(3);
        assertThat(DisplayText.width("漢字かな한글")).isEqualTo(12);
        assertThat(DisplayText.width("e\u0301"))
                .as("an accent stands on its letter")
                .isEqualTo(1);
        assertThat(DisplayText.width("\uD83D\uDE00")).isEqualTo(2);
        assertThat(DisplayText.width("ﾃｽﾄ")).as("half-width forms").isEqualTo(3);
    }

    @Test
    void breaksBetweenWordsAndCutsWithAnEllipsis() {
        assertThat(DisplayText.wrap("the river rises in the hills", 10, 9))
                .containsExactly("the river", "rises in", "the hills");
        assertThat(DisplayText.wrap("the river rises in the hills", 10, 2)).containsExactly("the river", "rises in…");
        assertThat(DisplayText.wrap("abcdefghijkl", 5, 9)).containsExactly("abcde", "fghij", "kl");
        assertThat(DisplayText.wrap("", 5, 9)).containsExactly("");
    }

    @Test
    void neverBreaksACharacterOrTakesAnAccentFromItsLetter() {
        assertThat(DisplayText.wrap("漢字漢字", 5, 9)).containsExactly("漢字", "漢字");
        assertThat(DisplayText.wrap("ae\u0301ae\u0301", 2, 9)).containsExactly("ae\u0301", "ae\u0301");
    }

    @Test
    void noLineIsWiderThanAsked() {
        Random random = new Random(11);
        for (int run = 0; run < 500; run++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(80);
            for (int i = 0; i < length; i++) {
                text.appendCodePoint(
                        switch (random.nextInt(5)) {
                            case 0 -> ' ';
                            case 1 -> 0x4E00 + random.nextInt(500);
                            case 2 -> 0x1F600 + random.nextInt(20);
                            case 3 -> random.nextInt(0x300);
                            default -> 'a' + random.nextInt(26);
                        });
            }
            int width = 3 + random.nextInt(20);
            int lines = 1 + random.nextInt(5);

            assertThat(DisplayText.wrap(DisplayText.escape(text.toString()), width, lines))
                    .as("\"%s\" in lines of %d", text, width)
                    .hasSizeLessThanOrEqualTo(lines)
                    .allSatisfy(line -> assertThat(DisplayText.width(line)).isLessThanOrEqualTo(width));
        }
    }
}
