package io.github.longwing.runtime;

import java.time.Duration;

/**
 * How far the work on one document is, and how long the model has worked on it: the time of its own native runs and of
 * the decoder steps that it shares, not the time that it waits for other documents. Thread-safe.
 */
public final class WorkProgress {
    private Stage stage = Stage.WAITING;
    private long workedNanos;
    private long since;
    private int underWay;
    private int windows;
    private int finishedWindows;

    /** What is done with a document. */
    public enum Stage {
        WAITING("waiting"),
        TOKENIZING("tokenizing"),
        ENCODING("encoding"),
        DECODING("decoding"),
        /** By a task that does not tell more. */
        WORKING("working");

        private final String word;

        Stage(String word) {
            this.word = word;
        }
    }

    /** A part of the work, until it is closed. */
    public interface Part extends AutoCloseable {
        @Override
        void close();
    }

    /** Begins a part of the work; the time of parts at the same time counts once. */
    public synchronized Part begin(Stage begun) {
        stage = begun;
        if (underWay++ == 0) {
            since = System.nanoTime();
        }
        return this::end;
    }

    private synchronized void end() {
        if (--underWay > 0) {
            return; // the engine may begin before the thread that tokenized has returned
        }
        workedNanos += System.nanoTime() - since;
        // a document in the decoder stays there between its steps
        stage = stage == Stage.DECODING ? stage : Stage.WAITING;
    }

    /** So many more windows will be read. */
    public synchronized void addWindows(int count) {
        windows += count;
    }

    public synchronized void finishWindow() {
        finishedWindows++;
    }

    /** How long the document has been worked on until now. */
    public synchronized Duration worked() {
        return Duration.ofNanos(workedNanos + (underWay > 0 ? System.nanoTime() - since : 0));
    }

    /** Whether it is being worked on at this moment. */
    public synchronized boolean isUnderWay() {
        return underWay > 0;
    }

    /** The stage in words, such as {@code decoding, window 3 of 12}. */
    public synchronized String words() {
        return windows > 1
                ? stage.word + ", window " + Math.min(windows, finishedWindows + 1) + " of " + windows
                : stage.word;
    }
}
