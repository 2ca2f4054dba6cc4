package io.github.longwing.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Which files of a transformers directory make up its model: configuration, tokenizer and weights. */
public final class CheckpointFiles {
    private CheckpointFiles() {}

    /** The files that are there, in an order that depends on their names alone; empty where nothing is. */
    public static List<Path> of(Path directory) {
        List<Path> files = new ArrayList<>();
        for (String name : ModelFiles.SMALL) {
            addIfThere(files, directory.resolve(name));
        }
        files.addAll(weights(directory));
        return List.copyOf(files);
    }

    /** The files that {@link Checkpoint#open} reads. */
    private static List<Path> weights(Path directory) {
        List<Path> files = new ArrayList<>();
        for (CheckpointFormat format : CheckpointFormat.values()) {
            addIfThere(files, directory.resolve(format.fileName()));
            Path index = directory.resolve(format.indexName());
            if (files.isEmpty() && Files.isRegularFile(index)) {
                files.add(index);
                files.addAll(new LinkedHashSet<>(ShardIndex.read(index).values()));
            }
            if (!files.isEmpty()) {
                return files;
            }
        }
        return files;
    }

    private static void addIfThere(List<Path> files, Path file) {
        if (Files.isRegularFile(file)) {
            files.add(file);
        }
    }
}
