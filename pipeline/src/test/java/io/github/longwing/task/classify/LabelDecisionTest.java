package io.github.longwing.task.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.Labels;
import io.github.longwing.config.ProblemType;
import io.github.longwing.error.DocumentException;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.Pooling;
import io.github.longwing.task.WindowOptions;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arithmetic by hand: logits are logarithms of what is expected. */
class LabelDecisionTest {
    private static final List<String> NAMES = List.of("sea", "land", "air");
    private static final double[] WHOLE = {1};

    /** Two windows, the second three times as long; probabilities 5/8, 2/8, 1/8 and 1/8, 2/8, 5/8. */
    private static final List<float[]> WINDOWS = List.of(logs(5, 2, 1), logs(1, 2, 5));

    private static final double[] SHARES = {0.25, 0.75};

    @Test
    void theMeanWeighsWindowsByTheirLength() {
        Classification found =
                decision(ProblemType.SINGLE_LABEL, Pooling.MEAN, 0).of(WINDOWS, SHARES);

        assertLabels(found, List.of("air", "sea", "land"), 0.5, 0.25, 0.25);
        assertThat(found.best()).contains(found.labels().get(0));
        assertThat(decision(ProblemType.SINGLE_LABEL, Pooling.MEAN, 0).parts(WINDOWS, SHARES))
                .containsExactly(0.25, 0.75);
    }

    @Test
    void theMaximumTakesEachLabelFromTheWindowThatIsSurest() {
        List<float[]> windows = List.of(logs(6, 1, 1), logs(1, 2, 5));
        Classification found =
                decision(ProblemType.SINGLE_LABEL, Pooling.MAX, 0).of(windows, SHARES);

        assertLabels(found, List.of("sea", "air", "land"), 0.75, 0.625, 0.25);
        assertThat(decision(ProblemType.SINGLE_LABEL, Pooling.MAX, 0).parts(windows, SHARES))
                .as("the first window decided")
                .containsExactly(1, 0);
    }

    @Test
    void ofEquallyLikelyLabelsTheModelsOrderDecides() {
        Classification found =
                decision(ProblemType.SINGLE_LABEL, Pooling.MEAN, 0).of(List.of(logs(1, 2, 2)), WHOLE);

        assertLabels(found, List.of("land", "air", "sea"), 0.4, 0.4, 0.2);
    }

    @Test
    void severalLabelsAreEachLikelyByThemselvesAndHoldFromTheThresholdOn() {
        List<float[]> logits = List.of(logs(3, 1, 1.0 / 3)); // 3/4, 1/2, 1/4
        Classification found =
                decision(ProblemType.MULTI_LABEL, Pooling.MEAN, 0).of(logits, WHOLE);

        assertLabels(found, List.of("sea", "land"), 0.75, 0.5);
        assertThat(found.best()).contains(found.labels().get(0));
    }

    @Test
    void whereNoLabelReachesTheThresholdThereIsNone() {
        List<float[]> logits = List.of(logs(0.9, 0.5, 0.1));

        assertThat(decision(ProblemType.MULTI_LABEL, Pooling.MEAN, 0).of(logits, WHOLE))
                .isEqualTo(new Classification(Optional.empty(), List.of(), List.of(), List.of()));
        Classification asked =
                decision(ProblemType.MULTI_LABEL, Pooling.MEAN, 2).of(logits, WHOLE);
        assertThat(asked.best()).as("none holds").isEmpty();
        assertThat(asked.labels()).as("yet so many were asked for").hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void topKCutsTheListAndLeavesTheBestLabel(int topK) {
        Classification found =
                decision(ProblemType.SINGLE_LABEL, Pooling.MEAN, topK).of(WINDOWS, SHARES);

        assertThat(found.labels()).hasSize(Math.min(topK, 3));
        assertThat(found.best().orElseThrow().label()).isEqualTo("air");
    }

    @Test
    void aRegressionHasValuesAndNoLabel() {
        List<float[]> values = List.of(new float[] {4, -2, 0}, new float[] {0, 2, -8});

        Classification mean = decision(ProblemType.REGRESSION, Pooling.MEAN, 0).of(values, SHARES);
        assertThat(mean.values()).containsExactly(1.0, 1.0, -6.0);
        assertThat(mean.best()).isEmpty();
        assertThat(mean.labels()).isEmpty();
        assertThat(decision(ProblemType.REGRESSION, Pooling.MAX, 0)
                        .of(values, SHARES)
                        .values())
                .containsExactly(4.0, 2.0, 0.0);
    }

    @Test
    void hugeLogitsAreProbabilitiesToo() {
        float[] huge = {3e38f, -3e38f, 0};

        assertThat(decision(ProblemType.SINGLE_LABEL, Pooling.MEAN, 0)
                        .of(List.of(huge), WHOLE)
                        .labels())
                .extracting(LabelScore::probability)
                .containsExactly(1.0, 0.0, 0.0);
        assertThat(decision(ProblemType.MULTI_LABEL, Pooling.MEAN, 3)
                        .of(List.of(huge), WHOLE)
                        .labels())
                .extracting(LabelScore::probability)
                .containsExactly(1.0, 0.5, 0.0);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void aLogitThatIsNoNumberIsTheDocumentsError(float logit) {
        for (ProblemType type : ProblemType.values()) {
            LabelDecision decision = decision(type, Pooling.MAX, 0);
            assertThatThrownBy(() -> decision.of(List.of(logs(1, 1, 1), new float[] {0, logit, 0}), SHARES))
                    .isInstanceOfSatisfying(DocumentException.class, e -> assertThat(e.kind())
                            .isEqualTo(DocumentException.Kind.NonFiniteOutput))
                    .hasMessage("Cannot classify: the logit of land is " + logit + ", expected a finite number");
        }
    }

    private static LabelDecision decision(ProblemType type, Pooling pooling, int topK) {
        return new LabelDecision(
                new Labels(NAMES, type),
                new ClassifierOptions(WindowOptions.of(LongDocuments.WINDOWS), pooling, topK, 0.5, 0));
    }

    private static float[] logs(double... values) {
        float[] logs = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            logs[i] = (float) Math.log(values[i]);
        }
        return logs;
    }

    private static void assertLabels(Classification found, List<String> names, double... probabilities) {
        assertThat(found.labels()).extracting(LabelScore::label).containsExactlyElementsOf(names);
        for (int i = 0; i < probabilities.length; i++) {
            assertThat(found.labels().get(i).probability()).isCloseTo(probabilities[i], Offset.offset(1e-6));
        }
    }
}
