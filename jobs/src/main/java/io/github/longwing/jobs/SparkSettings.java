package io.github.longwing.jobs;

import java.util.Map;
import java.util.Optional;

/** What the command line says about Spark: {@code --master} and the {@code --conf}s. */
record SparkSettings(Optional<String> master, Map<String, String> conf) {
    SparkSettings {
        conf = Map.copyOf(conf);
    }
}
