package io.github.longwing.jobs.options;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.options.ModelReference;
import picocli.CommandLine.Option;

/** Which model, and the two options of its import. */
public final class ModelOptions {
    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = {
                "A model directory, a transformers directory, a URI that Hadoop's file systems read,",
                "or a Hub id owner/name[@revision].",
                "Default, for summarize, embed and classify: the small model that the jar carries for it."
            })
    private String model;

    @Option(
            names = "--random-blocks",
            paramLabel = "reference|paper",
            description = {
                "The random blocks of the sparse pattern: as transformers at inference, or as in the paper.",
                "Default: what a model directory was imported with, else reference."
            })
    private RandomBlocks randomBlocks;

    @Option(
            names = "--precision",
            paramLabel = "float32|int8",
            description = {
                "The arithmetic of the large matrix products.",
                "Default: what a model directory was imported with, else float32."
            })
    private Precision precision;

    public ModelReference reference() {
        return new ModelReference(model, randomBlocks, precision);
    }

    /** For commands that do not fall back to the model in the jar. */
    public ModelReference required() {
        if (model == null) {
            throw new UserException("Cannot go on without --model: expected --model MODEL, such as a transformers"
                    + " directory or google/bigbird-pegasus-large-pubmed");
        }
        return reference();
    }
}
