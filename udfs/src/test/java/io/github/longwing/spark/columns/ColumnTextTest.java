package io.github.longwing.spark.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnTextTest {

    @Test
    void readsEveryTextThatUtf8CanWrite() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            String text = "x"
                    + random.ints(random.nextInt(50), 0, Character.MAX_CODE_POINT + 1)
                            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);

            assertThat(ColumnText.TEXT.of(text.getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(text);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // bytes, the first that is wrong, where
        "61FF, 0xFF, 1",
        "E97A, 0xE9, 0",
        "61C3, 0xC3, 1", // cut off
        "61F09FA6, 0xF0, 1", // cut off
        "C0AF, 0xC0, 0", // a slash made longer
        "EDA080, 0xED, 0", // half of a surrogate pair
        "F5808080, 0xF5, 0", // beyond Unicode
        "FFFE6100, 0xFF, 0", // UTF-16
    })
    void namesTheFirstByteThatIsNoUtf8(String hex, String found, int position) {
        assertThatThrownBy(() -> ColumnText.TEXT.of(HexFormat.of().parseHex(hex)))
                .hasMessage("Cannot read the text: byte " + position + " is " + found
                        + ", expected UTF-8 throughout; decode it from its own charset before")
                .isInstanceOfSatisfying(
                        DocumentException.class, e -> assertThat(e.kind()).isEqualTo(Kind.InvalidText));
    }

    @Test
    void refusesATextThatIsTooLongForAnyDocument() {
        byte[] longest = "x".repeat(ColumnText.MAX_BYTES).getBytes(StandardCharsets.UTF_8);
        assertThat(ColumnText.TEXT.of(longest)).hasSize(ColumnText.MAX_BYTES);

        assertThatThrownBy(() -> ColumnText.TEXT.of(new byte[ColumnText.MAX_BYTES + 1]))
                .hasMessage("Cannot read the text: it is 67108865 bytes long, expected at most 67108864")
                .isInstanceOfSatisfying(
                        DocumentException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TextTooLong));
    }
}
