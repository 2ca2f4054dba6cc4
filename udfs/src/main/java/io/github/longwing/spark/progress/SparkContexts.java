package io.github.longwing.spark.progress;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The SparkContext of a session, if it gives it: clients of Spark Connect and restricted platforms do not. */
public final class SparkContexts {
    private static final Logger LOG = LoggerFactory.getLogger(SparkContexts.class);

    private SparkContexts() {}

    public static Optional<SparkContext> of(SparkSession session) {
        return of(session::sparkContext);
    }

    static Optional<SparkContext> of(Supplier<SparkContext> context) {
        try {
            return Optional.of(context.get());
        } catch (Exception e) { // platforms throw classes of their own, and Scala declares none of them
            LOG.debug("This session gives no SparkContext", e);
            return Optional.empty();
        }
    }
}
