package io.github.longwing.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * Jobs that wait for an engine, taken round-robin by document, so that a document of hundreds of windows does not block
 * the others. The jobs of a document keep their order. Thread-safe; one thread takes.
 */
final class FairQueue<J> {
    /** In the order of the round: the next document first. Guarded by this. */
    private final Map<FairnessKey, Queue<J>> lines = new LinkedHashMap<>();

    synchronized void add(FairnessKey document, J job) {
        lines.computeIfAbsent(document, d -> new ArrayDeque<>()).add(job);
        notifyAll();
    }

    /** The next job, which stays in the queue. */
    synchronized Optional<J> peek() {
        return lines.values().stream().findFirst().map(Queue::element);
    }

    /** Waits for a job and takes it; its document moves to the end of the round. */
    synchronized J take() throws InterruptedException {
        while (lines.isEmpty()) {
            wait();
        }
        Map.Entry<FairnessKey, Queue<J>> first = lines.entrySet().iterator().next();
        FairnessKey document = first.getKey();
        Queue<J> line = first.getValue();
        lines.remove(document);
        J job = line.remove();
        if (!line.isEmpty()) {
            lines.put(document, line);
        }
        return job;
    }

    /** Takes all jobs. */
    synchronized List<J> drain() {
        List<J> all = new ArrayList<>();
        lines.values().forEach(all::addAll);
        lines.clear();
        return all;
    }
}
