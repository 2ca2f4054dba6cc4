package io.github.longwing.jobs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The most memory that this process has had, as Linux counts it. */
public final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s*(\\d+) kB");

    private PeakMemory() {}

    /** The end of a sentence, or nothing where the system does not say. */
    public static String sentence() {
        return kilobytes()
                .map(kilobytes -> String.format(Locale.ROOT, ", at most %.2f GB resident", kilobytes / 1e6 * 1.024))
                .orElse("");
    }

    private static Optional<Long> kilobytes() {
        if (!Files.isReadable(STATUS)) {
            return Optional.empty();
        }
        try {
            Matcher peak = PEAK.matcher(Files.readString(STATUS));
            return peak.find() ? Optional.of(Long.parseLong(peak.group(1))) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
