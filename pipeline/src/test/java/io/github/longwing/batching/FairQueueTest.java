package io.github.longwing.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class FairQueueTest {
    private final FairQueue<String> queue = new FairQueue<>();

    @Test
    void documentsTakeTurnsInTheOrderOfTheirArrival() throws Exception {
        add(new DocumentTurn(), "a1", "a2", "a3");
        add(new DocumentTurn(), "b1");
        add(new DocumentTurn(), "c1", "c2");

        assertThat(takeAll()).containsExactly("a1", "b1", "c1", "a2", "c2", "a3");
    }

    @Test
    void aDocumentThatComesLaterWaitsForOneJobOfEachOther() throws Exception {
        DocumentTurn longDocument = new DocumentTurn();
        for (int i = 0; i < 300; i++) {
            queue.add(longDocument, "long" + i);
        }
        add(new DocumentTurn(), "a1", "a2");
        assertThat(List.of(queue.take(), queue.take())).containsExactly("long0", "a1");
        add(new DocumentTurn(), "b1");

        assertThat(List.of(queue.take(), queue.take(), queue.take())).containsExactly("long1", "a2", "b1");
    }

    @Test
    void aDocumentWhoseLineWasEmptyComesBackAtTheEndOfTheRound() throws Exception {
        DocumentTurn document = new DocumentTurn();
        add(document, "a1");
        add(new DocumentTurn(), "b1", "b2");
        assertThat(queue.take()).isEqualTo("a1");
        add(document, "a2");

        assertThat(takeAll()).containsExactly("b1", "a2", "b2");
    }

    @Test
    void theJobWhoseTurnIsNextStaysInLineWhenSomeoneLooks() throws Exception {
        assertThat(queue.peek()).isEmpty();
        add(new DocumentTurn(), "a1");

        assertThat(queue.peek()).contains("a1");
        assertThat(queue.peek()).contains("a1");
        assertThat(queue.take()).isEqualTo("a1");
        assertThat(queue.peek()).isEmpty();
    }

    @Test
    void theOneThatLooksSeesWhatTheNextTakes() throws Exception {
        Random random = new Random(3);
        List<DocumentTurn> documents = List.of(new DocumentTurn(), new DocumentTurn(), new DocumentTurn());
        Map<Integer, Integer> lastTaken = new HashMap<>();
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            int document = random.nextInt(3);
            queue.add(documents.get(document), document + " " + i);
            while (random.nextInt(2) == 0 && queue.peek().isPresent()) {
                String next = queue.peek().orElseThrow();
                assertThat(queue.take()).isEqualTo(next);
                taken.add(next);
            }
        }
        taken.addAll(queue.drain());

        assertThat(taken).hasSize(2000).doesNotHaveDuplicates();
        for (String job : taken) { // the jobs of a document keep their order
            String[] parts = job.split(" ", -1);
            int number = Integer.parseInt(parts[1]);
            assertThat(lastTaken.merge(Integer.valueOf(parts[0]), number, Math::max)).isEqualTo(number);
        }
    }

    @Test
    void whoeverTakesWaitsForAJob() throws Exception {
        Thread adding = new Thread(() -> {
            for (int i = 0; i < 1000; i++) {
                queue.add(new DocumentTurn(), "job" + i);
            }
        });
        adding.start();

        for (int i = 0; i < 1000; i++) {
            assertThat(queue.take()).isEqualTo("job" + i);
        }
        adding.join();
    }

    @Test
    void drainingLeavesNothing() {
        add(new DocumentTurn(), "a1", "a2");
        add(new DocumentTurn(), "b1");

        assertThat(queue.drain()).containsExactlyInAnyOrder("a1", "a2", "b1");
        assertThat(queue.drain()).isEmpty();
        assertThat(queue.peek()).isEmpty();
    }

    private void add(DocumentTurn document, String... jobs) {
        for (String job : jobs) {
            queue.add(document, job);
        }
    }

    private List<String> takeAll() throws InterruptedException {
        List<String> all = new ArrayList<>();
        while (queue.peek().isPresent()) {
            all.add(queue.take());
        }
        return all;
    }
}
