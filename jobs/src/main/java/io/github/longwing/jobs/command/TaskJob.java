package io.github.longwing.jobs.command;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.conf.ResolvedOption;
import io.github.longwing.jobs.conf.ResolvedOptions;
import io.github.longwing.jobs.run.Estimate;
import io.github.longwing.jobs.run.Job;
import io.github.longwing.jobs.run.ModelSummary;
import io.github.longwing.jobs.run.TaskRun;
import io.github.longwing.jobs.run.VerifiedModel;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.tokenizer.Tokenizer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task as the user asked for it.
 *
 * @param settings puts what the user left open among the settings of the user
 */
public record TaskJob<S extends Serializable, T>(
        TaskCommand<S, T> command,
        TaskOptions<S> options,
        Backend backend,
        Function<List<ResolvedOption>, ResolvedOptions> settings)
        implements Job {
    private static final Logger LOG = LoggerFactory.getLogger(TaskJob.class);

    @Override
    public String name() {
        return command.spec().name();
    }

    @Override
    public StructType schema(Dataset<Row> documents) {
        return command.transformation().schema(documents, options);
    }

    @Override
    public Ready prepare() {
        // not before Spark runs, which knows how to reach a model behind a URI
        ModelReference pinned = backend.models().pin(options.model());
        VerifiedModel model =
                switch (command.options().runMode()) {
                    case RUN -> backend.models().check(pinned);
                    case DRY_RUN -> backend.models().describe(pinned);
                };
        try (Tokenizer tokenizer = Tokenizer.load(model.files())) {
            LOG.debug("The tokenizer of {} has {} ids", model.files(), tokenizer.vocabularySize());
        }
        BigBirdPegasusConfig config = BigBirdPegasusConfig.read(model.files().resolve("config.json"));
        requireArchitecture(config.architecture());
        FittedTask<S> fitted = command.fit(model, config);
        ModelSummary facts = new ModelSummary(
                model.files(),
                fitted.windows(),
                new Estimate(config, fitted.passes(), fitted.generation(), model.precision()),
                fitted.generation().map(GenerationConfig::notes).orElse(List.of()));
        TaskOptions<S> resolved = new TaskOptions<>(
                pinned, options.columns(), fitted.settings(), options.onError(), options.partitioning());
        List<ResolvedOption> defaults = new ArrayList<>(fitted.defaults());
        defaults.add(new ResolvedOption("precision", model.precision().configName(), ResolvedOption.MODEL));
        defaults.add(new ResolvedOption("random-blocks", model.randomBlocks().configName(), ResolvedOption.MODEL));
        return new ReadyJob<>(command.transformation(), facts, resolved, settings.apply(defaults), backend.taskRun());
    }

    private void requireArchitecture(Architecture found) {
        if (!command.architectures().contains(found)) {
            throw new UserException("Cannot " + name() + " with this model: architectures is " + found.configName()
                    + ", expected "
                    + command.architectures().stream()
                            .map(Architecture::configName)
                            .collect(Collectors.joining(" or "))
                    + "; name another with --model");
        }
    }

    private record ReadyJob<S extends Serializable, T>(
            DocumentTransformation<S, T> transformation,
            ModelSummary model,
            TaskOptions<S> options,
            ResolvedOptions settings,
            TaskRun taskRun)
            implements Ready {
        @Override
        public StructType schema(Dataset<Row> documents) {
            return transformation.schema(documents, options);
        }

        @Override
        public RowUnit unit(Dataset<Row> documents) {
            return transformation.unit(documents, options);
        }

        @Override
        public Dataset<Row> result(Dataset<Row> documents, JobProgress progress) {
            return taskRun.run(transformation, documents, options, progress);
        }

        @Override
        public Dataset<Row> observe(Dataset<Row> result, Observation observation) {
            return transformation.observe(result, options, observation);
        }
    }
}
