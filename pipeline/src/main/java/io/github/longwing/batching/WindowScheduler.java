package io.github.longwing.batching;

import io.github.longwing.runtime.WorkProgress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Submits the windows of one document, a few at a time, so that a document of thousands of windows has no more of them in
 * the engine than a short one.
 *
 * @param <W> a window
 * @param <R> its result
 */
public final class WindowScheduler<W, R> {
    /** Enough to fill the slots of the decoder when the document is alone. */
    private static final int MAX_IN_FLIGHT = 8;

    private final List<W> windows;
    private final WorkProgress progress;
    private final Function<W, CompletableFuture<R>> submit;
    private final List<R> results; // guarded by this, as are the two counters
    private final CompletableFuture<List<R>> all = new CompletableFuture<>();
    private int submitted;
    private int finished;

    private WindowScheduler(List<W> windows, WorkProgress progress, Function<W, CompletableFuture<R>> submit) {
        this.windows = windows;
        this.progress = progress;
        this.submit = submit;
        this.results = new ArrayList<>(Collections.nCopies(windows.size(), null));
    }

    /**
     * Runs all windows. The results come in the order of the windows; the first failure is that of the whole, and no
     * further window is submitted.
     *
     * @param progress of the document
     */
    public static <W, R> CompletableFuture<List<R>> of(
            List<W> windows, WorkProgress progress, Function<W, CompletableFuture<R>> submit) {
        WindowScheduler<W, R> runs = new WindowScheduler<>(List.copyOf(windows), progress, submit);
        progress.addWindows(windows.size());
        if (windows.isEmpty()) {
            runs.all.complete(List.of());
        }
        for (int i = 0; i < MAX_IN_FLIGHT; i++) {
            runs.submitNext();
        }
        return runs.all;
    }

    /** Submits windows until one is not done at once: a loop, since runs that call each other would fill the stack. */
    private void submitNext() {
        OptionalInt next = nextWindow();
        while (next.isPresent()) {
            int index = next.getAsInt();
            CompletableFuture<R> run;
            try {
                run = submit.apply(windows.get(index));
            } catch (RuntimeException | Error e) {
                all.completeExceptionally(e);
                return;
            }
            boolean underWay = !run.isDone();
            CompletableFuture<R> unused = run.whenComplete((result, failure) -> {
                finish(index, result, failure);
                if (underWay) {
                    submitNext();
                }
            });
            next = underWay ? OptionalInt.empty() : nextWindow();
        }
    }

    private synchronized OptionalInt nextWindow() {
        return submitted == windows.size() || all.isDone() ? OptionalInt.empty() : OptionalInt.of(submitted++);
    }

    private void finish(int index, R result, Throwable failure) {
        if (failure != null) {
            all.completeExceptionally(failure);
            return;
        }
        progress.finishWindow();
        boolean last;
        synchronized (this) {
            results.set(index, result);
            finished++;
            last = finished == windows.size();
        }
        if (last) {
            all.complete(List.copyOf(results));
        }
    }
}
