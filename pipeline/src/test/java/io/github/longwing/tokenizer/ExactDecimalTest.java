package io.github.longwing.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores must come through JSON to the last bit. */
class ExactDecimalTest {

    @Test
    void isReadAsTheValueByACorrectReader() {
        assertThat(DoubleStream.of(scores())
                        .filter(score -> ExactDecimal.of(score).doubleValue() != score))
                .isEmpty();
    }

    @Test
    void isReadAsTheValueByNativeCodeWithRareExceptions() {
        long missed = DoubleStream.of(scores())
                .filter(score -> ExactDecimal.nativeReading(ExactDecimal.of(score)) != score)
                .count();
        long missedInShortestForm = DoubleStream.of(scores())
                .filter(score -> shortestReading(score) != score)
                .count();

        assertThat(missed).isLessThan(scores().length / 300);
        assertThat(missedInShortestForm).isGreaterThan(scores().length / 10);
    }

    @Test
    void keepsNumbersShortThatNeedNoCare() {
        assertThat(ExactDecimal.of(-100)).isEqualTo(new BigDecimal("-100.0"));
        assertThat(ExactDecimal.of(0)).isEqualTo(new BigDecimal("0.0"));
        assertThat(ExactDecimal.of(-3.5)).isEqualTo(new BigDecimal("-3.5"));
    }

    @Test
    void letsTheNativeTokenizerSeeThatTwoSegmentationsAreEquallyGood(@TempDir Path directory) throws IOException {
        float whole = scoreThatTheShortestFormMakesWorse();
        Files.write(
                directory.resolve("spiece.model"),
                new SentencePieceFile()
                        .piece("<pad>", 0, SentencePieceFile.CONTROL)
                        .piece("</s>", 0, SentencePieceFile.CONTROL)
                        .piece("<unk>", 0, SentencePieceFile.UNKNOWN)
                        .piece("▁", 0, SentencePieceFile.NORMAL)
                        .piece("a", -1, SentencePieceFile.NORMAL)
                        .piece("b", whole + 1, SentencePieceFile.NORMAL)
                        .piece("ab", whole, SentencePieceFile.NORMAL)
                        .trainer(SentencePieceFile.UNIGRAM, 0, 1)
                        .normalizer(new byte[0])
                        .toBytes());
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"offset\": 0}");

        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            // of two equals the first found stays, and "ab" is found before "b"
            assertThat(tokenizer.tokenize("ab").ids()).containsExactly(3, 6, 1);
        }
    }

    private static float scoreThatTheShortestFormMakesWorse() {
        for (int i = 8 << 20; i < 16 << 20; i++) {
            float score = -i * 0x1p-20f;
            double rest = score + 1.0;
            if (shortestReading(score) < score
                    && ExactDecimal.nativeReading(ExactDecimal.of(score)) == score
                    && shortestReading(rest) == rest) {
                return score;
            }
        }
        throw new AssertionError("there are thousands");
    }

    private static double shortestReading(double value) {
        return ExactDecimal.nativeReading(new BigDecimal(Double.toString(value)));
    }

    private static double[] scores() {
        return new Random(5).doubles(20_000, 3, 16).map(score -> (float) -score).toArray();
    }
}
