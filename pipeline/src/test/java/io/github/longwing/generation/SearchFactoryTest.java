package io.github.longwing.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.generation.logits.SearchInput;
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
        assertThat(longest(Map.of("max_length", "20"), 5)).isEqualTo(20);
        assertThat(longest(Map.of("max_new_tokens", "20"), 5)).isEqualTo(25);
    }

    @Test
    void theDefaultLimitStaysWithinThePositions() {
        assertThat(longest(Map.of(), 5)).isEqualTo(64);
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
    void refusesAnEmptyPrompt() {
        assertThatThrownBy(() -> SearchInput.decoderOnly("d", new int[0]))
                .hasMessage("The prompt of d is empty, expected a token or more");
    }

    /** The length of the sequence of a model that never gives an eos. */
    private static int longest(Map<String, String> options, int promptTokens) {
        SearchInput input = SearchInput.decoderOnly("d", new int[promptTokens]);
        Decoding decoding = new Decoding(MODEL, factory(options), input);
        while (!decoding.search().isFinished()) {
            decoding.advance(0);
        }
        return decoding.search().sequences().get(0).ids().size();
    }

    private static void assertRows(int rows, Map<String, String> options) {
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
