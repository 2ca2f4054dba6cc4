package io.github.longwing.jobs.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonLayoutTest {
    @Test
    void oneRecordToALineIsLines() {
        assertThat(JsonLayout.of("{\"id\": 1}\n{\"id\": 2}\n")).isEqualTo(JsonLayout.LINES);
        assertThat(JsonLayout.of("{\"id\": 1}")).isEqualTo(JsonLayout.LINES);
        assertThat(JsonLayout.of("\n\n{\"id\": 1}\r\n{\"id\": 2}")).isEqualTo(JsonLayout.LINES);
    }

    @Test
    void aLineThatIsLongerThanWhatIsLookedAtIsALine() {
        assertThat(JsonLayout.of("{\"text\": \"" + "x".repeat(1000))).isEqualTo(JsonLayout.LINES);
    }

    @Test
    void aDamagedFirstLineAmongLinesIsStillLines() {
        assertThat(JsonLayout.of("{\"id\": 1, \"te\n{\"id\": 2}\n")).isEqualTo(JsonLayout.LINES);
    }

    @Test
    void anArrayIsAWholeFile() {
        assertThat(JsonLayout.of("\uFEFF [\n{\"id\": 1}]")).isEqualTo(JsonLayout.WHOLE_FILE);
    }

    @Test
    void aRecordOverSeveralLinesIsAWholeFile() {
        assertThat(JsonLayout.of("{\n  \"id\": 1\n}\n")).isEqualTo(JsonLayout.WHOLE_FILE);
        assertThat(JsonLayout.of("{ \"id\": 1,\n  \"text\": \"t\"\n}\n")).isEqualTo(JsonLayout.WHOLE_FILE);
    }

    @Test
    void nothingIsLines() {
        assertThat(JsonLayout.of("")).isEqualTo(JsonLayout.LINES);
        assertThat(JsonLayout.of("no JSON at all\n")).isEqualTo(JsonLayout.LINES);
    }
}
