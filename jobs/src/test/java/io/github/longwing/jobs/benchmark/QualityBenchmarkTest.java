package io.github.longwing.jobs.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What int8 makes of summaries, beside float32. */
class QualityBenchmarkTest {
    @Test
    void countsWordsThatAreTheSameAtTheSamePlace() {
        assertThat(QualityBenchmark.agreement(List.of("a b  c d", "e"), List.of("a b x", "e")))
                .as("a, b and e of five places")
                .isEqualTo(3.0 / 5);
        assertThat(QualityBenchmark.agreement(List.of(""), List.of(" "))).isEqualTo(1);
        assertThat(QualityBenchmark.agreement(List.of("a b"), List.of(""))).isZero();
    }

    @Test
    void saysHowMuchInt8LosesBesideTheHumanSummaries() {
        List<SampleDocuments.Sample> samples = List.of(
                new SampleDocuments.Sample("text", Optional.of("the cat sat")),
                new SampleDocuments.Sample("text", Optional.empty()));
        QualityBenchmark.Run float32 = new QualityBenchmark.Run("model", List.of("the cat sat", "one"), 2);
        QualityBenchmark.Run int8 = new QualityBenchmark.Run("model int8", List.of("a dog ran", "one"), 1);

        assertThat(QualityBenchmark.report(float32, int8, samples))
                .contains(
                        "25.0% of the words are the same at the same place",
                        "float32 2.0 s, int8 1.0 s: 2.00 times as fast", "int8 less float32: ROUGE-Lsum -100.00");
    }
}
