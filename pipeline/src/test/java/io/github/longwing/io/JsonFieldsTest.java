package io.github.longwing.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFieldsTest {
    private static JsonFields fields(String json) {
        return JsonFields.parse("here", json);
    }

    @Test
    void readsEachTypeAndNothingWhereAFieldIsMissingOrNull() {
        JsonFields json = fields("{\"i\": 3, \"d\": 0.5, \"b\": false, \"s\": \"x\", \"n\": null, \"l\": [1, 2]}");

        assertThat(json.findInt("i")).hasValue(3);
        assertThat(json.findDouble("d")).hasValue(0.5);
        assertThat(json.findDouble("i")).hasValue(3.0);
        assertThat(json.findBoolean("b")).hasValue(false);
        assertThat(json.findString("s")).hasValue("x");
        assertThat(json.findInts("l"))
                .hasValueSatisfying(list -> assertThat(list).containsExactly(1, 2));
        assertThat(json.findInts("i"))
                .hasValueSatisfying(list -> assertThat(list).containsExactly(3));
        assertThat(json.findInt("n")).isEmpty();
        assertThat(json.findString("missing")).isEmpty();
        assertThat(json.names()).containsExactly("i", "d", "b", "s", "n", "l");
        assertThat(json.origin()).isEqualTo("here");
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "-3, -3", "3.0, 3", "2e3, 2000", "2147483647, 2147483647"})
    void aNumberWithoutAFractionIsAnInteger(String text, int value) {
        assertThat(fields("{\"i\": " + text + "}").findInt("i")).hasValue(value);
    }

    @ParameterizedTest
    @CsvSource({"3.5", "2147483648", "1e100", "'\"3\"'", "true", "[3]", "{}"})
    void refusesAnyOtherIntegerWithItsValue(String text) {
        assertThatThrownBy(() -> fields("{\"i\": " + text + "}").findInt("i"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use here: i is " + text + ", expected an integer");
    }

    @Test
    void refusesAListWithAnythingElse() {
        assertThatThrownBy(() -> fields("{\"l\": [1, \"2\"]}").findInts("l"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use here: l is \"2\", expected an integer");
    }

    @ParameterizedTest
    @CsvSource({"'\"0.5\"'", "true", "[0.5]"})
    void refusesWhatIsNoNumber(String text) {
        assertThatThrownBy(() -> fields("{\"d\": " + text + "}").findDouble("d"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use here: d is " + text + ", expected a number");
    }

    @Test
    void readsLongsAndObjectsWithinAnObject() {
        JsonFields json = fields("{\"o\": {\"bytes\": 9007199254740993, \"half\": 0.5}, \"l\": [1]}");

        JsonFields inner = json.findObject("o").orElseThrow();
        assertThat(inner.findLong("bytes")).hasValue(9_007_199_254_740_993L);
        assertThat(json.findObject("missing")).isEmpty();
        assertThatThrownBy(() -> inner.findLong("half"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use here: half is 0.5, expected an integer");
        assertThatThrownBy(() -> json.findObject("l"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use here: l is [1], expected an object");
    }

    @Test
    void refusesTextThatIsNoJsonObject() {
        assertThatThrownBy(() -> fields("[]"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read here: it is not a JSON object, expected {...}");
        assertThatThrownBy(() -> fields("{\"a\": }"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read here: it is not valid JSON (");
    }
}
