package io.github.longwing.jobs.commit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A process of some host, told from later ones of the same number by its start.
 *
 * @param start of the process; empty text where the system does not tell
 */
public record ProcessIdentity(String host, long pid, String start) {
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
        return process.isPresent() && (start.isEmpty() || start.equals(start(process.get())));
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
