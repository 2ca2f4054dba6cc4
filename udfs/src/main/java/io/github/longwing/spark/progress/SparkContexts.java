package io.github.longwing.spark.progress;

import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The SparkContext behind a session, for sessions that show it: clients of Spark Connect and fenced platforms do not. */
public final class SparkContexts {
    private static final Logger LOG = LoggerFactory.getLogger(SparkContexts.class);

    private SparkContexts() {}

    public static Optional<SparkContext> of(SparkSession session) {
        try {
            return Optional.of(session.sparkContext());
        } catch (RuntimeException e) { // each platform has a class of its own for this
            LOG.debug("This session shows no SparkContext", e);
            return Optional.empty();
        }
    }
}
