package io.github.longwing.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The most memory that this process has held so far, as Linux counts it. */
final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String FIELD = "VmHWM:";
    private static final long KIBIBYTE = 1024;

    private PeakMemory() {}

    /** Bytes resident at the peak: heap, native memory, and the pages of mapped files that were in memory. */
    static long bytes() {
        try {
            return bytes(Files.readAllLines(STATUS));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot measure the peak of memory: " + STATUS + " is not there", e);
        }
    }

    static long bytes(List<String> status) {
        String line = status.stream()
                .filter(l -> l.startsWith(FIELD))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Cannot measure the peak of memory: " + STATUS + " has no "
                        + FIELD + ", expected Linux's form of it"));
        String kibibytes = line.substring(FIELD.length()).replace("kB", "").strip();
        return Long.parseLong(kibibytes) * KIBIBYTE;
    }
}
