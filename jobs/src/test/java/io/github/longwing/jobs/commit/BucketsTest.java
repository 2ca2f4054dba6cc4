package io.github.longwing.jobs.commit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 2, 1",
        "1, 2, 1",
        "5, 2, 2",
        "43, 2, 10",
        "1000, 2, 64",
        "60000, 2, 937",
        "1000000, 2, 15625",
        "100000000, 1000, 16384",
        "-1, 8, 256"
    })
    void aSmallInputIsSpreadFinelyAndALargeOneCostsFewTasks(long rows, int slots, int expected) {
        assertThat(OutputRun.buckets(rows, slots)).isEqualTo(expected);
    }
}
