package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.console.ProgressDisplay;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.console.Verbosity;
import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.progress.InFlight;
import io.github.longwing.spark.progress.JobTotals;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final JobTotals TOTALS = new JobTotals(12, 1, 61_440, 960);

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void tellsDocumentsErrorsSpeedAndTheTimeThatIsLeft() {
        assertThat(ProgressLine.underWay(beat(TOTALS, OptionalLong.of(43), Duration.ofSeconds(60)), RowUnit.DOCUMENT))
                .isEqualTo("12 of 43 documents, 1 error, 1,024 tokens/s read, 16 tokens/s written, 2 min 35 s left");
    }

    @Test
    void tellsNoTimeWhereTheNumberOfDocumentsIsNotKnown() {
        assertThat(ProgressLine.underWay(beat(TOTALS, OptionalLong.empty(), Duration.ofSeconds(60)), RowUnit.DOCUMENT))
                .isEqualTo("12 documents, 1 error, 1,024 tokens/s read, 16 tokens/s written");
    }

    @Test
    void tellsNoTimeBeforeTheFirstDocument() {
        assertThat(ProgressLine.underWay(
                        beat(new JobTotals(0, 0, 0, 0), OptionalLong.of(1), Duration.ZERO), RowUnit.DOCUMENT))
                .isEqualTo("0 of 1 document, 0 tokens/s read");
    }

    @Test
    void tellsWhatIsCommittedAndTheOldestDocumentUnderWay() {
        InFlight oldest = new InFlight("paper\n17", Duration.ofSeconds(130), "decoding, window 3 of 12");

        assertThat(ProgressLine.underWay(
                        new ProgressLine.Heartbeat(
                                TOTALS,
                                OptionalLong.of(43),
                                OptionalInt.of(3),
                                Optional.of(oldest),
                                Duration.ofSeconds(60)),
                        RowUnit.DOCUMENT))
                .endsWith(
                        ", 2 min 35 s left, 3 slices committed, oldest paper\\n17 for 2 min 10 s, decoding, window 3 of"
                                + " 12");
    }

    @Test
    void cutsALineThatTheTerminalHasNoRoomFor() {
        assertThat(ProgressLine.within("12 of 43 documents, 1 error", 12)).isEqualTo("12 of 43 do…");
        assertThat(ProgressLine.within("12 of 43", 12)).isEqualTo("12 of 43");
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

        assertThat(ProgressLine.underWay(beat(read, OptionalLong.empty(), Duration.ofSeconds(60)), RowUnit.QUESTION))
                .isEqualTo("12 questions, 1 error, 100 tokens/s read");
        assertThat(ProgressLine.closing(read, RowUnit.QUESTION, Duration.ofSeconds(60), "out"))
                .isEqualTo("12 questions (1 error), 6,000 input tokens in 60.0 s, written to out");
    }

    @Test
    void writesOverOneLineOnATerminalAndCleansIt() {
        ProgressDisplay display = display(Terminal.ProgressStyle.INTERACTIVE, Verbosity.NORMAL);

        display.show(TOTALS, Optional.empty(), Duration.ofSeconds(1));
        display.show(TOTALS, Optional.empty(), Duration.ofSeconds(2));
        display.end();

        String shown = err.toString(StandardCharsets.UTF_8);
        assertThat(shown)
                .startsWith("\r12 of 43 documents")
                .endsWith("\r\u001B[K")
                .doesNotContain("\n");
        assertThat(shown.split("\r", -1)).hasSize(4);
    }

    @Test
    void writesALineEveryMinuteElsewhereWithTheTimeAndTheRun() {
        ProgressDisplay display = display(Terminal.ProgressStyle.PLAIN, Verbosity.NORMAL);

        for (int second = 1; second <= 150; second++) {
            display.show(TOTALS, Optional.empty(), Duration.ofSeconds(second));
        }
        display.end();

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .allMatch(line -> line.matches("\\d\\d:\\d\\d:\\d\\d 20261126-010203-abcd 12 of 43 documents, .*"));
    }

    @Test
    void saysNothingWhenToldToBeQuiet() {
        for (Terminal.ProgressStyle progressStyle : Terminal.ProgressStyle.values()) {
            ProgressDisplay display = display(progressStyle, Verbosity.QUIET);
            display.show(TOTALS, Optional.empty(), Duration.ofSeconds(200));
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
                OptionalLong.of(43),
                Optional.of("20261126-010203-abcd"));
    }

    private static ProgressLine.Heartbeat beat(JobTotals totals, OptionalLong all, Duration elapsed) {
        return new ProgressLine.Heartbeat(totals, all, OptionalInt.empty(), Optional.empty(), elapsed);
    }
}
