package io.github.longwing.spark.executor;

import static io.github.longwing.spark.executor.TestPartitions.all;
import static io.github.longwing.spark.executor.TestPartitions.await;
import static io.github.longwing.spark.executor.TestPartitions.errors;
import static io.github.longwing.spark.executor.TestPartitions.ids;
import static io.github.longwing.spark.executor.TestPartitions.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.spark.FakeSummarizer;
import io.github.longwing.spark.columns.RowFingerprint;
import io.github.longwing.spark.options.EqualTexts;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.Isolation.Care;
import io.github.longwing.spark.options.StopSignal;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.task.SummaryColumns;
import io.github.longwing.task.Document;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Documents of equal texts, one after the other, are computed once, whatever becomes of the first. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EqualTextsTest {
    private static final Isolation TIMED =
            new Isolation(Duration.ofMillis(300), Duration.ofMillis(300), Care.ON_RETRY, 0, null);

    @RegisterExtension
    private final TestPartitions partitions = new TestPartitions();

    private final ExecutorService tasks = Executors.newCachedThreadPool();

    @TempDir
    private Path markers;

    @AfterEach
    void stopTasks() {
        tasks.shutdownNow();
    }

    @Test
    void eachHasItsRow() {
        List<Row> rows = all(rows("each", Isolation.none(), StopSignal.none(), "one", "one", "one", "two", "one"));

        assertThat(ids(rows)).containsExactly("0", "1", "2", "3", "4");
        assertThat(errors(rows)).isEmpty();
        assertThat(submitted("each")).containsExactly("0", "3", "4");
    }

    @Test
    void theyTakeNoPlaceOfOthersWhileTheFirstIsComputed() throws Exception {
        String[] texts = new String[40];
        IntStream.range(0, texts.length).forEach(i -> texts[i] = i < 30 ? "hang" : "quick " + i);
        DocumentRows<Summaries> rows = rows("places", Isolation.none(), StopSignal.none(), texts);
        Future<List<Row>> given = tasks.submit(() -> all(rows));

        await(() -> submitted("places").size() == 11);

        loader("places").journal().hanging.get("0").completeExceptionally(new ArithmeticException("a bug"));
        assertThatThrownBy(given::get).hasRootCauseMessage("a bug");
        rows.close();
    }

    @Test
    void allTakeTooLongWhereTheFirstDoes() {
        List<Row> rows = all(rows("too long", TIMED, StopSignal.none(), "hang", "hang", "hang", "quick"));

        assertThat(ids(rows)).containsExactly("0", "1", "2", "3");
        assertThat(errors(rows)).containsExactly("0 Timeout", "1 Timeout", "2 Timeout");
        assertThat(submitted("too long")).containsExactly("0", "3");
    }

    @Test
    void allTakeTooLongInACarefulTaskToo() {
        List<Row> rows = all(rows(
                "careful",
                TIMED.withMarkers(markers.toString(), Care.ALWAYS),
                StopSignal.none(),
                "stuck",
                "stuck",
                "quick"));

        assertThat(errors(rows)).containsExactly("0 Timeout", "1 Timeout");
        assertThat(submitted("careful")).containsExactly("0", "2");
        assertThat(markers).isEmptyDirectory();
    }

    @Test
    void allAreLeftWhereTheTaskIsStopped() throws Exception {
        StopSignal signal = StopSignal.of("equal texts");
        DocumentRows<Summaries> rows = rows("stopped", Isolation.none(), signal, "quick", "hang", "hang", "hang");
        Future<List<Row>> given = tasks.submit(() -> all(rows));
        await(() -> submitted("stopped").size() == 2);

        Stops.request(signal);

        assertThat(ids(given.get())).containsExactly("0");
        assertThat(rows.left()).isEqualTo(3);
        Stops.forget(signal);
    }

    private static FakeSummarizer.Loader loader(String name) {
        return new FakeSummarizer.Loader("equal texts: " + name, 1);
    }

    private static List<String> submitted(String name) {
        return loader(name).journal().submitted.stream().map(Document::id).toList();
    }

    private DocumentRows<Summaries> rows(String name, Isolation isolation, StopSignal stop, String... texts) {
        DocumentFunction<Summaries> function = new DocumentFunction<>(
                loader(name),
                SummaryColumns.of(SummarizerOptions.of(Map.of())),
                new RowFingerprint("summarize"),
                ErrorPolicy.PERMISSIVE,
                isolation,
                stop,
                EqualTexts.ONCE,
                JobProgress.none());
        List<Row> documents =
                IntStream.range(0, texts.length).mapToObj(i -> row(i, texts[i])).toList();
        return partitions.rows(function, documents);
    }
}
