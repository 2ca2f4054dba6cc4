package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.console.ProgressDisplay;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.console.Verbosity;
import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.progress.JobTotals;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final JobTotals TOTALS = new JobTotals(12, 1, 61_440, 960);

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void tellsDocumentsErrorsSpeedAndTheTimeThatIsLeft() {
        assertThat(ProgressLine.underWay(TOTALS, RowUnit.DOCUMENT, OptionalLong.of(43), Duration.ofSeconds(60)))
                .isEqualTo("12 of 43 documents, 1 error, 1,024 tokens/s read, 16 tokens/s written, 2 min 35 s left");
    }

    @Test
    void tellsNoTimeWhereTheNumberOfDocumentsIsNotKnown() {
        assertThat(ProgressLine.underWay(TOTALS, RowUnit.DOCUMENT, OptionalLong.empty(), Duration.ofSeconds(60)))
                .isEqualTo("12 documents, 1 error, 1,024 tokens/s read, 16 tokens/s written");
    }

    @Test
    void tellsNoTimeBeforeTheFirstDocument() {
        assertThat(ProgressLine.underWay(
                        new JobTotals(0, 0, 0, 0), RowUnit.DOCUMENT, OptionalLong.of(1), Duration.ZERO))
                .isEqualTo("0 of 1 document, 0 tokens/s read");
    }

    @Test
    void tellsLongTimesInHours() {
        assertThat(ProgressLine.time(Duration.ofSeconds(59))).isEqualTo("59 s");
        assertThat(ProgressLine.time(Duration.ofSeconds(3599))).isEqualTo("59 min 59 s");
        assertThat(ProgressLine.time(Duration.ofSeconds(3600 * 30 + 125))).isEqualTo("30 h 2 min");
    }

    @Test
    void closesWithWhatWasDone() {
        assertThat(ProgressLine.closing(TOTALS, RowUnit.DOCUMENT, Duration.ofMillis(92_140), "out"))
                .isEqualTo(
                        "12 documents (1 error), 61,440 input tokens and 960 output tokens in 92.1 s, written to out");
    }

    @Test
    void saysNothingOfWritingWhereATaskWritesNone() {
        JobTotals read = new JobTotals(12, 1, 6_000, 0);

        assertThat(ProgressLine.underWay(read, RowUnit.QUESTION, OptionalLong.empty(), Duration.ofSeconds(60)))
                .isEqualTo("12 questions, 1 error, 100 tokens/s read");
        assertThat(ProgressLine.closing(read, RowUnit.QUESTION, Duration.ofSeconds(60), "out"))
                .isEqualTo("12 questions (1 error), 6,000 input tokens in 60.0 s, written to out");
    }

    @Test
    void writesOverOneLineOnATerminalAndCleansIt() {
        ProgressDisplay display = display(Terminal.ProgressStyle.INTERACTIVE, Verbosity.NORMAL);

        display.show(TOTALS, Duration.ofSeconds(1));
        display.show(TOTALS, Duration.ofSeconds(2));
        display.end();

        String shown = err.toString(StandardCharsets.UTF_8);
        assertThat(shown)
                .startsWith("\r12 of 43 documents")
                .endsWith("\r\u001B[K")
                .doesNotContain("\n");
        assertThat(shown.split("\r", -1)).hasSize(4);
    }

    @Test
    void writesALineEveryTenSecondsElsewhere() {
        ProgressDisplay display = display(Terminal.ProgressStyle.PLAIN, Verbosity.NORMAL);

        for (int second = 1; second <= 25; second++) {
            display.show(TOTALS, Duration.ofSeconds(second));
        }
        display.end();

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("12 of 43"));
    }

    @Test
    void saysNothingWhenToldToBeQuiet() {
        for (Terminal.ProgressStyle progressStyle : Terminal.ProgressStyle.values()) {
            ProgressDisplay display = display(progressStyle, Verbosity.QUIET);
            display.show(TOTALS, Duration.ofSeconds(20));
            display.end();
        }

        assertThat(err.size()).isZero();
    }

    private ProgressDisplay display(Terminal.ProgressStyle progressStyle, Verbosity verbosity) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new ProgressDisplay(
                new Terminal(stream, stream, progressStyle, Optional.empty()),
                verbosity,
                RowUnit.DOCUMENT,
                OptionalLong.of(43));
    }
}
