package io.github.longwing.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.runtime.WorkProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowSchedulerTest {
    private final List<Integer> submitted = new ArrayList<>();
    private final List<CompletableFuture<String>> runs = new ArrayList<>();

    @Test
    void aFewWindowsAreUnderWayAndTheNextComesWhenOneIsDone() {
        CompletableFuture<List<String>> all = WindowScheduler.of(windows(10), new WorkProgress(), this::submit);

        assertThat(submitted).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        runs.get(2).complete("2");
        assertThat(submitted).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(all).isNotDone();
    }

    @Test
    void resultsComeInTheOrderOfTheWindows() {
        CompletableFuture<List<String>> all = WindowScheduler.of(windows(6), new WorkProgress(), this::submit);
        for (int window : new int[] {3, 0, 4, 5, 2, 1}) {
            assertThat(all).isNotDone();
            runs.get(window).complete("result " + window);
        }

        assertThat(all)
                .isCompletedWithValue(List.of("result 0", "result 1", "result 2", "result 3", "result 4", "result 5"));
    }

    @Test
    void theFirstFailureIsThatOfTheWholeAndNothingMoreIsSubmitted() {
        CompletableFuture<List<String>> all = WindowScheduler.of(windows(10), new WorkProgress(), this::submit);
        runs.get(1).completeExceptionally(new ArithmeticException("window 1"));
        runs.get(0).complete("0");
        runs.get(3).completeExceptionally(new ArithmeticException("window 3"));

        assertThatThrownBy(all::join).cause().hasMessage("window 1");
        assertThat(submitted).hasSize(8);
    }

    @Test
    void aWindowThatCannotBeSubmittedFailsTheWhole() {
        CompletableFuture<List<String>> all = WindowScheduler.of(windows(3), new WorkProgress(), window -> {
            throw new IllegalStateException("closed");
        });

        assertThatThrownBy(all::join).cause().hasMessage("closed");
    }

    @Test
    void aDocumentWithoutWindowsIsDone() {
        assertThat(WindowScheduler.of(List.<Integer>of(), new WorkProgress(), CompletableFuture::completedFuture))
                .isCompletedWithValue(List.of());
    }

    @Test
    void nothingMoreIsSubmittedForACancelledWhole() {
        CompletableFuture<List<String>> all = WindowScheduler.of(windows(10), new WorkProgress(), this::submit);
        all.cancel(true);
        runs.get(0).complete("0");

        assertThat(submitted).hasSize(8);
    }

    @Test
    void windowsThatAreDoneAtOnceMayBeAnyNumber() {
        List<Integer> windows = windows(200_000);

        assertThat(WindowScheduler.of(windows, new WorkProgress(), CompletableFuture::completedFuture))
                .isCompletedWithValue(windows);
    }

    private CompletableFuture<String> submit(int window) {
        submitted.add(window);
        runs.add(new CompletableFuture<>());
        return runs.get(runs.size() - 1);
    }

    private static List<Integer> windows(int count) {
        return IntStream.range(0, count).boxed().toList();
    }
}
