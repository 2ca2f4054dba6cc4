package io.github.longwing.jobs.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import io.github.longwing.tokenizer.Tokenizer;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpeedBenchmarkTest {
    @TempDir
    private Path directory;

    /** Of each sample alone, since none may be short of tokens where it begins the text. */
    @ParameterizedTest
    @ValueSource(ints = {16, 256, 4096})
    void aTextHasAllTokensOfTheLengthThatIsMeasured(int tokens) {
        Path model = TestCommands.in(directory).model();
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            assertThat(SampleDocuments.embedded()).isNotEmpty().allSatisfy(sample -> assertThat(tokenizer
                            .tokenize(SpeedBenchmark.text(sample.text() + "\n", tokens))
                            .ids())
                    .hasSizeGreaterThanOrEqualTo(tokens));
        }
    }
}
