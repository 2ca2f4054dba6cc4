package io.github.longwing.spark;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Where models come from and are kept on one machine: the Hub, the jar, and the host's cache. */
interface ModelStore {

    /** The same Hub id at the commit that its revision stands for now; empty for a text that is no Hub id. */
    Optional<String> pinHubId(String text);

    /** The transformers directory of a Hub id, downloaded where it is missing. */
    Path fromHub(String hubId);

    /** The directory that {@code fill} made for this key, on this machine, once for all processes. */
    Path copied(String key, Consumer<Path> fill);

    /** The model directory of the model that the jar carries. */
    Path embedded(ModelReference reference);

    /** The model directory of a source, which is the source itself or is imported from it into the host's cache. */
    Path modelDirectory(Path source, String name, ModelReference reference);
}
