package io.github.longwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.runtime.WorkProgress.Stage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkProgressTest {
    private final WorkProgress progress = new WorkProgress();

    @Test
    void waitingIsNoWork() throws InterruptedException {
        Thread.sleep(20);

        assertThat(progress.worked()).isEqualTo(Duration.ZERO);
        assertThat(progress.isUnderWay()).isFalse();
        assertThat(progress.words()).isEqualTo("waiting");
    }

    @Test
    void theTimeOfAPartCountsUntilItsEnd() throws InterruptedException {
        WorkProgress.Part part = progress.begin(Stage.ENCODING);
        Thread.sleep(20);
        assertThat(progress.worked()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
        assertThat(progress.words()).isEqualTo("encoding");
        part.close();

        Duration worked = progress.worked();
        Thread.sleep(20);

        assertThat(progress.worked()).isEqualTo(worked);
        assertThat(progress.words()).isEqualTo("waiting");
    }

    @Test
    void partsAtTheSameTimeCountOnce() throws InterruptedException {
        long start = System.nanoTime();
        WorkProgress.Part first = progress.begin(Stage.ENCODING);
        WorkProgress.Part second = progress.begin(Stage.ENCODING);
        Thread.sleep(50);
        first.close();
        second.close();

        assertThat(progress.worked()).isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - start));
        assertThat(progress.isUnderWay()).isFalse();
    }

    @Test
    void theStageIsThatOfThePartThatBeganLast() {
        WorkProgress.Part tokenizing = progress.begin(Stage.TOKENIZING);
        WorkProgress.Part encoding = progress.begin(Stage.ENCODING);
        tokenizing.close();
        assertThat(progress.words()).isEqualTo("encoding");

        encoding.close();
        assertThat(progress.words()).isEqualTo("waiting");
    }

    @Test
    void aDocumentInTheDecoderStaysThereBetweenSteps() {
        progress.addWindows(12);
        progress.finishWindow();
        progress.finishWindow();
        progress.begin(Stage.DECODING).close();

        assertThat(progress.words()).isEqualTo("decoding, window 3 of 12");
    }
}
