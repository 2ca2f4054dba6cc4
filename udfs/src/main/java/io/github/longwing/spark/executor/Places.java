package io.github.longwing.spark.executor;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Who may run documents in an executor: any number of tasks together, or a careful one alone. First come, first served, so
 * that the careful one gets its turn. Thread-safe.
 */
final class Places {
    private static final int ALL = 1 << 20;
    private static final Places OF_THIS_JVM = new Places();

    private final Semaphore places = new Semaphore(ALL, /* fair */ true);

    static Places ofThisJvm() {
        return OF_THIS_JVM;
    }

    /** The right to run a document. Giving it back twice does no harm. */
    final class Place {
        private final int permits;
        private final AtomicBoolean held = new AtomicBoolean(true);

        private Place(int permits) {
            this.permits = permits;
        }

        void giveBack() {
            if (held.getAndSet(false)) {
                places.release(permits);
            }
        }
    }

    /** Waits while somebody runs a document alone. */
    Place takeOne() throws InterruptedException {
        return take(1);
    }

    /** Waits until nobody runs a document. */
    Place takeAll() throws InterruptedException {
        return take(ALL);
    }

    private Place take(int permits) throws InterruptedException {
        places.acquire(permits);
        return new Place(permits);
    }
}
