package io.github.longwing.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.generation.SearchStrategy;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JmhStatesTest {
    @Test
    void tokenizesTheDocumentsOfTheExamplesAndCountsTheirTokens() throws IOException {
        TokenizerBenchmark.Corpus corpus = new TokenizerBenchmark.Corpus();
        TokenizerBenchmark.Counters counters = new TokenizerBenchmark.Counters();
        corpus.load();
        try {
            int first = new TokenizerBenchmark().documents(corpus, counters).length;
            int second = new TokenizerBenchmark().documents(corpus, counters).length;
            assertThat(first).isGreaterThan(1000);
            assertThat(counters.tokens).isEqualTo(first + second);
        } finally {
            corpus.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "no_repeat_ngram_size=3+repetition_penalty=1.2"})
    void searchesWithFiveBeamsAndBeginsAnewAtTheEnd(String options) throws IOException {
        BeamStepBenchmark.Search state = new BeamStepBenchmark.Search();
        state.options = options;
        state.prepare();
        BeamStepBenchmark benchmark = new BeamStepBenchmark();
        SearchStrategy first = benchmark.step(state);
        assertThat(first.rows()).isEqualTo(5);
        int steps = 1;
        while (!first.isFinished()) {
            assertThat(benchmark.step(state)).isSameAs(first);
            steps++;
        }
        assertThat(steps).isEqualTo(256);
        assertThat(Arrays.stream(first.tokens()).distinct().count()).isGreaterThan(1);
        assertThat(benchmark.step(state)).isNotSameAs(first);
    }
}
