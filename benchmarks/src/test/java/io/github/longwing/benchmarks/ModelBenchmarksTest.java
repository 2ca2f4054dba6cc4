package io.github.longwing.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.nn.Arithmetic;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.store.ImportOptions;
import io.github.longwing.store.ModelDirectory;
import io.github.longwing.store.ModelImporter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBenchmarksTest {
    private static final int EOS = 1;
    private static final int TOKENS = 150;
    private static final int BEAMS = 3;
    private static final int NEW_TOKENS = 6;

    @TempDir
    private static Path directory;

    private static ModelSessions bundle;
    private static TokenIds ids;

    @BeforeAll
    static void open() throws IOException {
        Path source = Files.createDirectory(directory.resolve("source"));
        Path model = directory.resolve("model");
        SampleCorpus.copyModel(source);
        ModelImporter.run(source, model, new ImportOptions("sentences", Precision.FLOAT32, RandomBlocks.REFERENCE));
        bundle = ModelSessions.open(ModelDirectory.open(model), 1);
        int[] words = new Random(5).ints(TOKENS, 200, 8000).toArray();
        words[TOKENS - 1] = EOS;
        ids = new TokenIds(words);
    }

    @AfterAll
    static void close() {
        bundle.close();
    }

    @Test
    void timesTheEncoderAtEachLength() {
        List<EncoderBenchmark.Result> results = new EncoderBenchmark(bundle, ids).measure(List.of(64, TOKENS), 2);
        assertThat(results).extracting(EncoderBenchmark.Result::tokens).containsExactly(64, TOKENS);
        assertThat(results).allSatisfy(result -> {
            assertThat(result.encoderRuns()).hasSize(2);
            assertThat(result.encoderSeconds()).isPositive();
            assertThat(result.crossAttentionSeconds()).isPositive();
        });
    }

    @Test
    void writesTheStatesOfTheDocumentAsLittleEndianFloats() throws IOException {
        Path file = directory.resolve("states.f32");
        new EncoderBenchmark(bundle, ids).writeStates(64, file);
        float[] expected;
        try (HiddenStates states = bundle.encoder().encode(ids.cutTo(64), RandomBlocks.REFERENCE, new Cancellation())) {
            expected = states.toArray();
        }
        float[] written = new float[expected.length];
        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).hasSize(expected.length * Float.BYTES);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(written);
        assertThat(written).containsExactly(expected);
    }

    @Test
    void timesEveryTokenOfTheForcedLength() {
        GenerationBenchmark.Result result = new GenerationBenchmark(bundle).measure(ids.cutTo(TOKENS), length());
        assertThat(result.inputTokens()).isEqualTo(TOKENS);
        assertThat(result.stepSeconds()).hasSize(NEW_TOKENS);
        assertThat(result.sequence()).hasSize(1 + NEW_TOKENS).doesNotContain(EOS);
        assertThat(result.encoderSeconds()).isPositive();
        assertThat(result.crossAttentionSeconds()).isPositive();
        assertThat(result.medianStepSeconds()).isPositive();
    }

    @Test
    void generatesStepByStepWhatTheEngineGenerates() {
        int[] document = ids.cutTo(TOKENS);
        EngineBenchmark.DocumentResult whole = new EngineBenchmark(bundle, length()).measureDocument(document);
        assertThat(whole.seconds()).isPositive();
        assertThat(new GenerationBenchmark(bundle).measure(document, length()).sequence())
                .isEqualTo(whole.sequence());
    }

    @Test
    void timesDocumentsInTurnAndTogether() {
        EngineBenchmark.BatchingResult result = new EngineBenchmark(bundle, length()).measureBatching(ids.cutTo(64), 3);
        assertThat(result.documents()).isEqualTo(3);
        assertThat(result.inputTokens()).isEqualTo(64);
        assertThat(result.secondsInTurn()).isPositive();
        assertThat(result.secondsTogether()).isPositive();
    }

    @Test
    void timesAPartitionOfSeveralLengths() {
        EngineBenchmark.CorpusResult result =
                new EngineBenchmark(bundle, length()).measureCorpus(List.of(ids.cutTo(64), ids.cutTo(TOKENS)));

        assertThat(result.documents()).isEqualTo(2);
        assertThat(result.inputTokens()).isEqualTo(64 + TOKENS);
        assertThat(result.secondsInTurn()).isPositive();
        assertThat(result.secondsTogether()).isPositive();
    }

    @Test
    void timesAProductInEachArithmeticBesideItsError() throws IOException {
        Path source = directory.resolve("source");
        BigBirdPegasusConfig config = BigBirdPegasusConfig.read(source.resolve("config.json"));

        ProductBenchmark.Result result =
                new ProductBenchmark(source, config.dModel(), config.encoderFfnDim(), 1).measure(List.of(400));

        assertThat(result.products())
                .extracting(ProductBenchmark.Product::arithmetic)
                .containsExactly(Arithmetic.values());
        assertThat(result.products())
                .allSatisfy(product -> assertThat(product.seconds()).isPositive());
        assertThat(result.products().get(0).relativeError()).isZero();
        assertThat(result.products().get(1).relativeError()).isBetween(1e-4, 0.02);
        assertThat(result.products().get(2).relativeError()).isBetween(1e-4, 0.06);
        assertThat(result.gemmFlops()).isPositive();
        assertThat(result.readBytes()).isPositive();
    }

    private static ForcedLength length() {
        return new ForcedLength(bundle.directory(), BEAMS, NEW_TOKENS);
    }
}
