package io.github.longwing.spark.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonLayoutTest {
    @Test
    void oneRecordToALineIsLines() {
        assertThat(JsonFormat.layout("{\"id\": 1}\n{\"id\": 2}\n")).isEqualTo(JsonFormat.Layout.LINES);
        assertThat(JsonFormat.layout("{\"id\": 1}")).isEqualTo(JsonFormat.Layout.LINES);
        assertThat(JsonFormat.layout("\n\n{\"id\": 1}\r\n{\"id\": 2}")).isEqualTo(JsonFormat.Layout.LINES);
    }

    @Test
    void aLineThatIsLongerThanWhatIsLookedAtIsALine() {
        assertThat(JsonFormat.layout("{\"text\": \"" + "x".repeat(1000))).isEqualTo(JsonFormat.Layout.LINES);
    }

    @Test
    void aDamagedFirstLineAmongLinesIsStillLines() {
        assertThat(JsonFormat.layout("{\"id\": 1, \"te\n{\"id\": 2}\n")).isEqualTo(JsonFormat.Layout.LINES);
    }

    @Test
    void anArrayIsADocument() {
        assertThat(JsonFormat.layout(" [\n{\"id\": 1}]")).isEqualTo(JsonFormat.Layout.DOCUMENT);
    }

    @Test
    void aRecordOverSeveralLinesIsADocument() {
        assertThat(JsonFormat.layout("{\n  \"id\": 1\n}\n")).isEqualTo(JsonFormat.Layout.DOCUMENT);
        assertThat(JsonFormat.layout("{ \"id\": 1,\n  \"text\": \"t\"\n}\n")).isEqualTo(JsonFormat.Layout.DOCUMENT);
    }

    @Test
    void nothingIsLines() {
        assertThat(JsonFormat.layout("")).isEqualTo(JsonFormat.Layout.LINES);
        assertThat(JsonFormat.layout("no JSON at all\n")).isEqualTo(JsonFormat.Layout.LINES);
    }
}
