package io.github.longwing.jobs.command;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.commit.RowIdentity;
import io.github.longwing.jobs.commit.RunRecord.Settings;
import io.github.longwing.jobs.conf.ResolvedOption;
import io.github.longwing.jobs.conf.ResolvedOptions;
import io.github.longwing.jobs.options.JobOptions.RunMode;
import io.github.longwing.jobs.run.Estimate;
import io.github.longwing.jobs.run.Job;
import io.github.longwing.jobs.run.ModelSummary;
import io.github.longwing.jobs.run.TaskRun;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.columns.RowFingerprint;
import io.github.longwing.spark.models.LocatedModel;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.EqualTexts;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.options.StopSignal;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.task.ResultBasis;
import io.github.longwing.tokenizer.Tokenizer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A task as the user asked for it.
 *
 * @param resolved all options of the job, given those that the user left to the model or the task
 */
record TaskJob<S extends Serializable, T>(
        TaskArguments<S, T> arguments,
        TaskOptions<S> options,
        RunMode runMode,
        Backend backend,
        Function<List<ResolvedOption>, ResolvedOptions> resolved)
        implements Job {

    @Override
    public String name() {
        return arguments.task().name();
    }

    @Override
    public DocumentColumns columns() {
        return options.columns();
    }

    @Override
    public StructType schema(Dataset<Row> documents) {
        return DocumentTransformation.of(arguments.task()).schema(documents, options);
    }

    @Override
    public Ready prepare() {
        // Spark runs by now: its settings say how to reach a model behind a URI
        ModelReference pinned = backend.models().pin(options.model());
        LocatedModel model =
                switch (runMode) {
                    case RUN -> backend.models().check(pinned);
                    case DRY_RUN -> backend.models().describe(pinned);
                };
        try {
            return ready(pinned, model);
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    private Ready ready(ModelReference pinned, LocatedModel model) {
        BigBirdPegasusConfig config =
                BigBirdPegasusConfig.read(model.directory().resolve("config.json"));
        arguments.task().requireArchitecture(config.architecture(), "name another with --model");
        Tokenizer.requireFiles(model.directory());
        FittedTask<S> fitted = arguments.fit(model.directory(), config);
        ModelSummary summary = new ModelSummary(
                model.directory(),
                fitted.windows(),
                new Estimate(config, fitted.passes(), fitted.generation(), model.precision()),
                fitted.generation().map(GenerationConfig::notes).orElse(List.of()));
        ResultBasis basis = fitted.generation().map(ResultBasis::of).orElse(ResultBasis.TEXT);
        if (basis == ResultBasis.TEXT_AND_ID && options.equalTexts() == EqualTexts.ONCE) {
            throw new UserException("Cannot use --deduplicate with --do-sample true: what is drawn for a document"
                    + " follows from its id, expected a result that follows from the text alone; leave one out");
        }
        TaskOptions<S> ofModel = new TaskOptions<>(
                        pinned, options.columns(), fitted.options(), options.onError(), options.partitioning())
                .computing(options.equalTexts());
        List<ResolvedOption> defaults = new ArrayList<>(fitted.defaults());
        defaults.add(new ResolvedOption("precision", model.precision().configName(), ResolvedOption.MODEL));
        defaults.add(new ResolvedOption("random-blocks", model.randomBlocks().configName(), ResolvedOption.MODEL));
        return new ReadyJob<>(
                DocumentTransformation.of(arguments.task()),
                model,
                summary,
                ofModel,
                resolved.apply(defaults),
                basis,
                backend.taskRun());
    }

    private record ReadyJob<S extends Serializable, T>(
            DocumentTransformation<S, T> transformation,
            LocatedModel located,
            ModelSummary model,
            TaskOptions<S> taskOptions,
            ResolvedOptions options,
            ResultBasis basis,
            TaskRun taskRun)
            implements Ready {
        @Override
        public DocumentColumns columns() {
            return taskOptions.columns();
        }

        @Override
        public StructType schema(Dataset<Row> documents) {
            return transformation.schema(documents, taskOptions);
        }

        @Override
        public RowUnit unit(Dataset<Row> documents) {
            return transformation.unit(documents, taskOptions);
        }

        @Override
        public RowIdentity identity() {
            return new RowIdentity(
                    RowFingerprint.of(transformation.task().name(), taskOptions.taskOptions()),
                    taskRun.label(located.directory()),
                    basis,
                    columns().ids().size(),
                    taskOptions.equalTexts());
        }

        @Override
        public List<String> keys(Dataset<Row> documents) {
            return List.of(schema(documents).fieldNames())
                    .subList(0, columns().ids().size());
        }

        @Override
        public Settings settings(Dataset<Row> documents) {
            return new Settings(
                    transformation.task().name(),
                    identity().settings(),
                    identity().model(),
                    schema(documents).json(),
                    options.thatChangeRows());
        }

        @Override
        public Dataset<Row> result(
                Dataset<Row> documents,
                UnaryOperator<Dataset<Row>> selection,
                Isolation isolation,
                StopSignal stop,
                JobProgress progress) {
            TaskOptions<S> safe = taskOptions.isolated(isolation).stoppedBy(stop);
            return taskRun.run(transformation, documents, safe, selection, progress);
        }

        @Override
        public Dataset<Row> observe(Dataset<Row> result, Observation observation) {
            return transformation.observe(result, taskOptions, observation);
        }

        @Override
        public void close() {
            located.close();
        }
    }
}
