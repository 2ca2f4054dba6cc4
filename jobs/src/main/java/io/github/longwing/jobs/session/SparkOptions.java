package io.github.longwing.jobs.session;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.conf.Redaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options for Spark: {@code --master} and the {@code --conf}s. */
public record SparkOptions(Optional<String> master, Map<String, String> conf) {
    public SparkOptions {
        conf = Map.copyOf(conf);
    }

    /** Of settings as the command line has them, {@code spark.NAME=VALUE}. */
    public static SparkOptions of(Optional<String> master, List<String> settings) {
        Map<String, String> conf = new LinkedHashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals < 1 || !setting.startsWith("spark.")) {
                String shown = equals < 1 ? setting : Redaction.show(setting.substring(0, equals), setting);
                throw new UserException("Cannot use --conf " + shown
                        + ": expected a setting of Spark as spark.NAME=VALUE; settings of Longwing go into --set");
            }
            conf.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return new SparkOptions(master, conf);
    }
}
