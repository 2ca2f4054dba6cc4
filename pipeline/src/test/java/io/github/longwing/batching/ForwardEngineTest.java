package io.github.longwing.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.DocumentException;
import io.github.longwing.runtime.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Without a model: what is run stands in for native work. */
@Timeout(300)
class ForwardEngineTest {
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch free = new CountDownLatch(1);

    @Test
    void aDocumentOfManyWindowsLetsItsNeighboursTakeTurns() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Boolean>> results = new ArrayList<>();
        try (ForwardEngine engine = new ForwardEngine()) {
            CompletableFuture<String> first = engine.submit(new FairnessKey(), new Cancellation(), this::block);
            FairnessKey ofMany = new FairnessKey();
            for (int i = 0; i < 30; i++) {
                String name = "long " + i;
                results.add(engine.submit(ofMany, new Cancellation(), () -> order.add(name)));
            }
            for (int i = 0; i < 3; i++) {
                String name = "short " + i;
                results.add(engine.submit(new FairnessKey(), new Cancellation(), () -> order.add(name)));
            }
            free.countDown();
            for (CompletableFuture<Boolean> result : results) {
                result.get();
            }
            assertThat(first).isCompletedWithValue("done");
        }

        assertThat(order).hasSize(33).startsWith("long 0", "short 0", "short 1", "short 2", "long 1", "long 2");
    }

    @Test
    void oneThreadDoesAllTheWorkAndAFailureIsThatOfItsRunAlone() throws Exception {
        try (ForwardEngine engine = new ForwardEngine()) {
            CompletableFuture<Thread> first = submit(engine, new Cancellation());
            CompletableFuture<String> bad = engine.submit(new FairnessKey(), new Cancellation(), () -> {
                throw new DocumentException(DocumentException.Kind.NonFiniteOutput, "NaN");
            });
            CompletableFuture<String> broken = engine.submit(new FairnessKey(), new Cancellation(), () -> {
                throw new AssertionError("a bug");
            });

            assertThatThrownBy(bad::get)
                    .cause()
                    .isInstanceOf(DocumentException.class)
                    .hasMessage("NaN");
            assertThatThrownBy(broken::get)
                    .cause()
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("a bug");
            assertThat(submit(engine, new Cancellation()).get())
                    .isSameAs(first.get())
                    .isNotSameAs(Thread.currentThread());
        }
    }

    @Test
    void aRunThatIsCancelledInLineNeverBegins() throws Exception {
        try (ForwardEngine engine = new ForwardEngine()) {
            CompletableFuture<String> first = engine.submit(new FairnessKey(), new Cancellation(), this::block);
            Cancellation cancellation = new Cancellation();
            CompletableFuture<Thread> cancelled = submit(engine, cancellation);
            CompletableFuture<Thread> other = submit(engine, new Cancellation());
            cancellation.cancel();
            free.countDown();

            assertThatThrownBy(cancelled::get)
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("the document was cancelled");
            assertThat(other.get()).isNotNull();
            assertThat(first).isCompletedWithValue("done");
        }
    }

    @Test
    void closingCancelsWhatRunsAndWhatWaits() throws Exception {
        ForwardEngine engine = new ForwardEngine();
        Cancellation running = new Cancellation();
        CompletableFuture<String> run = engine.submit(new FairnessKey(), running, () -> {
            started.countDown();
            while (!running.isCancelled()) {
                Thread.onSpinWait();
            }
            throw new CancellationException("the run was cancelled");
        });
        CompletableFuture<Thread> waiting = submit(engine, new Cancellation());
        started.await();

        engine.close();

        assertThatThrownBy(run::get).isInstanceOf(CancellationException.class).hasMessage("the run was cancelled");
        assertThatThrownBy(waiting::get)
                .isInstanceOf(CancellationException.class)
                .hasMessage("the model was closed");
        assertThatThrownBy(() -> submit(engine, new Cancellation()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cannot run the model: the model is closed");
        engine.close(); // a second time is harmless
    }

    @Test
    void noRunIsForgottenThatIsSubmittedWhileTheEngineCloses() throws Exception {
        for (int round = 0; round < 100; round++) {
            ForwardEngine engine = new ForwardEngine();
            List<CompletableFuture<Thread>> accepted = new CopyOnWriteArrayList<>();
            Thread submitting = new Thread(() -> submitUntilClosed(engine, accepted));
            submitting.start();
            TimeUnit.MICROSECONDS.sleep(50L * (round % 8));
            engine.close();
            submitting.join();

            assertThat(accepted).allSatisfy(result -> assertThat(result).isDone());
        }
    }

    private static void submitUntilClosed(ForwardEngine engine, List<CompletableFuture<Thread>> accepted) {
        try {
            for (int i = 0; i < 300; i++) {
                accepted.add(submit(engine, new Cancellation()));
            }
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("Cannot run the model: the model is closed");
        }
    }

    private static CompletableFuture<Thread> submit(ForwardEngine engine, Cancellation cancellation) {
        return engine.submit(new FairnessKey(), cancellation, Thread::currentThread);
    }

    private String block() {
        try {
            free.await();
            return "done";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
