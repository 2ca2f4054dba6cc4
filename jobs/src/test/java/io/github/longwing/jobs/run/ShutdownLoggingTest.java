package io.github.longwing.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.junit.jupiter.api.Test;

class ShutdownLoggingTest {
    @Test
    void keepsSparkOutOfTheTerminalAndNotLongwing() throws Exception {
        // logging of its own, so that other tests keep theirs
        try (URLClassLoader apart = new URLClassLoader(new URL[0], null)) {
            Logger root = (Logger) LogManager.getContext(apart, false).getLogger(LogManager.ROOT_LOGGER_NAME);
            ConsoleAppender console = (ConsoleAppender) root.getAppenders().values().stream()
                    .filter(ConsoleAppender.class::isInstance)
                    .findFirst()
                    .orElseThrow();
            assertThat(console.isFiltered(of("org.apache.spark.TaskContextImpl")))
                    .isFalse();

            ShutdownLogging.begin(root);

            assertThat(console.isFiltered(of("org.apache.spark.TaskContextImpl")))
                    .isTrue();
            assertThat(console.isFiltered(of("io.github.longwing.spark.ExecutorModels")))
                    .isFalse();
        }
    }

    private static Log4jLogEvent of(String logger) {
        return Log4jLogEvent.newBuilder().setLoggerName(logger).build();
    }
}
