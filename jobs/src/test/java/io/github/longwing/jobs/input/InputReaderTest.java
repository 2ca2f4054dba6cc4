package io.github.longwing.jobs.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Where formats come from that an installed Spark does not bring. */
class InputReaderTest {
    @Test
    void packagesAreThoseOfTheSparkThatRuns() {
        assertThat(InputReader.packageOf("avro", "4.0.1")).isEqualTo("org.apache.spark:spark-avro_2.13:4.0.1");
        assertThat(InputReader.packageOf("delta", "4.1.0")).isEqualTo("io.delta:delta-spark_4.1_2.13:VERSION");
        assertThat(InputReader.packageOf("nosuch", "4.1.0")).isEqualTo("GROUP:ARTIFACT:VERSION");
    }
}
