package io.github.longwing.jobs.commit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A process of some host, told from later ones of the same number by its start.
 *
 * @param start of the process; empty text where the system does not tell
 */
public record ProcessIdentity(String host, long pid, String start) {
    /** A process sees the start of another a little differently when somebody has set the clock meanwhile. */
    private static final Duration CLOCK = Duration.ofSeconds(10);

    public ProcessIdentity {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(start, "start");
    }

    static ProcessIdentity current() {
        ProcessHandle process = ProcessHandle.current();
        return new ProcessIdentity(hostName(), process.pid(), start(process));
    }

    boolean isOfThisHost() {
        return host.equals(hostName());
    }

    /** Whether it still runs; meaningful on its own host only. */
    boolean isAlive() {
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        return process.isPresent() && (start.isEmpty() || isNear(start, start(process.get())));
    }

    private static boolean isNear(String one, String other) {
        return one.equals(other)
                || (!other.isEmpty()
                        && Duration.between(Instant.parse(one), Instant.parse(other))
                                        .abs()
                                        .compareTo(CLOCK)
                                < 0);
    }

    private static String start(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    private static String hostName() {
        String named = System.getenv("HOSTNAME");
        if (named != null && !named.isBlank()) {
            return named;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
