package io.github.longwing.store;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.model.BigBirdPegasus;
import io.github.longwing.model.Graph;
import io.github.longwing.onnx.GraphSignature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A model imported by {@link ModelImporter}: graphs, weights, tokenizer and configuration, complete and undamaged.
 * Thread-safe.
 */
public final class ModelDirectory {
    /** The file by which a model directory is recognized. */
    public static final String MANIFEST = Manifest.FILE_NAME;

    static final String WEIGHTS = "weights.bin";
    static final String CONFIG = "config.json";

    private final Path path;
    private final Manifest manifest;
    private final BigBirdPegasusConfig config;
    private Map<Graph, GraphSignature> signatures = Map.of(); // computed on first use; guarded by this

    private ModelDirectory(Path path, Manifest manifest, BigBirdPegasusConfig config) {
        this.path = path;
        this.manifest = manifest;
        this.config = config;
    }

    /** Whether a directory was made by {@link ModelImporter}, complete or not. */
    public static boolean isModelDirectory(Path path) {
        return Files.isRegularFile(path.resolve(Manifest.FILE_NAME));
    }

    /** What the result column {@code model} will say, without a look at the weights; empty for other directories. */
    public static Optional<String> label(Path path) {
        return isModelDirectory(path) ? Optional.of(Manifest.read(path)).map(ModelDirectory::label) : Optional.empty();
    }

    private static String label(Manifest manifest) {
        return manifest.name() + "@" + manifest.fingerprint();
    }

    /** Refuses a model directory that was imported with other settings than those that are given. */
    public static void requireSettings(Path path, Optional<Precision> precision, Optional<RandomBlocks> randomBlocks) {
        Manifest manifest = Manifest.read(path);
        precision.filter(wanted -> wanted != manifest.precision()).ifPresent(wanted -> {
            throw otherSetting(path, "precision", manifest.precision().configName(), wanted.configName());
        });
        randomBlocks.filter(wanted -> wanted != manifest.randomBlocks()).ifPresent(wanted -> {
            throw otherSetting(path, "random-blocks", manifest.randomBlocks().configName(), wanted.configName());
        });
    }

    private static UserException otherSetting(Path path, String setting, String found, String wanted) {
        return new UserException("Cannot use the model in " + path + ": it was imported with " + setting + " " + found
                + ", expected " + wanted + "; leave out --" + setting + ", or import the model again with it");
    }

    /**
     * Reads and verifies a model directory: every file's size and SHA-256. A file is hashed again in the same process only
     * if its path, size or times have changed.
     */
    public static ModelDirectory open(Path path) {
        int unused = manifest(path).verify(path);
        return read(path);
    }

    /** Reads manifest and configuration, and verifies no files. */
    public static ModelDirectory read(Path path) {
        return new ModelDirectory(path, manifest(path), BigBirdPegasusConfig.read(path.resolve(CONFIG)));
    }

    private static Manifest manifest(Path path) {
        if (!isModelDirectory(path)) {
            throw new UserException("Cannot load the model in " + path + ": it has no " + Manifest.FILE_NAME
                    + ", expected a complete model directory; make one with: longwing import --model SOURCE --output "
                    + path);
        }
        return Manifest.read(path);
    }

    public Path path() {
        return path;
    }

    public BigBirdPegasusConfig config() {
        return config;
    }

    public Precision precision() {
        return manifest.precision();
    }

    public RandomBlocks randomBlocks() {
        return manifest.randomBlocks();
    }

    /** Whether the model's architecture has this graph. */
    public boolean has(Graph graph) {
        return manifest.files().containsKey(graphFile(path, graph).getFileName().toString());
    }

    /** The inputs and outputs that a graph must have by the model's config; none for a graph that it must not have. */
    public synchronized GraphSignature signature(Graph graph) {
        if (signatures.isEmpty()) {
            signatures = BigBirdPegasus.signatures(config, manifest.decoderSlots());
        }
        return signatures.getOrDefault(graph, new GraphSignature(Map.of(), Map.of()));
    }

    public Path graphFile(Graph graph) {
        return graphFile(path, graph);
    }

    public static Path graphFile(Path directory, Graph graph) {
        return directory.resolve(graph.graphName() + ".onnx");
    }

    /** Documents that one step of the decoder can serve. */
    public int decoderSlots() {
        return manifest.decoderSlots();
    }

    public String fingerprint() {
        return manifest.fingerprint();
    }

    /** The value of the result column {@code model}: name and fingerprint. */
    public String label() {
        return label(manifest);
    }
}
