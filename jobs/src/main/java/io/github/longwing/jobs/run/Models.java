package io.github.longwing.jobs.run;

import io.github.longwing.spark.models.LocatedModel;
import io.github.longwing.spark.options.ModelReference;
import java.nio.file.Path;

/** Finds models on this machine. */
public interface Models {

    /** Decides what a location means, so that it means the same everywhere; fails where it names nothing. */
    ModelReference pin(ModelReference reference);

    /** As far as the small files tell; weights need not be there. */
    VerifiedModel describe(ModelReference pinned);

    /** Complete and undamaged; downloads and imports what is not in the cache of this machine. */
    VerifiedModel check(ModelReference pinned);

    /** A model directory; downloads and imports what is not in the cache of this machine. */
    LocatedModel modelDirectory(ModelReference pinned);

    /** Makes a model directory that must not exist yet. */
    void importInto(ModelReference pinned, Path target);
}
