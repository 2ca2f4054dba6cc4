package io.github.longwing.spark.progress;

import org.apache.spark.util.AccumulatorV2;

/** Carries the oldest document of a task to the driver with the heartbeats of its executor; has no total. */
final class OldestInFlight extends AccumulatorV2<InFlight, InFlight> {
    private static final long serialVersionUID = 1L;

    /** Null for none. */
    private volatile InFlight oldest;

    @Override
    public boolean isZero() {
        return oldest == null;
    }

    @Override
    public OldestInFlight copy() {
        OldestInFlight copy = new OldestInFlight();
        copy.oldest = oldest;
        return copy;
    }

    @Override
    public void reset() {
        oldest = null;
    }

    @Override
    public void add(InFlight document) {
        oldest = document;
    }

    @Override
    public void merge(AccumulatorV2<InFlight, InFlight> ofTask) {
        // a task that ends has no document under way
    }

    @Override
    public InFlight value() {
        return oldest;
    }
}
