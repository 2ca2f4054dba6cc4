package io.github.longwing.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class WindowRunsTest {
    private static final int AT_ONCE = 4;

    /** The windows under way, which end when the test says so. */
    private final Map<Integer, CompletableFuture<String>> underWay = new TreeMap<>();

    private final List<Integer> submitted = new ArrayList<>();

    @Test
    void theResultsComeInTheOrderOfTheWindowsWhateverTheOrderOfTheirEnds() {
        CompletableFuture<List<String>> all = WindowRuns.of(windows(100), this::submit);
        Random random = new Random(1);

        for (int finished = 1; finished <= 100; finished++) {
            assertThat(all).isNotDone();
            finish(List.copyOf(underWay.keySet()).get(random.nextInt(underWay.size())));
            assertThat(underWay).hasSize(Math.min(AT_ONCE, 100 - finished));
        }

        assertThat(all.join())
                .isEqualTo(IntStream.range(0, 100).mapToObj(i -> "result " + i).toList());
        assertThat(submitted).isEqualTo(windows(100));
    }

    @Test
    void aDocumentOfFewWindowsSubmitsThemAtOnce() {
        CompletableFuture<List<String>> all = WindowRuns.of(windows(2), this::submit);

        assertThat(submitted).containsExactly(0, 1);
        finish(1);
        finish(0);
        assertThat(all.join()).containsExactly("result 0", "result 1");
    }

    @Test
    void aDocumentWithoutWindowsIsDone() {
        assertThat(WindowRuns.of(List.of(), this::submit)).isCompletedWithValue(List.of());
    }

    @Test
    void theFirstFailureIsThatOfTheWholeAndStopsTheRest() {
        CompletableFuture<List<String>> all = WindowRuns.of(windows(100), this::submit);
        finish(2);
        underWay.remove(1).completeExceptionally(new IllegalStateException("window 1 is broken"));

        assertThatThrownBy(all::join).cause().isInstanceOf(IllegalStateException.class).hasMessage("window 1 is broken");
        finish(3);
        underWay.remove(0).completeExceptionally(new IllegalStateException("window 0 is broken too"));
        finish(4);
        assertThat(submitted).containsExactly(0, 1, 2, 3, 4);
        assertThatThrownBy(all::join).cause().hasMessage("window 1 is broken");
    }

    @Test
    void aWindowThatCannotBeSubmittedStopsTheRest() {
        AtomicInteger tried = new AtomicInteger();
        CompletableFuture<List<String>> all = WindowRuns.of(windows(100), window -> {
            if (tried.incrementAndGet() == 3) {
                throw new IllegalStateException("Cannot generate: the model is closed");
            }
            return submit(window);
        });

        assertThatThrownBy(all::join).cause().hasMessage("Cannot generate: the model is closed");
        finish(0);
        finish(1);
        assertThat(tried).hasValue(3);
    }

    @Test
    void nothingIsSubmittedOnceTheWholeIsCancelled() {
        CompletableFuture<List<String>> all = WindowRuns.of(windows(100), this::submit);
        all.cancel(true);
        for (int i = 0; i < AT_ONCE; i++) {
            finish(i);
        }

        assertThat(submitted).hasSize(AT_ONCE);
    }

    @Test
    void tensOfThousandsOfWindowsThatAreDoneAtOnceNeedNoDeepStack() {
        int most = 50_000;
        AtomicInteger deepest = new AtomicInteger();

        CompletableFuture<List<Integer>> all = WindowRuns.of(windows(most), window -> {
            deepest.accumulateAndGet(Thread.currentThread().getStackTrace().length, Math::max);
            return CompletableFuture.completedFuture(window);
        });

        assertThat(all.join()).isEqualTo(windows(most));
        assertThat(deepest).hasValueLessThan(200);
    }

    @Test
    void aDocumentWhoseFirstWindowIsSlowGoesOnWithTheOthers() {
        CompletableFuture<Integer> first = new CompletableFuture<>();
        AtomicInteger tried = new AtomicInteger();
        CompletableFuture<List<Integer>> all = WindowRuns.of(windows(20_000), window -> {
            tried.incrementAndGet();
            return window == 0 ? first : CompletableFuture.completedFuture(window);
        });

        assertThat(tried).hasValue(20_000);
        first.complete(0);
        assertThat(all.join()).isEqualTo(windows(20_000));
    }

    @Test
    void noMoreThanAFewAreUnderWayWhateverTheThreads() {
        ExecutorService engine = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 50; round++) {
                AtomicInteger running = new AtomicInteger();
                AtomicInteger most = new AtomicInteger();
                List<Integer> results = WindowRuns.of(windows(500), window -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            return CompletableFuture.supplyAsync(
                                    () -> {
                                        running.decrementAndGet();
                                        return window;
                                    },
                                    engine);
                        })
                        .join();

                assertThat(results).isEqualTo(windows(500));
                assertThat(most).hasValueLessThanOrEqualTo(AT_ONCE);
            }
        } finally {
            engine.shutdownNow();
        }
    }

    private CompletableFuture<String> submit(int window) {
        submitted.add(window);
        return underWay.computeIfAbsent(window, w -> new CompletableFuture<>());
    }

    private void finish(int window) {
        underWay.remove(window).complete("result " + window);
    }

    private static List<Integer> windows(int count) {
        return IntStream.range(0, count).boxed().toList();
    }
}
