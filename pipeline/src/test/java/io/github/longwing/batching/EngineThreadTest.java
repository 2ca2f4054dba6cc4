package io.github.longwing.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class EngineThreadTest {
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();

    @Test
    void anErrorThatNobodyCaughtEndsItAndFailsAllJobsWithTheCause() throws Exception {
        AtomicInteger turns = new AtomicInteger();
        StackOverflowError error = new StackOverflowError("no more stack");
        try (EngineThread thread = new EngineThread(
                () -> {
                    if (turns.incrementAndGet() == 3) {
                        throw error;
                    }
                },
                failed::complete)) {
            thread.requireRunning("generate");
            thread.start();

            assertThat(failed.get(60, TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the engine of the model has failed: " + error)
                    .hasCause(error);
            assertThat(turns).hasValue(3);
            assertThat(thread.hasEnded()).isTrue();
            assertThatThrownBy(() -> thread.requireRunning("generate"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Cannot generate: the engine of the model has failed (" + error
                            + "), expected a running one; open the model again")
                    .hasCause(error);
        }
    }

    @Test
    void closingInterruptsItsWaitAndCancelsAllJobs() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        EngineThread thread = new EngineThread(
                () -> {
                    waiting.countDown();
                    new CountDownLatch(1).await();
                },
                failed::complete);
        thread.start();
        waiting.await();

        thread.close();

        assertThat(failed.get(60, TimeUnit.SECONDS))
                .isInstanceOf(CancellationException.class)
                .hasMessage("the model was closed");
        assertThatThrownBy(() -> thread.requireRunning("generate")).hasMessage("Cannot generate: the model is closed");
    }
}
