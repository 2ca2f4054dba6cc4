package io.github.longwing.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSizeTest {
    @ParameterizedTest
    @CsvSource({
        "20GB, 20000000000",
        "1.5 GiB, 1610612736",
        "500000, 500000",
        "0, 0",
        "3kb, 3000",
        "2TiB, 2199023255552",
        "999999999999999TB, 9223372036854775807"
    })
    void readsBytesAsPeopleWriteThem(String text, long bytes) {
        assertThat(DataSize.parse("LONGWING_CACHE_LIMIT", text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GB", "-1GB", "20 G B", "20XB", "1e9", "1,5GB", "1..5GB"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> DataSize.parse("LONGWING_CACHE_LIMIT", text))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use LONGWING_CACHE_LIMIT: it is " + text
                        + ", expected a number of bytes such as 20GB, 500MB or 1.5TiB");
    }
}
