package io.github.longwing.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.generation.logits.SearchInput;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SearchFactoryTest {
    private static final FakeModel MODEL = FakeModel.of(1, 12);

    @Test
    void beamSearchReadsLogProbabilitiesAndTheOthersReadLogits() {
        assertThat(factory(Map.of("num_beams", "3")).scores()).isEqualTo(ScoreKind.LOG_PROBABILITIES);
        assertThat(factory(Map.of("num_beams", "3", "do_sample", "true")).scores())
                .isEqualTo(ScoreKind.LOG_PROBABILITIES);
        assertThat(factory(Map.of()).scores()).isEqualTo(ScoreKind.LOGITS);
        assertThat(factory(Map.of("do_sample", "true")).scores()).isEqualTo(ScoreKind.LOGITS);
    }

    @Test
    void aDocumentOccupiesItsBeamsOrTheTextsThatAreDrawn() {
        assertRows(1, Map.of());
        assertRows(4, Map.of("num_beams", "4", "num_return_sequences", "2"));
        assertRows(3, Map.of("do_sample", "true", "num_return_sequences", "3"));
    }

    @Test
    void theLimitCountsThePrompt() {
        assertThat(start(Map.of("max_length", "20"), 5).maxLength()).isEqualTo(20);
        assertThat(start(Map.of("max_new_tokens", "20"), 5).maxLength()).isEqualTo(25);
    }

    @Test
    void theDefaultLimitStaysWithinThePositions() {
        assertThat(start(Map.of(), 5).maxLength()).isEqualTo(64);
    }

    @Test
    void refusesSettingsThatDoNotFitTheModel() {
        assertThatThrownBy(() -> factory(Map.of("max_length", "65")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("max_length 65")
                .hasMessageContaining("at most 64");
    }

    @Test
    void refusesAPromptThatLeavesNoRoomAsAFaultOfTheDocument() {
        assertThatThrownBy(() -> start(Map.of("max_length", "20"), 20))
                .isInstanceOf(DocumentException.class)
                .hasMessageContaining("the prompt is 20 tokens long and may grow to 20");
        assertThatThrownBy(() -> start(Map.of("max_new_tokens", "10"), 55))
                .isInstanceOf(DocumentException.class)
                .hasMessageContaining("may grow to 65, expected fewer than that and at most 64");
    }

    @Test
    void refusesAnEmptyPromptAndAStepOfAnotherVocabulary() {
        assertThatThrownBy(() -> SearchInput.decoderOnly("d", new int[0]))
                .hasMessage("The prompt of d is empty, expected a token or more");
        assertThatThrownBy(() -> start(Map.of(), 1).advance(new StepOutput(FloatBuffer.allocate(11), 0, 11)))
                .hasMessage("The step has 11 scores in a row, expected the vocab_size 12");
    }

    @Test
    void documentsThatTakeTurnsEndAsIfAlone() {
        for (Map<String, String> options : List.of(
                Map.of("num_beams", "4", "max_length", "20"),
                Map.of("num_beams", "4", "max_length", "20", "do_sample", "true"),
                Map.of("max_length", "20", "do_sample", "true", "num_return_sequences", "3"))) {
            GenerationConfig config = GenerationConfig.defaults().with(options);
            SearchInput first = SearchInput.decoderOnly("first", new int[] {3, 4});
            SearchInput second = SearchInput.decoderOnly("second", new int[] {5});
            SearchFactory factory = new SearchFactory(config, MODEL.config(64));
            List<Decoding> together =
                    List.of(new Decoding(MODEL, factory, first), new Decoding(MODEL, factory, second));
            while (!together.stream().allMatch(d -> d.search().isFinished())) {
                together.stream().filter(d -> !d.search().isFinished()).forEach(d -> d.advance(0));
            }

            assertThat(together.get(0).search().sequences()).isEqualTo(MODEL.generate(config, first));
            assertThat(together.get(1).search().sequences()).isEqualTo(MODEL.generate(config, second));
        }
    }

    private static void assertRows(int rows, Map<String, String> options) {
        assertThat(factory(options).rowsPerDocument()).isEqualTo(rows);
        assertThat(start(options, 1).rows()).isEqualTo(rows);
        assertThat(start(options, 1).tokens()).hasSize(rows);
    }

    private static SearchFactory factory(Map<String, String> options) {
        return new SearchFactory(GenerationConfig.defaults().with(options), MODEL.config(64));
    }

    private static SearchStrategy start(Map<String, String> options, int promptTokens) {
        return factory(options).start(SearchInput.decoderOnly("d", new int[promptTokens]));
    }
}
