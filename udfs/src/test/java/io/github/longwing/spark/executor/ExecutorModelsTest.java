package io.github.longwing.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.summarize.Summaries;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ExecutorModelsTest {
    private static final ThreadBudget THREADS = ThreadBudget.of(4, 1);

    /** What loads and closes do, by name of the model; static, as loaders carry nothing but settings. */
    private static final Map<String, Callable<Void>> LOADS = new ConcurrentHashMap<>();

    private static final Queue<String> EVENTS = new ConcurrentLinkedQueue<>();

    private final ExecutorModels models = new ExecutorModels(2);

    private record NamedLoader(String name) implements TaskLoader<Summaries> {
        @Override
        public DocumentTask<Summaries> load(ThreadBudget threads) {
            EVENTS.add("load " + name);
            try {
                LOADS.getOrDefault(name, () -> null).call();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return new NamedTask(name);
        }
    }

    private record NamedTask(String model) implements DocumentTask<Summaries> {
        @Override
        public CompletableFuture<DocumentResult<Summaries>> submit(Document document) {
            throw new IllegalStateException("no document is submitted here");
        }

        @Override
        public void close() {
            EVENTS.add("close " + model);
        }
    }

    @BeforeEach
    void forget() {
        LOADS.clear();
        EVENTS.clear();
    }

    @AfterEach
    void close() {
        models.close();
    }

    @Test
    void loadsOnceHoweverManyTasksStartTogether() throws Exception {
        int tasks = 32;
        CyclicBarrier together = new CyclicBarrier(tasks);
        Queue<Thread> callers = new ConcurrentLinkedQueue<>();
        LOADS.put("a", () -> {
            awaitWaiting(callers, tasks);
            return null;
        });
        List<DocumentTask<Summaries>> seen = inParallel(tasks, () -> {
            together.await();
            callers.add(Thread.currentThread());
            try (ExecutorModels.Lease<Summaries> lease = models.acquire(new NamedLoader("a"), THREADS)) {
                return lease.task();
            }
        });

        assertThat(EVENTS).containsExactly("load a");
        assertThat(seen).hasSize(tasks).allMatch(task -> task == seen.get(0));
    }

    @Test
    void keepsAModelForTheNextTask() throws Exception {
        lease("a").close();
        lease("a").close();

        assertThat(EVENTS).containsExactly("load a");
    }

    @Test
    void tellsEveryWaiterWhyALoadFailedAndTriesAnewForTheNext() throws Exception {
        int tasks = 8;
        CyclicBarrier together = new CyclicBarrier(tasks);
        UserException missing = new UserException("Cannot load the model: /nowhere is missing, expected a directory");
        Queue<Thread> callers = new ConcurrentLinkedQueue<>();
        LOADS.put("a", () -> {
            awaitWaiting(callers, tasks);
            throw missing;
        });

        List<Throwable> failures = inParallel(tasks, () -> {
            together.await();
            callers.add(Thread.currentThread());
            try {
                lease("a").close();
                return null;
            } catch (UserException e) {
                return e;
            }
        });
        assertThat(failures)
                .allSatisfy(e -> assertThat(e)
                        .isInstanceOf(UserException.class)
                        .hasMessage(missing.getMessage())
                        .hasCause(missing))
                .doesNotHaveDuplicates();
        assertThat(EVENTS).containsExactly("load a");

        LOADS.remove("a");
        lease("a").close();
        assertThat(EVENTS).containsExactly("load a", "load a");
    }

    @Test
    void saysWhichModelABugKeptFromLoading() {
        LOADS.put("a", () -> {
            throw new ArithmeticException("a bug");
        });

        assertThatThrownBy(() -> lease("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cannot load the model of NamedLoader[name=a]: java.lang.ArithmeticException: a bug")
                .hasRootCauseInstanceOf(ArithmeticException.class);
    }

    @Test
    void keepsDifferentModelsSideBySideAndClosesTheOneUnusedForLongest() throws Exception {
        lease("a").close();
        lease("b").close();
        lease("a").close();
        assertThat(EVENTS).containsExactly("load a", "load b");

        lease("c").close();

        assertThat(EVENTS).containsExactly("load a", "load b", "close b", "load c");
    }

    @Test
    void closesNoModelInUseButLoadsBeyondTheLimitUntilOneIsFree() throws Exception {
        ExecutorModels.Lease<Summaries> a = lease("a");
        ExecutorModels.Lease<Summaries> b = lease("b");
        ExecutorModels.Lease<Summaries> c = lease("c");
        assertThat(EVENTS).containsExactly("load a", "load b", "load c");

        b.close();
        b.close();
        assertThat(EVENTS).containsExactly("load a", "load b", "load c", "close b");
        a.close();
        c.close();
        assertThat(EVENTS).hasSize(4);
    }

    @Test
    void countsTheTasksThatUseAModel() throws Exception {
        ExecutorModels one = new ExecutorModels(1);
        ExecutorModels.Lease<Summaries> first = one.acquire(new NamedLoader("a"), THREADS);
        ExecutorModels.Lease<Summaries> second = one.acquire(new NamedLoader("a"), THREADS);
        ExecutorModels.Lease<Summaries> other = one.acquire(new NamedLoader("b"), THREADS);

        first.close();
        assertThat(EVENTS).containsExactly("load a", "load b");
        second.close();
        assertThat(EVENTS).containsExactly("load a", "load b", "close a");
        other.close();
        one.close();
    }

    @Test
    void givesABrokenModelOnceMoreToAThreadThatHoldsItAndElseLoadsItAgain() throws Exception {
        ExecutorModels.Lease<Summaries> first = lease("a");
        ExecutorModels.Lease<Summaries> second = lease("a");
        first.markBroken();
        first.close();
        lease("a").close();
        assertThat(EVENTS).as("the thread would wait for itself").containsExactly("load a");

        second.close();
        lease("a").close();

        assertThat(EVENTS).containsExactly("load a", "close a", "load a");
    }

    @Test
    void givesABrokenModelToNoFurtherTaskSoThatOverlappingOnesLetItGo() throws Exception {
        ExecutorModels.Lease<Summaries> first = lease("a");
        first.markBroken();
        Queue<Thread> callers = new ConcurrentLinkedQueue<>();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            List<Future<ExecutorModels.Lease<Summaries>>> next = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                next.add(pool.submit(() -> {
                    callers.add(Thread.currentThread());
                    return lease("a");
                }));
            }
            awaitWaiting(callers, 2);
            assertThat(EVENTS).as("two copies may not fit into memory").containsExactly("load a");

            first.close();

            for (Future<ExecutorModels.Lease<Summaries>> lease : next) {
                lease.get(120, TimeUnit.SECONDS).close();
            }
            assertThat(EVENTS).containsExactly("load a", "close a", "load a");
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void endsTheWaitOfAnInterruptedTaskAndNotTheLoadThatOthersWaitFor() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        LOADS.put("a", () -> {
            loading.countDown();
            go.await();
            return null;
        });
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            Future<ExecutorModels.Lease<Summaries>> first = pool.submit(() -> lease("a"));
            loading.await();
            Future<ExecutorModels.Lease<Summaries>> second = pool.submit(() -> lease("a"));
            first.cancel(true);
            go.countDown();

            second.get(120, TimeUnit.SECONDS).close();
            assertThat(EVENTS).containsExactly("load a");
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void closesEverythingWithTheJvm() throws Exception {
        ExecutorModels.Lease<Summaries> used = lease("a");
        lease("b").close();

        models.close();
        used.close();

        assertThat(EVENTS).containsExactlyInAnyOrder("load a", "load b", "close a", "close b");
        assertThatThrownBy(() -> lease("c"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cannot load a model: this JVM is shutting down");
    }

    @Test
    void closesAModelThatComesTooLate() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        LOADS.put("a", () -> {
            loading.countDown();
            go.await();
            return null;
        });
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<ExecutorModels.Lease<Summaries>> waiting = pool.submit(() -> lease("a"));
            loading.await();
            models.close();
            go.countDown();
            waiting.get(120, TimeUnit.SECONDS);
        } finally {
            pool.shutdown();
        }
        assertThat(pool.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
        assertThat(EVENTS).contains("load a");
        awaitEvent("close a");
    }

    private ExecutorModels.Lease<Summaries> lease(String name) throws InterruptedException {
        return models.acquire(new NamedLoader(name), THREADS);
    }

    /** Until so many threads have come and all of them wait for the load. */
    private static void awaitWaiting(Queue<Thread> callers, int count) throws InterruptedException {
        while (callers.size() < count
                || !callers.stream().allMatch(caller -> caller.getState() == Thread.State.WAITING)) {
            Thread.sleep(1);
        }
    }

    private static void awaitEvent(String event) throws InterruptedException {
        for (int turn = 0; turn < 12_000 && !EVENTS.contains(event); turn++) {
            Thread.sleep(10);
        }
        assertThat(EVENTS).contains(event);
    }

    private static <V> List<V> inParallel(int threads, Callable<V> call)
            throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<V>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(pool.submit(call));
            }
            List<V> values = new ArrayList<>();
            for (Future<V> future : futures) {
                values.add(future.get());
            }
            return values;
        } finally {
            pool.shutdownNow();
        }
    }
}
