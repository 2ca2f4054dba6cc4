package io.github.longwing.store;

import io.github.longwing.checkpoint.Checkpoint;
import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.error.UserException;
import io.github.longwing.io.FileTree;
import io.github.longwing.model.BigBirdPegasus;
import io.github.longwing.model.Graph;
import io.github.longwing.onnx.ExternalData;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.OnnxModelWriter;
import io.github.longwing.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a model directory from a transformers directory: graphs built from its checkpoint, weights, tokenizer,
 * configuration and manifest. Weights are streamed, so a small heap imports a large model. The directory gets
 * its name only when it is complete.
 */
public final class ModelImporter {
    private static final Logger LOG = LoggerFactory.getLogger(ModelImporter.class);

    /** Documents that one decoder step serves: the weights, which cost most of a step, are read once for all. */
    public static final int DECODER_SLOTS = 8;

    /** Copied unchanged, where there are any. */
    private static final List<String> CONFIGURATION =
            List.of(ModelDirectory.CONFIG, "generation_config.json", "tokenizer_config.json");

    private static final String TOKENIZER_JSON = "tokenizer.json";
    private static final List<String> TOKENIZER_SOURCES = List.of(TOKENIZER_JSON, "spiece.model");

    private ModelImporter() {}

    /** Imports {@code source} into {@code target}, which must not exist or be empty. */
    public static void run(Path source, Path target, ImportOptions options) {
        if (Files.exists(target) && !isEmptyDirectory(target)) {
            throw new UserException("Cannot import into " + target
                    + ": it exists and is not empty, expected a new directory; choose another --output or remove it");
        }
        Path unfinished = target.resolveSibling(
                target.getFileName() + ".importing-" + ProcessHandle.current().pid());
        try {
            delete(unfinished);
            Files.createDirectories(unfinished);
            build(source, unfinished, options);
            Files.deleteIfExists(target);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UserException("Cannot import " + source + " into " + target + ": " + e, e);
        } finally {
            delete(unfinished);
        }
    }

    private static void build(Path source, Path directory, ImportOptions options) throws IOException {
        Checkpoint.requireNoAdapter(source);
        BigBirdPegasusConfig config = BigBirdPegasusConfig.read(source.resolve(ModelDirectory.CONFIG));
        try (Checkpoint checkpoint = Checkpoint.open(source);
                ExternalData data = new ExternalData(directory.resolve(ModelDirectory.WEIGHTS))) {
            Map<Graph, GraphBuilder> graphs =
                    BigBirdPegasus.graphs(config, checkpoint.weights(), options.precision(), DECODER_SLOTS);
            List<Tensor> unused = checkpoint.unusedTensors();
            if (!unused.isEmpty()) {
                LOG.warn(
                        "{} holds {} that {} does not have, such as {}; they are left out, as transformers leaves them"
                                + " out. Check architectures and the sizes in config.json unless that was to be expected",
                        source,
                        unused.size() == 1 ? "a tensor" : unused.size() + " tensors",
                        config.architecture().configName(),
                        unused.get(0));
            }
            for (Map.Entry<Graph, GraphBuilder> graph : new EnumMap<>(graphs).entrySet()) { // always in this order
                OnnxModelWriter.write(graph.getValue(), ModelDirectory.graphFile(directory, graph.getKey()), data);
            }
        }
        for (String file : CONFIGURATION) {
            if (Files.exists(source.resolve(file))) {
                Files.copy(source.resolve(file), directory.resolve(file));
            }
        }
        if (TOKENIZER_SOURCES.stream().anyMatch(file -> Files.exists(source.resolve(file)))) {
            Tokenizer.writeTokenizerJson(source, directory.resolve(TOKENIZER_JSON));
        } else {
            LOG.info("{} has no tokenizer: the model can be verified, but it cannot read text", source);
        }
        SortedMap<String, Manifest.FileRecord> files = new TreeMap<>();
        for (Path file : list(directory)) {
            files.put(file.getFileName().toString(), Manifest.record(file));
        }
        new Manifest(options.name(), options.precision(), options.randomBlocks(), DECODER_SLOTS, files)
                .write(directory);
    }

    private static boolean isEmptyDirectory(Path path) {
        return Files.isDirectory(path) && list(path).isEmpty();
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new UserException("Cannot read the directory " + directory + ": " + e, e);
        }
    }

    private static void delete(Path unfinished) {
        try {
            FileTree.delete(unfinished);
        } catch (IOException e) {
            LOG.warn("Cannot remove the unfinished {}", unfinished, e);
        }
    }
}
