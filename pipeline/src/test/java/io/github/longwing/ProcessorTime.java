package io.github.longwing;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The work that this process has done: where a test bounds it, other programs on the machine do not count. */
public final class ProcessorTime {
    private ProcessorTime() {}

    /** Of all threads, native code included. */
    public static double seconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }
}
