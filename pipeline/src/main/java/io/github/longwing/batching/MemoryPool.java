package io.github.longwing.batching;

/**
 * The native memory of a process, which its models and the documents in their decoders share: what one of them leaves, the
 * others may take. It counts and allocates nothing. Thread-safe.
 */
public final class MemoryPool {
    private long bytes;
    private long taken;

    /** A pool of so many bytes. */
    public MemoryPool(long bytes) {
        this.bytes = bytes;
    }

    /** Makes it larger or smaller; what is taken stays so. */
    public synchronized void resize(long all) {
        bytes = all;
    }

    /** Takes what is needed in any case: a model that is loaded, the only document of a decoder. */
    public synchronized void take(long wanted) {
        taken += wanted;
    }

    /** Takes so much if there is so much. */
    public synchronized boolean takeIfFree(long wanted) {
        if (wanted > bytes - taken) {
            return false;
        }
        taken += wanted;
        return true;
    }

    /** Gives back what was taken. */
    public synchronized void giveBack(long given) {
        taken -= given;
    }

    /** What is left; negative where models and single documents have taken more than there is. */
    public synchronized long free() {
        return bytes - taken;
    }
}
