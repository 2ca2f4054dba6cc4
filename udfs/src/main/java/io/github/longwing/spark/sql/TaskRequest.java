package io.github.longwing.spark.sql;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.columns.RowFingerprint;
import io.github.longwing.spark.columns.TaskColumns;
import io.github.longwing.spark.executor.DocumentFunction;
import io.github.longwing.spark.executor.ModelLoader;
import io.github.longwing.spark.models.LocatedModel;
import io.github.longwing.spark.models.Models;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.DurationText;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.StopSignal;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.task.NamedOption;
import io.github.longwing.spark.task.OptionTable.ModelFiles;
import io.github.longwing.spark.task.OptionTexts;
import io.github.longwing.spark.task.SparkTask;
import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A task as a call in SQL or a stage of Spark ML asks for it: by names of options, checked on the driver against its
 * model.
 *
 * @param model pinned, so that it is the same on all executors
 * @param options fitted to the model
 */
public record TaskRequest<S extends Serializable, T>(
        SparkTask<S, T> task, ModelReference model, S options, ErrorPolicy onError, Isolation isolation)
        implements Serializable {
    /** The options by name that every task has beside its own. */
    public static final List<NamedOption> RUN_OPTIONS = List.of(
            new NamedOption(
                    "model",
                    NamedOption.Kind.TEXT,
                    "MODEL",
                    "a model directory, a transformers directory, a URI, or a Hub id owner/name[@revision]",
                    "the setting spark.longwing.TASK.model, else spark.longwing.model, else, to summarize and embed,"
                            + " the small model that the jar carries",
                    "The model."),
            new NamedOption(
                    "random-blocks",
                    NamedOption.Kind.TEXT,
                    "reference|paper",
                    "reference, paper",
                    "what a model directory was imported with, else reference",
                    "The random blocks of the sparse pattern: as transformers at inference, or as in the paper."),
            new NamedOption(
                    "precision",
                    NamedOption.Kind.TEXT,
                    "float32|int8",
                    "float32, int8",
                    "what a model directory was imported with, else float32",
                    "The arithmetic of the large matrix products."),
            new NamedOption(
                    "on-error",
                    NamedOption.Kind.TEXT,
                    "permissive|failfast|dropmalformed",
                    "permissive, failfast, dropmalformed",
                    "permissive",
                    "A document that cannot be processed has an error in its row, fails the query, or is left out."),
            new NamedOption(
                    "document-timeout",
                    NamedOption.Kind.TEXT,
                    "TIME",
                    "a time such as 45s or 1h30m",
                    "none",
                    "How long the model may work on one document; a longer one is an error."));

    /** The names of all options that a task takes. */
    public static Set<String> keys(SparkTask<?, ?> task) {
        Set<String> keys = new LinkedHashSet<>();
        RUN_OPTIONS.forEach(option -> keys.add(option.key()));
        keys.addAll(task.optionTable().keys());
        return keys;
    }

    /**
     * Refuses what is wrong whatever the model.
     *
     * @throws UserException naming the option, the value and what was expected
     */
    public static <S extends Serializable> S check(SparkTask<S, ?> task, OptionTexts texts) {
        var unused = List.of(onError(texts), isolation(texts), imported(ModelReference.embedded(), texts));
        return task.optionTable().reader().read(texts, Optional.empty());
    }

    private static ErrorPolicy onError(OptionTexts texts) {
        return texts.choice("on-error", List.of(ErrorPolicy.values())).orElse(ErrorPolicy.PERMISSIVE);
    }

    private static Isolation isolation(OptionTexts texts) {
        return texts.find("document-timeout")
                .map(time -> Isolation.none().withTimeout(DurationText.parse("the option document-timeout", time)))
                .orElse(Isolation.none());
    }

    private static ModelReference imported(ModelReference named, OptionTexts texts) {
        return new ModelReference(
                named.location(),
                texts.choice("random-blocks", List.of(RandomBlocks.values())).orElse(null),
                texts.choice("precision", List.of(Precision.values())).orElse(null));
    }

    /**
     * The task with these options. Finds the model, reads its configuration, and downloads or imports no weights.
     *
     * @param settings of the session, which may name the model
     * @throws UserException if there is no such model, or the options do not fit it
     */
    public static <S extends Serializable, T> TaskRequest<S, T> of(
            SparkTask<S, T> task, OptionTexts texts, Function<String, Optional<String>> settings, Models models) {
        S unused = check(task, texts);
        ModelReference named =
                texts.find("model").map(ModelReference::at).orElseGet(() -> SessionModel.find(task, settings));
        ModelReference pinned = models.pin(imported(named, texts));
        try (LocatedModel model = models.describe(pinned)) {
            BigBirdPegasusConfig config =
                    BigBirdPegasusConfig.read(model.directory().resolve("config.json"));
            task.requireArchitecture(config.architecture(), "name another model");
            S fitted = task.optionTable().reader().read(texts, Optional.of(new ModelFiles(model.directory(), config)));
            return new TaskRequest<>(task, pinned, fitted, onError(texts), isolation(texts));
        }
    }

    /** The same as options of a transformation. */
    public TaskOptions<S> in(DocumentColumns columns) {
        return new TaskOptions<>(model, columns, options, onError, InputPartitioning.AS_GIVEN).isolated(isolation);
    }

    /** What runs on the executors, for projected rows of {@code InputColumns}. */
    public DocumentFunction<T> function(TaskColumns<T> columns) {
        return new DocumentFunction<>(
                new ModelLoader<>(task, model, options),
                columns,
                RowFingerprint.of(task.name(), options),
                onError,
                isolation,
                StopSignal.none(),
                JobProgress.none());
    }
}
