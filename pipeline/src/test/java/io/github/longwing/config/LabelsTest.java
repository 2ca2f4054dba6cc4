package io.github.longwing.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import io.github.longwing.io.JsonFields;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {

    private static Labels labels(String json) {
        return BigBirdPegasusConfig.of(JsonFields.parse("config.json", json)).labels();
    }

    @Test
    void areOrderedByTheirIdsAsNumbers() {
        StringBuilder json = new StringBuilder("{\"id2label\": {\"10\": \"k\"");
        for (int id = 9; id >= 0; id--) {
            json.append(", \"")
                    .append(id)
                    .append("\": \"")
                    .append("abcdefghij".charAt(id))
                    .append('"');
        }

        assertThat(labels(json + "}}").names()).containsExactly("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k");
    }

    @Test
    void areTwoWithoutNamesWhereTheModelNamesNone() {
        assertThat(labels("{}")).isEqualTo(new Labels(List.of("LABEL_0", "LABEL_1"), ProblemType.SINGLE_LABEL));
    }

    @Test
    void areAsManyAsNumLabelsWhereTheModelNamesNone() {
        assertThat(labels("{\"num_labels\": 3}").names()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
    }

    @Test
    void theirNamesDecideTheNumberWhereNumLabelsDiffers() {
        assertThat(labels("{\"num_labels\": 3, \"id2label\": {\"0\": \"only\"}}")
                        .names())
                .containsExactly("only");
    }

    @ParameterizedTest
    @CsvSource({
        "1, REGRESSION",
        "2, SINGLE_LABEL",
        "5, SINGLE_LABEL",
    })
    void aModelThatDoesNotSayIsARegressionIfItHasOneLabel(int count, ProblemType expected) {
        assertThat(labels("{\"num_labels\": " + count + "}").problemType()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "single_label_classification, SINGLE_LABEL",
        "multi_label_classification, MULTI_LABEL",
        "regression, REGRESSION"
    })
    void knowsEveryProblemType(String name, ProblemType expected) {
        assertThat(labels("{\"problem_type\": \"" + name + "\"}").problemType()).isEqualTo(expected);
    }

    @Test
    void refusesAnotherProblemType() {
        assertThatThrownBy(() -> labels("{\"problem_type\": \"ranking\"}"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use config.json: problem_type is ranking, expected one of"
                        + " single_label_classification, multi_label_classification, regression");
    }

    @Test
    void refusesASingleLabelToChooseFrom() {
        assertThatThrownBy(() -> labels("{\"num_labels\": 1, \"problem_type\": \"single_label_classification\"}"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use config.json: problem_type is single_label_classification with one label,"
                        + " expected two labels or more, or regression");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "7",
                "{\"0\": \"a\", \"2\": \"c\"}",
                "{\"1\": \"a\"}",
                "{\"0\": \"a\", \"x\": \"b\"}",
                "{\"0\": [\"a\"]}"
            })
    void refusesIdsWithGaps(String id2label) {
        assertThatThrownBy(() -> labels("{\"id2label\": " + id2label + "}"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use config.json: id2label is ")
                .hasMessageEndingWith(", expected an object that names every label id from 0 up");
    }

    @Test
    void refusesNoLabel() {
        assertThatThrownBy(() -> labels("{\"num_labels\": 0}"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use config.json: id2label is empty, expected at least one label");
    }
}
