package io.github.longwing.spark.models;

import io.github.longwing.checkpoint.ModelFiles;
import io.github.longwing.error.UserException;
import io.github.longwing.store.ModelDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory with a model on a Hadoop file system, as it was when it was listed. */
final class RemoteDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteDirectory.class);
    private static final String CONFIG = "config.json";
    private static final String SPARK_HADOOP = "spark.hadoop.";

    /** Weights of other frameworks and training states, which many directories hold as well. */
    private static final Set<String> UNUSED_EXTENSIONS = Set.of("msgpack", "h5", "ot", "pt", "mlmodel", "gguf");

    private static final String SAFETENSORS = "model.safetensors";
    private static final String PYTORCH = "pytorch_model";

    private final FileSystem fileSystem;
    private final String uri;
    private final List<FileStatus> files;

    private RemoteDirectory(FileSystem fileSystem, String uri, List<FileStatus> files) {
        this.fileSystem = fileSystem;
        this.uri = uri;
        this.files = files;
    }

    /** Lists a directory with the Hadoop configuration of this Spark. */
    static RemoteDirectory list(String uri) {
        return list(uri, configuration());
    }

    static RemoteDirectory list(String uri, Configuration configuration) {
        try {
            Path path = new Path(uri);
            FileSystem fileSystem = path.getFileSystem(configuration);
            List<FileStatus> files = Arrays.stream(fileSystem.listStatus(path))
                    .filter(FileStatus::isFile)
                    .filter(RemoteDirectory::isUseful)
                    .sorted(Comparator.comparing(RemoteDirectory::name))
                    .toList();
            if (files.stream().noneMatch(file -> name(file).equals(CONFIG))) {
                throw new UserException("Cannot use the model at " + uri + ": it has no " + CONFIG
                        + ", expected a model directory or a transformers directory");
            }
            return new RemoteDirectory(fileSystem, uri, withoutSecondWeights(files));
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            throw new UserException(
                    "Cannot use the model at " + uri + ": " + e
                            + ", expected a directory that Hadoop's file systems can read here",
                    e);
        }
    }

    String uri() {
        return uri;
    }

    /** Whether the directory holds a model that Longwing has imported, and not one of transformers. */
    boolean isModelDirectory() {
        return files.stream().anyMatch(file -> name(file).equals(ModelDirectory.MANIFEST));
    }

    /** Changes with place, names, sizes and times of the files; fit for the name of a directory. */
    String version() {
        StringBuilder listing = new StringBuilder(uri);
        files.forEach(file -> listing.append('\n')
                .append(name(file))
                .append('\t')
                .append(file.getLen())
                .append('\t')
                .append(file.getModificationTime()));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(listing.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM has it
        }
    }

    /** Copies the files into an empty directory of this machine. */
    void copyTo(java.nio.file.Path directory) throws IOException {
        copy(files, directory);
    }

    /** Copies configuration, tokenizer and manifest, without weights and graphs. */
    void copyDescriptionTo(java.nio.file.Path directory) throws IOException {
        copy(files.stream().filter(RemoteDirectory::isDescription).toList(), directory);
    }

    private void copy(List<FileStatus> files, java.nio.file.Path directory) throws IOException {
        long bytes = files.stream().mapToLong(FileStatus::getLen).sum();
        LOG.info("Copying {} files, {} bytes, from {} to {}", files.size(), bytes, uri, directory);
        for (FileStatus file : files) {
            java.nio.file.Path target = directory.resolve(name(file));
            try (InputStream in = fileSystem.open(file.getPath())) {
                long copied = Files.copy(in, target);
                if (copied != file.getLen()) {
                    throw new IOException("it ended after " + copied + " bytes, expected " + file.getLen());
                }
            } catch (IOException e) {
                throw new IOException("Cannot copy " + file.getPath() + " to " + target, e);
            }
        }
    }

    private static boolean isUseful(FileStatus file) {
        String name = name(file);
        return !name.startsWith(".") && !UNUSED_EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    private static boolean isDescription(FileStatus file) {
        return ModelFiles.SMALL.contains(name(file)) || name(file).equals(ModelDirectory.MANIFEST);
    }

    /** Of a checkpoint in both formats, only safetensors is read. */
    private static List<FileStatus> withoutSecondWeights(List<FileStatus> files) {
        boolean isInFirst = files.stream().anyMatch(file -> name(file).startsWith(SAFETENSORS));
        return files.stream()
                .filter(file -> !isInFirst || !name(file).startsWith(PYTORCH))
                .toList();
    }

    private static String name(FileStatus file) {
        return file.getPath().getName();
    }

    private static Configuration configuration() {
        Configuration configuration = new Configuration();
        SparkEnv env = SparkEnv.get();
        if (env != null) {
            Stream.of(env.conf().getAllWithPrefix(SPARK_HADOOP)).forEach(kv -> configuration.set(kv._1(), kv._2()));
        }
        return configuration;
    }
}
