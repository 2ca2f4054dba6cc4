package io.github.longwing.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.progress.JobTotals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorLimitTest {

    @ParameterizedTest
    @CsvSource({
        "3, 3, 50, false",
        "3, 4, 50, true",
        "2%, 2, 100, false",
        "2%, 3, 100, true",
        "0.5%, 1, 200, false",
        "0.5%, 1, 199, true",
        "0%, 1, 1000, true",
        "100%, 9, 9, false"
    })
    void isExceededByMoreErrorsThanItAllows(String limit, long errors, long documents, boolean exceeded) {
        assertThat(ErrorLimit.parse(limit).isExceededBy(totals(documents, errors)))
                .isEqualTo(exceeded);
    }

    @Test
    void judgesAShareFromAHundredDocumentsOn() {
        ErrorLimit share = ErrorLimit.parse("2%");

        assertThat(share.isExceededSoFar(totals(99, 50))).isFalse();
        assertThat(share.isExceededSoFar(totals(100, 50))).isTrue();
        assertThat(share.isExceededBy(totals(99, 50))).as("at the end").isTrue();
        assertThat(ErrorLimit.parse("1").isExceededSoFar(totals(2, 2))).isTrue();
    }

    @Test
    void allowsAnyNumberWhereItIsNotGiven() {
        assertThat(ErrorLimit.parse(null).isExceededBy(totals(9, 9))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "two", "101%", "-2%", "%", ""})
    void refusesWhatIsNeitherANumberNorAShare(String text) {
        assertThatThrownBy(() -> ErrorLimit.parse(text))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use --max-errors " + text
                        + ": expected a number of at least 0, or a share from 0% to 100%; leave it out for any number");
    }

    private static JobTotals totals(long documents, long errors) {
        return new JobTotals(documents, errors, 0, 0);
    }
}
