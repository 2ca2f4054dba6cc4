package io.github.longwing.spark.task;

import io.github.longwing.config.BigBirdPegasusConfig;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The options of a task by name, those that its command has beside the options of every job; what SQL functions and Spark
 * ML take follows from it.
 *
 * @param options in the order of the help
 * @param reader makes the options of the task of texts
 * @param <S> the options of the task
 */
public record OptionTable<S>(List<NamedOption> options, Reader<S> reader) {

    /** What options have to fit: at least config.json and generation_config.json of a model, and what the first says. */
    public record ModelFiles(Path directory, BigBirdPegasusConfig config) {}

    /** Reads the options of a task. */
    public interface Reader<S> {
        /**
         * The options that the texts say, with the defaults of the task.
         *
         * @param model empty where the model is not known, so that executors find out whether the options fit it
         * @throws io.github.longwing.error.UserException naming the option, the value and what was expected
         */
        S read(OptionTexts texts, Optional<ModelFiles> model);
    }

    public OptionTable {
        options = List.copyOf(options);
    }

    /** The names of the options. */
    public Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        options.forEach(option -> keys.add(option.key()));
        return keys;
    }
}
