package io.github.longwing.benchmarks;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.generation.SearchFactory;
import io.github.longwing.generation.SearchStrategy;
import io.github.longwing.generation.StepOutput;
import io.github.longwing.generation.logits.SearchInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What Java does in a step of beam search: 5 beams over a vocabulary of 96,103, on average over the steps of a summary
 * of 256 tokens. After {@code ./mvnw -DskipTests package} run it with
 *
 * <pre>java -cp benchmarks/target/classes:$(cat benchmarks/target/launch/classpath) \
 *     org.openjdk.jmh.Main BeamStepBenchmark</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class BeamStepBenchmark {
    private static final int BEAMS = 5;
    private static final int VOCABULARY = 96_103;
    private static final int LENGTH = 257; // with the start token
    private static final int SOURCE_TOKENS = 4_096;
    private static final int START_TOKEN = 2;

    /** Buffers of scores that take turns, so that the search does not meet the same ones in every step. */
    private static final int STEPS = 8;

    private static final int SEED = 17;

    /** A search that begins anew when it has come to its end. */
    @State(Scope.Thread)
    public static class Search {
        /** What the search does besides, as generation settings with {@code +} between them. */
        @Param({
            "plain",
            "no_repeat_ngram_size=3",
            "repetition_penalty=1.2",
            "no_repeat_ngram_size=3+repetition_penalty=1.2"
        })
        public String options;

        private final List<StepOutput> steps = new ArrayList<>();
        private SearchFactory searches;
        private SearchInput input;
        private SearchStrategy search;
        private int step;

        @Setup
        public void prepare() throws IOException {
            Random random = new Random(SEED);
            for (int i = 0; i < STEPS; i++) {
                steps.add(new StepOutput(logProbabilities(random), 0, VOCABULARY));
            }
            searches = new SearchFactory(GenerationConfig.defaults().with(settings()), largeModel());
            int[] source =
                    random.ints(SOURCE_TOKENS, START_TOKEN + 1, VOCABULARY).toArray();
            input = SearchInput.encoderDecoder("document", START_TOKEN, source);
            search = searches.start(input);
        }

        private Map<String, String> settings() {
            Map<String, String> settings = new HashMap<>(Map.of(
                    "num_beams", Integer.toString(BEAMS),
                    "min_length", Integer.toString(LENGTH),
                    "max_length", Integer.toString(LENGTH),
                    "eos_token_id", "1",
                    "pad_token_id", "0",
                    "decoder_start_token_id", Integer.toString(START_TOKEN)));
            if (!options.equals("plain")) {
                for (String option : options.split("\\+", -1)) {
                    String[] nameAndValue = option.split("=", 2);
                    settings.put(nameAndValue[0], nameAndValue[1]);
                }
            }
            return settings;
        }
    }

    @Benchmark
    public SearchStrategy step(Search state) {
        if (state.search.isFinished()) {
            state.search = state.searches.start(state.input);
        }
        state.search.advance(state.steps.get(state.step++ % STEPS));
        return state.search;
    }

    /** The log-softmax of normally distributed logits, in native memory as the decoder gives them. */
    private static FloatBuffer logProbabilities(Random random) {
        FloatBuffer scores = ByteBuffer.allocateDirect(BEAMS * VOCABULARY * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (int beam = 0; beam < BEAMS; beam++) {
            double[] logits = IntStream.range(0, VOCABULARY)
                    .mapToDouble(token -> random.nextGaussian())
                    .toArray();
            double sum = 0;
            for (double logit : logits) {
                sum += Math.exp(logit);
            }
            double logSum = Math.log(sum);
            for (int token = 0; token < VOCABULARY; token++) {
                scores.put(beam * VOCABULARY + token, (float) (logits[token] - logSum));
            }
        }
        return scores;
    }

    /** The class's own defaults are the large shape. */
    private static BigBirdPegasusConfig largeModel() throws IOException {
        Path config = Files.createTempFile("longwing-large", ".json");
        try {
            Files.writeString(
                    config,
                    "{\"model_type\": \"bigbird_pegasus\","
                            + " \"architectures\": [\"BigBirdPegasusForConditionalGeneration\"], \"vocab_size\": "
                            + VOCABULARY + "}");
            return BigBirdPegasusConfig.read(config);
        } finally {
            Files.delete(config);
        }
    }
}
