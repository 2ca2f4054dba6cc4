package io.github.longwing.spark.models;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.store.CachedModel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of a model on this machine. They stay there until this is closed; afterwards the cache may drop them. Any
 * thread may close it.
 *
 * @param directory a model directory; or, if only described, a directory that has at least config.json and the tokenizer
 * @param precision of the model directory, or what an import would give it
 * @param randomBlocks likewise
 * @param cached empty for a directory of the user's
 */
public record LocatedModel(
        Path directory, Precision precision, RandomBlocks randomBlocks, Optional<CachedModel> cached)
        implements AutoCloseable {

    @Override
    public void close() {
        cached.ifPresent(CachedModel::close);
    }
}
