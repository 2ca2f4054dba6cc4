package io.github.longwing.checkpoint;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The weights of a transformers directory, in the first of these forms that is there: model.safetensors,
 * model.safetensors.index.json, pytorch_model.bin, pytorch_model.bin.index.json.
 *
 * <p>Nothing but names and shapes is on the heap; values are mapped when they are read. Threads may share it; whoever
 * opened it closes it and reads no tensor of it afterwards.
 */
public final class Checkpoint implements AutoCloseable {
    private static final String ADAPTER = "adapter_config.json";

    private final Path directory;
    private final List<MappedFile> files = new ArrayList<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Weights weights;

    private Checkpoint(Path directory) {
        this.directory = directory;
        this.weights = Weights.root(directory.toString(), Collections.unmodifiableMap(tensors));
    }

    /** Finds the weights of a directory and checks their structure; a problem is a {@link UserException}. */
    public static Checkpoint open(Path directory) {
        Checkpoint checkpoint = new Checkpoint(directory);
        try {
            checkpoint.load();
            return checkpoint;
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /** Refuses a directory that holds what PEFT trained beside a model, and not the model. */
    public static void requireNoAdapter(Path directory) {
        boolean hasWeights = Arrays.stream(CheckpointFormat.values())
                .flatMap(f -> Stream.of(f.fileName(), f.indexName()))
                .anyMatch(name -> Files.exists(directory.resolve(name)));
        if (!hasWeights && Files.exists(directory.resolve(ADAPTER))) {
            throw new UserException("Cannot read the model " + directory + ": it is a PEFT adapter (" + ADAPTER
                    + "), expected a whole model; merge it in Python with model.merge_and_unload() and"
                    + " save_pretrained(DIRECTORY), then name that directory");
        }
    }

    /** Opens one safetensors file, whatever its name and place. */
    public static Checkpoint openFile(Path safetensors) {
        Checkpoint checkpoint = new Checkpoint(safetensors);
        try {
            checkpoint.loadFile(safetensors, CheckpointFormat.SAFETENSORS).forEach(checkpoint::add);
            return checkpoint;
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /** All weights, under their full names. */
    public Weights weights() {
        return weights;
    }

    public Set<String> tensorNames() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    /** One tensor by its full name, whatever its shape. */
    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new UserException("Cannot read " + directory + ": there is no tensor " + UntrustedText.text(name));
        }
        return tensor;
    }

    /** The tensors that nobody has asked for so far: extra ones, once a model is complete. */
    public List<Tensor> unusedTensors() {
        return tensors.values().stream().filter(t -> !weights.isUsed(t)).toList();
    }

    @Override
    public void close() {
        files.forEach(MappedFile::close);
    }

    private void load() {
        for (CheckpointFormat format : CheckpointFormat.values()) {
            Path single = directory.resolve(format.fileName());
            Path index = directory.resolve(format.indexName());
            if (Files.exists(single)) {
                loadFile(single, format).forEach(this::add);
                return;
            }
            if (Files.exists(index)) {
                loadShards(index, format);
                return;
            }
        }
        throw noWeights();
    }

    private List<Tensor> loadFile(Path path, CheckpointFormat format) {
        MappedFile file = MappedFile.open(path);
        files.add(file);
        return format.tensors(file);
    }

    private void loadShards(Path index, CheckpointFormat format) {
        Map<String, Path> shards = ShardIndex.read(index);
        for (Path shard : new LinkedHashSet<>(shards.values())) {
            loadFile(shard, format).stream()
                    // where two shards hold a tensor the index decides
                    .filter(t -> shards.getOrDefault(t.name(), shard).equals(shard))
                    .forEach(this::add);
        }
        shards.forEach((name, shard) -> {
            if (!tensors.containsKey(name)) {
                throw new UserException("Cannot read " + index + ": it says that " + UntrustedText.text(name)
                        + " is in " + shard.getFileName() + ", but it is not there; fetch the model again");
            }
        });
    }

    private void add(Tensor tensor) {
        if (tensors.put(tensor.name(), tensor) != null) {
            throw new UserException("Cannot read " + directory + ": " + UntrustedText.text(tensor.name())
                    + " is in two of its files, expected it in one");
        }
    }

    private UserException noWeights() {
        String expected = ", expected one of "
                + Arrays.stream(CheckpointFormat.values())
                        .flatMap(f -> Stream.of(f.fileName(), f.indexName()))
                        .collect(Collectors.joining(", "));
        if (!Files.isDirectory(directory)) {
            return new UserException("Cannot read weights: " + directory + " is not a directory" + expected);
        }
        try (Stream<Path> list = Files.list(directory)) {
            String found = list.map(p -> p.getFileName().toString())
                    .sorted()
                    .limit(20)
                    .map(UntrustedText::text)
                    .collect(Collectors.joining(", "));
            return new UserException(
                    "Cannot read weights: " + directory + " holds " + (found.isEmpty() ? "nothing" : found) + expected);
        } catch (IOException e) {
            return new UserException(
                    "Cannot read weights: " + directory + " cannot be listed (" + e + ")" + expected, e);
        }
    }
}
