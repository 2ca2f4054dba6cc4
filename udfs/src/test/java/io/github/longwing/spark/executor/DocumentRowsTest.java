package io.github.longwing.spark.executor;

import static io.github.longwing.spark.executor.TestPartitions.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.DocumentException;
import io.github.longwing.spark.FakeSummarizer;
import io.github.longwing.spark.columns.RowFingerprint;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.StopSignal;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.task.SummaryColumns;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentError;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One partition outside of Spark, with a model whose runs end when the test says so. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DocumentRowsTest {
    private static final int LOOK_AHEAD = DocumentRows.LOOK_AHEAD;

    @RegisterExtension
    private final TestPartitions partitions = new TestPartitions();

    private final AtomicReference<Thread> taskThread = new AtomicReference<>();

    private final ExecutorService task = Executors.newSingleThreadExecutor(work -> {
        taskThread.set(new Thread(work));
        return taskThread.get();
    });

    @AfterEach
    void stopTask() {
        task.shutdownNow();
    }

    @Test
    void quickDocumentsDoNotWaitForALongOneBeforeThem() throws Exception {
        FakeSummarizer.Journal journal = journal("long first");
        Future<List<String>> rows = idsOf(rows("long first", ErrorPolicy.PERMISSIVE, hangingFirst(51)));

        awaitWaitingWith(51, journal);
        complete(journal, 0);

        assertThat(rows.get()).isEqualTo(ids(51));
    }

    @Test
    void aDocumentTakesThePlaceOfAnyThatFinishes() throws Exception {
        FakeSummarizer.Journal journal = journal("any place");
        Future<List<String>> rows = idsOf(rows("any place", ErrorPolicy.PERMISSIVE, documents(40, i -> "hang")));
        List<Integer> order = IntStream.range(1, 40).boxed().collect(Collectors.toList());
        Collections.shuffle(order, new Random(4));

        awaitWaitingWith(LOOK_AHEAD, journal);
        for (int finished = 1; !order.isEmpty(); finished++) {
            int next = order.stream()
                    .filter(i -> journal.hanging.containsKey(String.valueOf(i)))
                    .findFirst()
                    .orElseThrow();
            order.remove((Integer) next);
            complete(journal, next);
            int submitted = Math.min(40, LOOK_AHEAD + finished);
            awaitWaitingWith(submitted, journal);
        }
        complete(journal, 0);

        assertThat(rows.get()).isEqualTo(ids(40));
    }

    @Test
    void noMoreThanTheLookAheadIsUnfinished() throws Exception {
        FakeSummarizer.Journal journal = journal("unfinished");
        DocumentRows<Summaries> rows = rows("unfinished", ErrorPolicy.PERMISSIVE, documents(40, i -> "hang"));
        Future<Row> first = task.submit(rows::next);

        awaitWaitingWith(LOOK_AHEAD, journal);
        complete(journal, 3);
        complete(journal, 5);
        awaitWaitingWith(LOOK_AHEAD + 2, journal);
        complete(journal, 0);
        first.get();
        rows.close();

        assertThat(journal.cancelled).hasSize(LOOK_AHEAD - 1);
    }

    @Test
    void finishedDocumentsBehindALongOneAreBounded() throws Exception {
        FakeSummarizer.Journal journal = journal("bounded");
        Future<List<String>> rows = idsOf(rows("bounded", ErrorPolicy.PERMISSIVE, hangingFirst(1000)));

        awaitWaitingWith(DocumentRows.MAX_IN_LINE, journal);
        complete(journal, 0);

        assertThat(rows.get()).isEqualTo(ids(1000));
        assertThat(journal.submitted).hasSize(1000);
    }

    @Test
    void bigKeptColumnsMakeTheLineShorter() throws Exception {
        FakeSummarizer.Journal journal = journal("big columns");
        int megabytes = 4;
        List<Row> documents = IntStream.range(0, 60)
                .mapToObj(i -> row(i, i == 0 ? "hang" : "quick", "x".repeat(megabytes << 20)))
                .toList();
        int most = (int) (DocumentRows.MAX_KEPT_BYTES / (megabytes << 20));
        Future<List<String>> rows = idsOf(rows("big columns", ErrorPolicy.PERMISSIVE, documents));

        awaitWaitingWith(most, journal);
        complete(journal, 0);

        assertThat(rows.get()).isEqualTo(ids(60));
    }

    @Test
    void manyBigDocumentsStillFillTheLookAhead() throws Exception {
        FakeSummarizer.Journal journal = journal("big documents");
        String big = "x".repeat((int) (DocumentRows.MAX_KEPT_BYTES / 2));
        List<Row> documents =
                IntStream.range(0, 20).mapToObj(i -> row(i, "hang", big)).toList();
        DocumentRows<Summaries> rows = rows("big documents", ErrorPolicy.PERMISSIVE, documents);
        Future<List<String>> ids = idsOf(rows);

        awaitWaitingWith(LOOK_AHEAD, journal);
        rows.close();

        assertThat(journal.cancelled).hasSize(LOOK_AHEAD);
        assertThatThrownBy(ids::get).hasRootCauseInstanceOf(CancellationException.class);
    }

    @Test
    void errorsOfDocumentsBehindALongOneKeepTheirPlace() throws Exception {
        FakeSummarizer.Journal journal = journal("errors");
        IntFunction<String> texts =
                i -> i == 0 ? "hang" : List.of("fail", "throw", "", "quick").get(i % 4);
        Future<List<String>> all = idsOf(rows("errors", ErrorPolicy.PERMISSIVE, documents(60, texts)));
        awaitWaitingWith(45, journal); // empty texts never get so far
        journal.hanging
                .get("0")
                .complete(new DocumentResult.Failure<>(
                        new DocumentError(DocumentException.Kind.NonFiniteOutput, "Cannot summarize: NaN")));

        assertThat(all.get()).isEqualTo(ids(60));
    }

    @Test
    void aDroppedLongDocumentGivesWayToThoseBehindIt() throws Exception {
        FakeSummarizer.Journal journal = journal("dropped");
        Future<List<String>> rows = idsOf(rows("dropped", ErrorPolicy.DROPMALFORMED, hangingFirst(30)));

        awaitWaitingWith(30, journal);
        journal.hanging
                .get("0")
                .complete(new DocumentResult.Failure<>(
                        new DocumentError(DocumentException.Kind.NonFiniteOutput, "Cannot summarize: NaN")));

        assertThat(rows.get()).isEqualTo(ids(30).subList(1, 30));
    }

    @Test
    void aBugBehindALongDocumentEndsTheTaskInItsTurnAndCancelsTheRest() throws Exception {
        FakeSummarizer.Journal journal = journal("bug");
        DocumentRows<Summaries> rows = rows(
                "bug",
                ErrorPolicy.PERMISSIVE,
                documents(30, i -> i == 2 ? "bug" : i % 10 == 0 || i == 29 ? "hang" : "quick"));
        Future<List<String>> ids = idsOf(rows);
        awaitWaitingWith(30, journal);

        complete(journal, 0);

        assertThatThrownBy(ids::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Cannot process document 2: ")
                .hasRootCauseMessage("a bug in the runtime");
        rows.close();
        assertThat(journal.cancelled).containsExactlyInAnyOrder("10", "20", "29");
    }

    @Test
    void closingCancelsTheLongDocumentAndWhatIsUnfinishedBehindIt() throws Exception {
        FakeSummarizer.Journal journal = journal("closing");
        DocumentRows<Summaries> rows =
                rows("closing", ErrorPolicy.PERMISSIVE, documents(40, i -> i % 8 == 0 ? "hang" : "quick"));
        Future<List<String>> ids = idsOf(rows);
        awaitWaitingWith(40, journal);

        rows.close();

        assertThat(journal.cancelled).containsExactlyInAnyOrder("0", "8", "16", "24", "32");
        assertThatThrownBy(ids::get).hasRootCauseInstanceOf(CancellationException.class);
    }

    /** Loaders are equal by their names, so that each test has a model of its own. */
    private static FakeSummarizer.Loader loader(String name) {
        return new FakeSummarizer.Loader("rows: " + name, 1);
    }

    private static FakeSummarizer.Journal journal(String name) {
        return loader(name).journal();
    }

    private DocumentRows<Summaries> rows(String name, ErrorPolicy onError, Collection<Row> documents) {
        DocumentFunction<Summaries> function = new DocumentFunction<>(
                loader(name),
                SummaryColumns.of(SummarizerOptions.of(Map.of())),
                new RowFingerprint("summarize"),
                onError,
                Isolation.none(),
                StopSignal.none(),
                JobProgress.none());
        return partitions.rows(function, documents);
    }

    private static List<Row> hangingFirst(int count) {
        return documents(count, i -> i == 0 ? "hang" : "quick");
    }

    private static List<Row> documents(int count, IntFunction<String> text) {
        return IntStream.range(0, count).mapToObj(i -> row(i, text.apply(i))).toList();
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }

    /** What the task's thread makes of the partition. */
    private Future<List<String>> idsOf(Iterator<Row> rows) {
        return task.submit(() -> TestPartitions.ids(TestPartitions.all(rows)));
    }

    private static void complete(FakeSummarizer.Journal journal, int id) throws InterruptedException {
        String text = "long";
        journal.hanging
                .get(String.valueOf(id))
                .complete(loader("results")
                        .load(ThreadBudget.of(1, 1))
                        .submit(new Document("", text))
                        .join());
    }

    /** Waits until the task itself waits, and expects that it has submitted so many documents until then. */
    private void awaitWaitingWith(int submitted, FakeSummarizer.Journal journal) throws InterruptedException {
        while (journal.submitted.size() < submitted || taskThread.get().getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        assertThat(journal.submitted).hasSize(submitted);
    }
}
