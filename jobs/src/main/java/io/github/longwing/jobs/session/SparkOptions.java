package io.github.longwing.jobs.session;

import java.util.Map;
import java.util.Optional;

/** The options for Spark: {@code --master} and the {@code --conf}s. */
public record SparkOptions(Optional<String> master, Map<String, String> conf) {
    public SparkOptions {
        conf = Map.copyOf(conf);
    }
}
