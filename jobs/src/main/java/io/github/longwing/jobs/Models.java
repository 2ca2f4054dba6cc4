package io.github.longwing.jobs;

import io.github.longwing.spark.ModelReference;
import java.nio.file.Path;

/** Finds models on this machine. */
interface Models {

    /** Decides what a location means, so that it means the same everywhere; fails where it names nothing. */
    ModelReference pin(ModelReference reference);

    /** A directory with config.json, generation_config.json and the tokenizer's files; weights need not be there. */
    Path smallFiles(ModelReference pinned);
}
