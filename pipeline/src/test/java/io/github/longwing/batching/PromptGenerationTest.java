package io.github.longwing.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.fixture.Goldens;
import io.github.longwing.generation.GeneratedSequence;
import io.github.longwing.generation.SearchFactory;
import io.github.longwing.generation.logits.SearchInput;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.runtime.TestModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine with a decoder without encoder, which continues prompts. */
class PromptGenerationTest {
    @TempDir
    private Path directory;

    private final List<int[]> prompts = new ArrayList<>();

    @BeforeEach
    void drawPrompts() {
        Random random = new Random(3);
        for (int length : new int[] {1, 2, 90, 5, 33, 1, 17}) {
            prompts.add(random.ints(length, 4, 997).toArray());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, false, 1", "4, false, 2", "1, true, 3"})
    void everyPromptGetsTheSameAloneAndInCompany(int beams, boolean sampling, int sequences) throws Exception {
        Map<String, String> options = Map.of(
                "num_beams", Integer.toString(beams),
                "do_sample", Boolean.toString(sampling),
                "num_return_sequences", Integer.toString(sequences),
                "max_new_tokens", "40");
        try (ModelSessions sessions = sessions()) {
            List<List<GeneratedSequence>> alone = new ArrayList<>();
            for (int i = 0; i < prompts.size(); i++) {
                alone.add(generate(sessions, options, List.of(i)).get(0));
            }
            assertThat(Set.copyOf(alone)).as("different outcomes").hasSizeGreaterThan(3);

            assertThat(generate(sessions, options, List.of(0, 1, 2, 3, 4, 5, 6)))
                    .isEqualTo(alone);
        }
    }

    @Test
    void aTextBeginsWithItsPromptAndMaxLengthCountsIt() throws Exception {
        Map<String, String> options = Map.of("max_length", "100", "min_length", "100");
        try (ModelSessions sessions = sessions()) {
            List<List<GeneratedSequence>> texts = generate(sessions, options, List.of(0, 2));

            assertThat(texts).allSatisfy(sequences -> assertThat(sequences)
                    .singleElement()
                    .satisfies(text -> assertThat(text.ids()).hasSize(100)));
            assertThat(texts.get(1).get(0).promptLength()).isEqualTo(90);
            assertThat(texts.get(1).get(0).ids().subList(0, 90).stream().mapToInt(Integer::intValue))
                    .containsExactly(Arrays.stream(prompts.get(2)).boxed().toArray(Integer[]::new));
        }
    }

    private ModelSessions sessions() {
        return TestModels.open(Goldens.goldens("causal-lm"), directory.resolve("model"), 1);
    }

    private List<List<GeneratedSequence>> generate(
            ModelSessions sessions, Map<String, String> options, List<Integer> numbers) throws Exception {
        SearchFactory searches = new SearchFactory(
                GenerationConfig.read(sessions.directory().path()).with(options),
                sessions.directory().config());
        try (GenerationEngine engine = new GenerationEngine(
                sessions, RandomBlocks.REFERENCE, searches.scores(), new EngineLimits(100_000, 1, 0))) {
            List<CompletableFuture<List<GeneratedSequence>>> futures = new ArrayList<>();
            for (int number : numbers) {
                int[] prompt = prompts.get(number);
                SearchInput input = SearchInput.decoderOnly("prompt " + number, prompt);
                futures.add(engine.submit(new GenerationRequest(prompt, searches.start(input), new Cancellation())));
            }
            List<List<GeneratedSequence>> results = new ArrayList<>();
            for (CompletableFuture<List<GeneratedSequence>> future : futures) {
                results.add(future.get(300, TimeUnit.SECONDS));
            }
            return results;
        }
    }
}
