package io.github.longwing.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.GenerationOption;
import io.github.longwing.error.DocumentException;
import io.github.longwing.generation.logits.SearchInput;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the engine relies on, whatever the search: every strategy passes all of this. */
class SearchStrategyConformanceTest {
    private static final int VOCABULARY = 12;
    private static final int EOS = 1;
    private static final int LIMIT = 14;
    private static final int POSITIONS = 64;
    private static final int[] PROMPT = {5, 7, 4};

    @SuppressWarnings("ImmutableEnumChecker") // a configuration is not changed once it is built
    enum Strategy {
        GREEDY(1, Map.of()),
        SAMPLING(3, Map.of("do_sample", "true", "num_return_sequences", "3")),
        BEAMS(4, Map.of("num_beams", "4", "num_return_sequences", "2")),
        BEAM_SAMPLING(4, Map.of("num_beams", "4", "num_return_sequences", "2", "do_sample", "true"));

        private final int rows;
        private final GenerationConfig config;

        Strategy(int rows, Map<String, String> options) {
            this.rows = rows;
            this.config = GenerationConfig.defaults()
                    .with(Map.of("eos_token_id", "1", "pad_token_id", "0", "max_length", Integer.toString(LIMIT)))
                    .with(options);
        }

        SearchFactory factory() {
            return new SearchFactory(config, model(0).config(POSITIONS));
        }

        SearchStrategy start() {
            return factory().start(input("a"));
        }

        Decoding decoding(long seed, String document) {
            return new Decoding(model(seed), factory(), input(document));
        }

        List<GeneratedSequence> alone(long seed, String document) {
            return model(seed).generate(config, input(document));
        }
    }

