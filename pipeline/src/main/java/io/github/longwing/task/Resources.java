package io.github.longwing.task;

import com.sun.management.OperatingSystemMXBean;
import io.github.longwing.batching.MemoryPool;
import io.github.longwing.config.MemoryPlan;
import java.lang.management.ManagementFactory;

/**
 * What a loaded model may use of this process.
 *
 * @param threads of ONNX Runtime, at least 1
 * @param memory besides the heap: weights, activations, and the documents in the decoder
 */
public record Resources(int threads, MemoryPool memory) {
    /** What is left to the operating system and its page cache. */
    private static final double SHARE = 0.8;

    public Resources {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
        }
    }

    /** So many threads, and the memory of this machine or container. */
    public static Resources ofThisMachine(int threads) {
        return new Resources(threads, new MemoryPool(forModels(nativeBytesOfThisMachine())));
    }

    /** What the models may take together of the native memory of a process. */
    public static long forModels(long nativeBytes) {
        return nativeBytes - MemoryPlan.PROCESS_BYTES;
    }

    /** What this machine or container has besides the largest heap of this process. */
    public static long nativeBytesOfThisMachine() {
        long all =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return Math.max(0, Math.round(SHARE * all) - Runtime.getRuntime().maxMemory());
    }
}
