package io.github.longwing.runtime;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.store.ImportOptions;
import io.github.longwing.store.ModelDirectory;
import io.github.longwing.store.ModelImporter;
import java.nio.file.Path;

/** Imports models of tests. */
public final class TestModels {
    private TestModels() {}

    /** Imports in float32 and opens. */
    public static ModelSessions open(Path source, Path target, int threads) {
        return ModelSessions.open(imported(source, target, Precision.FLOAT32), threads);
    }

    static ModelDirectory imported(Path source, Path target, Precision precision) {
        ModelImporter.run(source, target, new ImportOptions("test", precision, RandomBlocks.REFERENCE));
        return ModelDirectory.open(target);
    }
}
