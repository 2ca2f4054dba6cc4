package io.github.longwing.jobs.run;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.util.SignalUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.runtime.AbstractFunction0;

/**
 * Does work before a signal ends the process. Its shutdown hooks would be too late: those of all libraries run at once, and
 * Iceberg's, for one, takes away the threads that a commit needs. A second signal ends the process at once. Thread-safe.
 */
final class Signals {
    /** Those on which a JVM ends in order; one that was ignored when it started stays so. */
    private static final List<String> ENDING = List.of("TERM", "INT", "HUP");

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private static final Set<Runnable> BEFORE = ConcurrentHashMap.newKeySet();

    static {
        ENDING.forEach(signal -> SignalUtils.register(signal, new Handler()));
    }

    private Signals() {}

    /** From now on a signal runs this first. */
    static void beforeTheEnd(Runnable work) {
        BEFORE.add(work);
    }

    static void forget(Runnable work) {
        BEFORE.remove(work);
    }

    /** Gives false: the signal is not done with, and the JVM ends. */
    private static final class Handler extends AbstractFunction0<Object> {
        @Override
        public Object apply() {
            for (Runnable work : BEFORE) {
                try {
                    work.run();
                } catch (RuntimeException e) { // which would keep the process alive
                    LOG.warn("Cannot end the work of this process in order", e);
                }
            }
            return false;
        }
    }
}
