package io.github.longwing.spark.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.spark.files.FileListing.LeftOut;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class InputAccountTest {
    @Test
    void theSumsHold() {
        InputAccount account = new InputAccount(
                1200, Map.of(LeftOut.EMPTY, 2L, LeftOut.HIDDEN, 1L), OptionalLong.of(5000), 7, List.of("price"));

        assertThat(account.filesFound()).isEqualTo(account.filesRead() + account.filesLeftOut());
        assertThat(account.recordsRead()).hasValue(5000 - 7);
        assertThat(account.line())
                .isEqualTo(
                        "Input: 1,203 files found, 1,200 read, 3 left out (1 with a hidden name, 2 empty); 5,000 records"
                                + " found, 4,993 read, 7 malformed; kept as strings, since a number would change otherwise: price");
    }

    @Test
    void nothingLeftOutIsNotMentioned() {
        InputAccount account = new InputAccount(1, Map.of(), OptionalLong.empty(), 0, List.of());

        assertThat(account.line()).isEqualTo("Input: 1 file found, 1 read");
    }

    @Test
    void aLimitIsSaidWhereItLeavesSomething() {
        InputAccount account = new InputAccount(2, Map.of(), OptionalLong.of(30), 1, List.of());

        assertThat(account.limitedTo(29).line())
                .isEqualTo("Input: 2 files found, 2 read; 30 records found, 29 read, 1 malformed; of all these --limit"
                        + " takes the first 29");
        assertThat(account.limitedTo(30)).isEqualTo(account);
        InputAccount texts = new InputAccount(5, Map.of(), OptionalLong.empty(), 0, List.of());
        assertThat(texts.limitedTo(2).line())
                .isEqualTo("Input: 5 files found, 5 read; of all these --limit takes the first 2");
    }
}
