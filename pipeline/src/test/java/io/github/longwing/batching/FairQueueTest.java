package io.github.longwing.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class FairQueueTest {
    private final FairQueue<String> queue = new FairQueue<>();
    private final FairnessKey a = new FairnessKey();
    private final FairnessKey b = new FairnessKey();
    private final FairnessKey c = new FairnessKey();

    @Test
    void documentsTakeTurnsAndEachKeepsItsOrder() throws Exception {
        for (int i = 1; i <= 4; i++) {
            queue.add(a, "a" + i);
        }
        queue.add(b, "b1");
        queue.add(c, "c1");
        queue.add(c, "c2");

        assertThat(takeAll(7)).containsExactly("a1", "b1", "c1", "a2", "c2", "a3", "a4");
    }

    @Test
    void aDocumentThatComesLaterWaitsForOneRoundAndNoMore() throws Exception {
        for (int i = 1; i <= 300; i++) {
            queue.add(a, "a" + i);
        }
        takeAll(100);
        queue.add(b, "b1");

        assertThat(takeAll(3)).containsExactly("a101", "b1", "a102");
    }

    @Test
    void newDocumentsKeepTheirOrder() throws Exception {
        queue.add(a, "a1");
        queue.add(b, "b1");
        takeAll(1);
        queue.add(a, "a2");
        queue.add(c, "c1");

        assertThat(takeAll(3)).containsExactly("b1", "a2", "c1");
    }

    @Test
    void lookingTakesNothing() throws Exception {
        assertThat(queue.peek()).isEmpty();
        queue.add(a, "a1");

        assertThat(queue.peek()).contains("a1");
        assertThat(queue.peek()).contains("a1");
        assertThat(queue.take()).isEqualTo("a1");
        assertThat(queue.peek()).isEmpty();
    }

    @Test
    void drainingTakesAllAndLeavesNone() {
        queue.add(a, "a1");
        queue.add(b, "b1");
        queue.add(a, "a2");

        assertThat(queue.drain()).containsExactlyInAnyOrder("a1", "b1", "a2");
        assertThat(queue.peek()).isEmpty();
        assertThat(queue.drain()).isEmpty();
    }

    @Test
    void takesWhatManyThreadsAddAndWaitsForIt() throws Exception {
        int documents = 8;
        int jobs = 500;
        List<Thread> threads = new ArrayList<>();
        for (int d = 0; d < documents; d++) {
            int document = d;
            FairnessKey turn = new FairnessKey();
            Thread thread = new Thread(() -> {
                for (int i = 0; i < jobs; i++) {
                    queue.add(turn, document + " " + i);
                }
            });
            threads.add(thread);
            thread.start();
        }
        Map<String, Integer> next = new ConcurrentHashMap<>();
        for (String job : takeAll(documents * jobs)) {
            String[] documentAndNumber = job.split(" ", -1);
            int expected = next.merge(documentAndNumber[0], 1, Integer::sum) - 1;
            assertThat(Integer.parseInt(documentAndNumber[1])).isEqualTo(expected);
        }
        assertThat(next).hasSize(documents);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private List<String> takeAll(int count) throws InterruptedException {
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(queue.take());
        }
        return taken;
    }
}