    @Test
    void everyStrategyIsTested() {
        Set<Class<?>> tested = new HashSet<>();
        Arrays.stream(Strategy.values())
                .forEach(strategy -> tested.add(strategy.start().getClass()));

        assertThat(tested).containsExactlyInAnyOrder(SearchStrategy.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @EnumSource
    void beginsWithTheLastTokenOfThePromptInEveryRow(Strategy strategy) {
        SearchStrategy search = strategy.start();

        assertThat(search.rows()).isEqualTo(strategy.rows);
        assertThat(search.tokens()).hasSize(strategy.rows).containsOnly(PROMPT[PROMPT.length - 1]);
        assertThat(search.parents()).isEqualTo(IntStream.range(0, strategy.rows).toArray());
        assertThat(search.isFinished()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void feedsTokensOfTheVocabularyAndParentsAmongItsRowsUntilItEndsWithinTheLimit(Strategy strategy) {
        for (long seed : seeds()) {
            Decoding decoding = strategy.decoding(seed, "a");
            int steps = 0;
            while (!decoding.search().isFinished()) {
                decoding.advance(0);
                steps++;
                assertThat(decoding.search().rows()).isEqualTo(strategy.rows);
                assertThat(decoding.search().tokens()).hasSize(strategy.rows);
                assertThat(Arrays.stream(decoding.search().tokens()))
                        .allSatisfy(token -> assertThat(token).isBetween(0, VOCABULARY - 1));
                assertThat(decoding.search().parents()).hasSize(strategy.rows);
                assertThat(Arrays.stream(decoding.search().parents()))
                        .allSatisfy(parent -> assertThat(parent).isBetween(0, strategy.rows - 1));
            }
            assertThat(steps).isBetween(1, LIMIT - PROMPT.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void returnsSequencesThatContinueThePromptAndEndAtAnEosOrTheLimit(Strategy strategy) {
        for (long seed : seeds()) {
            List<GeneratedSequence> sequences = strategy.alone(seed, "a");

            assertThat(sequences).hasSize(strategy.config.get(GenerationOption.NUM_RETURN_SEQUENCES));
            assertThat(sequences).allSatisfy(sequence -> {
                List<Integer> ids = sequence.ids();
                assertThat(ids).startsWith(5, 7, 4);
                assertThat(sequence.promptLength()).isEqualTo(PROMPT.length);
                assertThat(sequence.newIds()).isNotEmpty();
                assertThat(sequence.newIds().subList(0, sequence.newIds().size() - 1))
                        .doesNotContain(EOS);
                if (ids.get(ids.size() - 1) == EOS) {
                    assertThat(sequence.finishReason()).isEqualTo(FinishReason.EOS);
                } else {
                    assertThat(ids).hasSize(LIMIT);
                    assertThat(sequence.finishReason()).isEqualTo(FinishReason.LENGTH);
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void doesNotDependOnWhereItsRowsStandAmongOthers(Strategy strategy) {
        for (long seed : seeds()) {
            assertThat(model(seed).generate(strategy.config, input("a"), 7)).isEqualTo(strategy.alone(seed, "a"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void documentsThatTakeTurnsEndAsIfAlone(Strategy strategy) {
        for (long seed : seeds()) {
            List<Decoding> together = List.of(strategy.decoding(seed, "first"), strategy.decoding(seed, "second"));
            while (!together.stream().allMatch(d -> d.search().isFinished())) {
                together.stream().filter(d -> !d.search().isFinished()).forEach(d -> d.advance(0));
            }

            assertThat(together.get(0).search().sequences()).isEqualTo(strategy.alone(seed, "first"));
            assertThat(together.get(1).search().sequences()).isEqualTo(strategy.alone(seed, "second"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void handsOutCopiesOfItsTokensAndParents(Strategy strategy) {
        SearchStrategy search = strategy.start();
        int[] tokens = search.tokens();
        int[] parents = search.parents();

        Arrays.fill(search.tokens(), -1);
        Arrays.fill(search.parents(), -1);

        assertThat(search.tokens()).isEqualTo(tokens);
        assertThat(search.parents()).isEqualTo(parents);
    }

    @ParameterizedTest
    @EnumSource
    void givesNoSequencesBeforeTheEndAndTakesNoStepsAfterIt(Strategy strategy) {
        Decoding decoding = strategy.decoding(1, "a");
        assertThatThrownBy(() -> decoding.search().sequences()).hasMessage("The search is not finished");
        while (!decoding.search().isFinished()) {
            decoding.advance(0);
        }

        assertThatThrownBy(() -> decoding.advance(0)).hasMessage("The search is finished");
        assertThat(decoding.search().sequences())
                .as("the same each time")
                .isEqualTo(decoding.search().sequences());
    }

    @ParameterizedTest
    @EnumSource
    void refusesAScoreThatIsNotFiniteAsAFailureOfTheDocument(Strategy strategy) {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] scores = new float[strategy.rows * VOCABULARY];
            scores[scores.length - 2] = bad;

            assertThatThrownBy(() -> strategy.start().advance(new StepOutput(FloatBuffer.wrap(scores), 0, VOCABULARY)))
                    .hasMessageContaining("the model's score of token 10 is " + bad + ", expected a finite number")
                    .isInstanceOfSatisfying(DocumentException.class, e -> assertThat(e.kind())
                            .isEqualTo(DocumentException.Kind.NonFiniteOutput));
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesAStepOfAnotherVocabulary(Strategy strategy) {
        FloatBuffer scores = FloatBuffer.allocate(strategy.rows * (VOCABULARY - 1));

        assertThatThrownBy(() -> strategy.start().advance(new StepOutput(scores, 0, VOCABULARY - 1)))
                .hasMessage("The step has 11 scores in a row, expected the vocab_size 12");
    }

    @ParameterizedTest
    @EnumSource
    void refusesAPromptThatLeavesNoRoomAsAFailureOfTheDocument(Strategy strategy) {
        assertThatThrownBy(() -> strategy.factory().start(SearchInput.decoderOnly("long", new int[LIMIT])))
                .isInstanceOf(DocumentException.class)
                .hasMessageContaining("the prompt is 14 tokens long and may grow to 14");
    }

    private static long[] seeds() {
        return LongStream.range(0, 20).toArray();
    }

    private static FakeModel model(long seed) {
        return FakeModel.of(seed, VOCABULARY);
    }

    private static SearchInput input(String document) {
        return SearchInput.decoderOnly(document, PROMPT);
    }
}
