package io.github.longwing.jobs.run;

import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.filter.AbstractFilter;
import org.apache.spark.SparkContext;

/**
 * Limits the terminal to Longwing's own messages during a shutdown. Whatever Spark is doing then fails, and its reports of
 * that tell a person who pressed Ctrl-C nothing. Logs in files keep everything.
 */
final class ShutdownLogging {
    private static final String OURS = "io.github.longwing";

    private ShutdownLogging() {}

    /** Begins at once; there is no end, since the process ends. */
    static void begin() {
        // Spark's own logging: under spark-submit, Longwing has another class loader
        if (LogManager.getContext(SparkContext.class.getClassLoader(), false).getLogger(LogManager.ROOT_LOGGER_NAME)
                instanceof Logger root) {
            begin(root);
        }
    }

    static void begin(Logger root) {
        for (Appender appender : root.getAppenders().values()) {
            if (appender instanceof ConsoleAppender console) {
                console.addFilter(new OursOnly());
            }
        }
    }

    private static final class OursOnly extends AbstractFilter {
        @Override
        public Result filter(LogEvent event) {
            String logger = event.getLoggerName();
            return logger != null && logger.startsWith(OURS) ? Result.NEUTRAL : Result.DENY;
        }
    }
}
