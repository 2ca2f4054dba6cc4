package io.github.longwing.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

/** Platforms that keep the SparkContext from user code say so with exceptions of their own. */
class SparkContextsTest {
    @Test
    void anyExceptionMeansThatThereIsNoContext() {
        assertThat(SparkContexts.of(() -> thrown(new UnsupportedOperationException("Spark Connect"))))
                .isEmpty();
        assertThat(SparkContexts.of(() -> thrown(new SecurityException("not whitelisted"))))
                .isEmpty();
        assertThat(SparkContexts.of(() -> thrown(new SparkException("a checked exception, which Scala does not declare"))))
                .isEmpty();
    }

    @SuppressWarnings("unchecked") // as Scala throws checked exceptions
    private static <V, E extends Exception> V thrown(Exception exception) throws E {
        throw (E) exception;
    }
}
