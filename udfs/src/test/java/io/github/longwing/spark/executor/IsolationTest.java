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
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.Isolation.Care;
import io.github.longwing.spark.options.StopSignal;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.task.SummaryColumns;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.ResultBasis;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What documents that hang or crash cost, and tasks that are stopped: one partition outside of Spark. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class IsolationTest {
    private static final Duration LIMIT = Duration.ofMillis(300);
    private static final Isolation TIMED = new Isolation(LIMIT, LIMIT, Care.ON_RETRY, 0, null);

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
    void aDocumentThatTakesTooLongBecomesARowAndTheOthersGoOn() throws Exception {
        List<Row> rows = all(rows("too long", TIMED, StopSignal.none(), texts(20, 7, "hang")));

        assertThat(ids(rows)).isEqualTo(numbers(20));
        assertThat(errors(rows)).containsExactly("7 Timeout");
        assertThat(message(rows.get(7)))
                .isEqualTo("Cannot process document 7: the model worked on it for more than 0.3 s, expected less;"
                        + " raise --document-timeout if it needs more");
        assertThat(loader("too long").journal().cancelled).containsExactly("7");
    }

    @Test
    void aNativeRunThatDoesNotEndFailsTheTaskAndTheNextOneLoadsTheModelAgain() throws Exception {
        DocumentRows<Summaries> rows = rows("does not end", TIMED, StopSignal.none(), texts(20, 7, "stuck"));

        assertThatThrownBy(() -> all(rows))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the native run of document 7 exceeded the time limit and did not end");
        rows.close();
        assertThat(all(rows("does not end", TIMED, StopSignal.none(), texts(3, 0, "quick"))))
                .hasSize(3);
        assertThat(loader("does not end").journal().loads).hasSize(2);
        assertThat(loader("does not end").journal().closed)
                .as("closing waits for the run that does not end")
                .isEmpty();
    }

    @Test
    void otherTasksOfAModelThatIsStuckFailToo() throws Exception {
        DocumentRows<Summaries> others = rows("others", Isolation.none(), StopSignal.none(), texts(1, 0, "hang"));
        Future<List<Row>> waiting = tasks.submit(() -> all(others));
        await(() -> loader("others").journal().submitted.size() == 1);

        DocumentRows<Summaries> stuck = rows("others", TIMED, StopSignal.none(), texts(1, 0, "stuck"));
        assertThatThrownBy(() -> all(stuck)).isInstanceOf(IllegalStateException.class);
        stuck.close();

        assertThatThrownBy(waiting::get)
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("of another task does not end");
        others.close();
    }

    @Test
    void aCarefulTaskGoesOnWithANewModel() throws Exception {
        List<Row> rows = all(rows(
                "goes on",
                TIMED.withMarkers(markers.toString(), Care.ALWAYS),
                StopSignal.none(),
                texts(4, 1, "stuck")));

        assertThat(ids(rows)).isEqualTo(numbers(4));
        assertThat(errors(rows)).containsExactly("1 Timeout");
        assertThat(message(rows.get(1))).contains("its native run did not end");
        assertThat(loader("goes on").journal().loads).hasSize(2);
        assertThat(files()).isEmpty();
    }

    @Test
    void aCarefulTaskRunsOneDocumentAtATimeAndMarksIt() throws Exception {
        FakeSummarizer.Journal journal = loader("one at a time").journal();
        DocumentRows<Summaries> careful = rows("one at a time", careful(), StopSignal.none(), texts(3, 1, "hang"));
        Future<List<Row>> rows = tasks.submit(() -> all(careful));

        await(() -> journal.hanging.containsKey("1"));

        assertThat(journal.submitted).hasSize(2);
        assertThat(Markers.all(markers.toString())).singleElement().satisfies(marker -> {
            assertThat(marker.id()).isEqualTo("1");
            assertThat(marker.pid()).isEqualTo(ProcessHandle.current().pid());
        });
        journal.hanging.get("1").completeExceptionally(new ArithmeticException("a bug"));
        assertThatThrownBy(rows::get).hasRootCauseMessage("a bug");
        careful.close();
        assertThat(files())
                .as("the process lives, so the document did not end it")
                .isEmpty();
    }

    @Test
    void aCarefulTaskTakesNoSecondDocumentWhenTheFirstEndsBetweenTwoLooks() {
        DocumentFunction<Summaries> function =
                function(new EndsBetweenTwoLooks(loader("between two looks")), careful(), StopSignal.none());

        assertThat(ids(all(rows(function, texts(20, 0, "quick"))))).isEqualTo(numbers(20));
    }

    /** Results that have come, though the task's first look at each does not see it. */
    private record EndsBetweenTwoLooks(FakeSummarizer.Loader loader) implements TaskLoader<Summaries> {
        @Override
        public DocumentTask<Summaries> load(ThreadBudget threads) {
            DocumentTask<Summaries> task = loader.load(threads);
            return new DocumentTask<>() {
                @Override
                public String model() {
                    return task.model();
                }

                @Override
                public CompletableFuture<DocumentResult<Summaries>> submit(Document document)
                        throws InterruptedException {
                    Thread ofTask = Thread.currentThread();
                    AtomicBoolean looked = new AtomicBoolean();
                    CompletableFuture<DocumentResult<Summaries>> result = new CompletableFuture<>() {
                        @Override
                        public boolean isDone() {
                            return (Thread.currentThread() != ofTask || looked.getAndSet(true)) && super.isDone();
                        }
                    };
                    result.complete(task.submit(document).join());
                    return result;
                }

                @Override
                public void close() {
                    task.close();
                }
            };
        }
    }

    @Test
    void aCarefulTaskWaitsForTheDocumentsOfOthersAndTheyForIt() throws Exception {
        FakeSummarizer.Journal journal = loader("turns").journal();
        DocumentRows<Summaries> together = rows("turns", Isolation.none(), StopSignal.none(), texts(1, 0, "hang"));
        Future<List<Row>> first = tasks.submit(() -> all(together));
        await(() -> journal.submitted.size() == 1);
        DocumentRows<Summaries> alone = rows("turns", careful(), StopSignal.none(), texts(1, 0, "hang"));
        Future<List<Row>> second = tasks.submit(() -> all(alone));
        DocumentRows<Summaries> later = rows("turns", Isolation.none(), StopSignal.none(), texts(1, 0, "quick"));

        Thread.sleep(200);
        assertThat(journal.submitted).hasSize(1);
        together.close();
        assertThatThrownBy(first::get).isInstanceOf(ExecutionException.class);
        await(() -> journal.submitted.size() == 2);
        Future<List<Row>> third = tasks.submit(() -> all(later));
        Thread.sleep(200);
        assertThat(journal.submitted).hasSize(2);
        alone.close();

        assertThatThrownBy(second::get).isInstanceOf(ExecutionException.class);
        assertThat(third.get()).hasSize(1);
    }

    @Test
    void aDocumentWhoseProcessEndedOnceRunsAgainSinceAnyoneMayHaveKilledIt() throws Exception {
        mark("2", deadProcess());

        List<Row> rows = all(rows("once", careful(), StopSignal.none(), texts(4, 0, "quick")));

        assertThat(errors(rows)).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void theMarkerOfADocumentThatRunsAgainCountsTheDeath() throws Exception {
        mark("2", "hang", deadProcess());
        FakeSummarizer.Journal journal = loader("counts").journal();
        Future<List<Row>> rows =
                tasks.submit(() -> all(rows("counts", careful(), StopSignal.none(), texts(4, 2, "hang"))));

        await(() -> journal.hanging.containsKey("2"));

        assertThat(Markers.all(markers.toString())).singleElement().satisfies(marker -> {
            assertThat(marker.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(marker.deaths()).isEqualTo(1);
        });
        journal.hanging.get("2").completeExceptionally(new ArithmeticException("a bug"));
        assertThatThrownBy(rows::get).hasRootCauseMessage("a bug");
    }

    @Test
    void aDocumentThatEndedItsProcessTwiceIsNotRunAgain() throws Exception {
        mark("2", deadProcess().afterDeaths(1));

        List<Row> rows = all(rows("dead", careful(), StopSignal.none(), texts(4, 0, "quick")));

        assertThat(errors(rows)).containsExactly("2 NativeCrash");
        assertThat(message(rows.get(2)))
                .startsWith("Cannot process document 2: executor 5 (pid ")
                .contains("ended while it ran this document alone, as the one before it did: ");
        assertThat(loader("dead").journal().submitted).hasSize(3);
        assertThat(Markers.all(markers.toString()))
                .as("the row may be lost with its task")
                .hasSize(1);
    }

    @Test
    void whatIsKnownOfTheEndOfTheProcessTellsLackOfMemoryFromACrash() throws Exception {
        mark("2", deadProcess().afterDeaths(1));
        ExecutorLosses.note(markers.toString(), "app", "5", "Command exited with code 137");

        List<Row> rows = all(rows("killed", careful(), StopSignal.none(), texts(4, 0, "quick")));

        assertThat(errors(rows)).containsExactly("2 Killed");
        assertThat(message(rows.get(2))).endsWith("Command exited with code 137");
    }

    /** The death that counts, and the class of the row. */
    @ParameterizedTest
    @CsvSource({
        "Command exited with code 137, 2, Killed",
        "Command exited with code 52, 1, Killed",
        "'exited with exit code 137(SIGKILL, possible container OOM).', 2, Killed",
        "'The executor with id 3 exited with exit code 137(OOMKilled).', 1, Killed",
        "Container killed by YARN for exceeding physical memory limits. 5.5 GB of 5.5 GB used., 1, Killed",
        "Exit status: 137. Diagnostics: none, 2, Killed",
        "Command exited with code 134, 1, NativeCrash",
        "'its process ended with status 139 (a crash of native code)', 1, NativeCrash",
        "'its process ended with status 137 (killed, mostly for lack of memory)', 2, Killed",
        "Remote RPC client at 10.52.0.137 disassociated, 2, NativeCrash"
    })
    void theReasonDecidesWhichDeathCountsAndTheClass(String reason, int counts, String expected) throws Exception {
        ExecutorLosses.note(markers.toString(), "app", "5", reason);
        String hash = "0".repeat(32);
        Marker asking = Marker.of("2", null);

        for (int death = 1; death <= 2; death++) {
            write(hash, deadProcess().afterDeaths(death - 1));
            Markers.Earlier earlier = new Markers(markers.toString()).find(hash, asking);
            assertThat(earlier.deaths()).isEqualTo(death);
            if (death < counts) {
                assertThat(earlier.error()).as("after the first").isEmpty();
            } else {
                assertThat(earlier.error())
                        .hasValueSatisfying(error -> assertThat(error.kind()).hasToString(expected));
            }
        }
    }

    @Test
    void aMarkerOfThisProcessIsNoCrash() throws Exception {
        mark("2", Marker.of("2", null));

        List<Row> rows = all(rows("own", careful(), StopSignal.none(), texts(4, 0, "quick")));

        assertThat(errors(rows)).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void whileAnotherProcessRunsADocumentItIsWaitedFor() throws Exception {
        ProcessHandle other = ProcessHandle.current().parent().orElseThrow();
        Marker living = marker(
                other.pid(), other.info().startInstant().map(Instant::toString).orElse(""));
        mark("2", living);
        Future<List<Row>> rows =
                tasks.submit(() -> all(rows("living", careful(), StopSignal.none(), texts(4, 0, "quick"))));

        Thread.sleep(300);
        assertThat(rows.isDone()).isFalse();
        Markers.clear(markers.toString());

        assertThat(errors(rows.get())).isEmpty();
    }

    @Test
    void aProcessThatRenewsNoBeatIsDead() throws Exception {
        ProcessHandle other = ProcessHandle.current().parent().orElseThrow();
        Marker living = marker(
                other.pid(), other.info().startInstant().map(Instant::toString).orElse(""));
        Markers impatient = new Markers(markers.toString(), Duration.ofMillis(200));
        write("0".repeat(32), living);

        assertThat(impatient.find("0".repeat(32), Marker.of("2", null)).deaths())
                .isEqualTo(1);
    }

    @Test
    void clearingLeavesWhatIsNotAMarker() throws Exception {
        mark("2", deadProcess());
        ExecutorLosses.note(markers.toString(), "app", "5", "Command exited with code 137");
        Files.writeString(markers.resolve("notes.txt"), "mine");

        Markers.clear(markers.toString());

        assertThat(files()).containsExactly("notes.txt");
    }

    @Test
    void aStoppedTaskGivesWhatIsFinishedAndCountsTheRest() throws Exception {
        StopSignal signal = StopSignal.of("stopped");
        FakeSummarizer.Journal journal = loader("stopped").journal();
        DocumentRows<Summaries> rows = rows(
                "stopped",
                Isolation.none(),
                signal,
                IntStream.range(0, 400)
                        .mapToObj(i -> i % 100 == 0 ? "hang" : "quick")
                        .toList());
        Future<List<Row>> given = tasks.submit(() -> all(rows));
        await(() -> journal.submitted.size() == DocumentRows.MAX_IN_LINE);

        Stops.request(signal);

        assertThat(ids(given.get()))
                .isEqualTo(numbers(DocumentRows.MAX_IN_LINE).stream()
                        .filter(id -> Integer.parseInt(id) % 100 != 0)
                        .toList());
        assertThat(rows.left()).isEqualTo(400 - given.get().size());
        assertThat(journal.cancelled).containsExactlyInAnyOrder("0", "100", "200");
        Stops.forget(signal);
        assertThat(Stops.isSet(signal)).isFalse();
    }

    @Test
    void aStoppedTaskDoesNotWaitForNativeCodeThatDoesNotEnd() throws Exception {
        StopSignal signal = StopSignal.of("stopped stuck");
        DocumentRows<Summaries> rows = rows("stopped stuck", Isolation.none(), signal, texts(5, 1, "stuck"));
        Future<List<Row>> given = tasks.submit(() -> all(rows));
        await(() -> loader("stopped stuck").journal().submitted.size() == 5);

        Stops.request(signal);

        assertThat(ids(given.get())).containsExactly("0", "2", "3", "4");
        assertThat(rows.left()).isEqualTo(1);
        Stops.forget(signal);
    }

    @Test
    void aStoppedTaskThatWaitsForItsTurnEnds() throws Exception {
        StopSignal signal = StopSignal.of("stopped in line");
        DocumentRows<Summaries> hanging =
                rows("stopped in line", Isolation.none(), StopSignal.none(), texts(1, 0, "hang"));
        Future<List<Row>> other = tasks.submit(() -> all(hanging));
        await(() -> loader("stopped in line").journal().submitted.size() == 1);
        DocumentRows<Summaries> rows = rows("stopped in line", careful(), signal, texts(3, 0, "quick"));
        Future<List<Row>> given = tasks.submit(() -> all(rows));
        Thread.sleep(100);

        Stops.request(signal);

        assertThat(given.get()).isEmpty();
        assertThat(rows.left()).isEqualTo(3);
        hanging.close();
        assertThatThrownBy(other::get).isInstanceOf(ExecutionException.class);
        Stops.forget(signal);
    }

    @Test
    void afterTheDeadlineNothingIsBegun() throws Exception {
        StopSignal signal = StopSignal.none().at(Instant.now().minusSeconds(1));
        DocumentRows<Summaries> rows = rows("deadline", Isolation.none(), signal, texts(3, 0, "quick"));

        assertThat(all(rows)).isEmpty();
        assertThat(rows.left()).isEqualTo(3);
        assertThat(loader("deadline").journal().loads).isEmpty();
    }

    @Test
    void aFileTellsTheTasksOfOtherProcesses() throws Exception {
        Path file = markers.resolve("stop");
        StopSignal signal = StopSignal.of("of the driver").watching(file.toString());
        StopSignal elsewhere = StopSignal.none().watching(file.toString());
        DocumentRows<Summaries> rows = rows("file", Isolation.none(), elsewhere, texts(5, 0, "hang"));
        Future<List<Row>> given = tasks.submit(() -> all(rows));
        await(() -> loader("file").journal().submitted.size() == 5);

        Stops.request(signal);

        assertThat(given.get()).hasSize(4);
        Stops.forget(signal);
        assertThat(file).doesNotExist();
    }

    private Isolation careful() {
        return Isolation.none().withMarkers(markers.toString(), Care.ALWAYS);
    }

    /** The marker that a task with these settings would write for a document of {@link #texts}. */
    private void mark(String id, Marker marker) throws IOException {
        mark(id, "quick", marker);
    }

    private void mark(String id, String text, Marker marker) throws IOException {
        String fingerprint = new RowFingerprint("summarize")
                .of(
                        row(Integer.parseInt(id), text),
                        loader("any").load(ThreadBudget.of(1, 1)).model(),
                        ResultBasis.TEXT);
        write(Markers.hash(id, fingerprint), marker);
    }

    private void write(String hash, Marker marker) throws IOException {
        try (OutputStream out = Files.newOutputStream(markers.resolve(hash))) {
            marker.write(out);
        }
    }

    private static Marker deadProcess() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return marker(process.pid(), "long ago");
    }

    private static Marker marker(long pid, String started) {
        return new Marker("2", "app", "5", "1.2", 0, Marker.of("2", null).host(), pid, started, 0);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(markers)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .toList();
        }
    }

    private static FakeSummarizer.Loader loader(String name) {
        return new FakeSummarizer.Loader("isolation: " + name, 1);
    }

    private static List<String> texts(int count, int special, String text) {
        return IntStream.range(0, count)
                .mapToObj(i -> i == special ? text : "quick")
                .toList();
    }

    private DocumentRows<Summaries> rows(String name, Isolation isolation, StopSignal stop, List<String> texts) {
        return rows(function(loader(name), isolation, stop), texts);
    }

    private static DocumentFunction<Summaries> function(
            TaskLoader<Summaries> loader, Isolation isolation, StopSignal stop) {
        return new DocumentFunction<>(
                loader,
                SummaryColumns.of(SummarizerOptions.of(Map.of())),
                new RowFingerprint("summarize"),
                ErrorPolicy.PERMISSIVE,
                isolation,
                stop,
                JobProgress.none());
    }

    private DocumentRows<Summaries> rows(DocumentFunction<Summaries> function, List<String> texts) {
        List<Row> documents = IntStream.range(0, texts.size())
                .mapToObj(i -> row(i, texts.get(i)))
                .toList();
        return partitions.rows(function, documents);
    }

    private static String message(Row row) {
        return row.getStruct(row.length() - 1).getString(1);
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }
}
