package io.github.longwing.jobs.options;

import io.github.longwing.jobs.session.SparkOptions;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --conf} and {@code --master}, for commands that start Spark. */
public final class SparkOptionGroup {
    @Option(names = "--conf", paramLabel = "spark.X=Y", description = "A setting of Spark. May be given several times.")
    private List<String> conf = List.of();

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark's master; other than local it takes an installed Spark. Default: local[*].")
    private String master;

    /** Both, checked. */
    public SparkOptions options() {
        return SparkOptions.of(Optional.ofNullable(master), conf);
    }
}
