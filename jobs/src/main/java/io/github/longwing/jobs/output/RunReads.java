package io.github.longwing.jobs.output;

import io.github.longwing.error.UserException;
import io.github.longwing.hub.HubOptions;
import io.github.longwing.io.CacheDirectory;
import io.github.longwing.jobs.input.DocumentInput;
import io.github.longwing.jobs.input.InputPaths;
import io.github.longwing.jobs.session.JobSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a run reads, so that its output can be kept apart from it.
 *
 * @param model as {@code --model} names it; empty for the model that the jar carries
 * @param confFile of {@code --conf-file}
 */
public record RunReads(DocumentInput input, Optional<String> model, Optional<Path> confFile) {
    private static final Logger LOG = LoggerFactory.getLogger(RunReads.class);

    /**
     * One place that is read.
     *
     * @param name what messages call it, such as {@code the input /data/papers}
     */
    record Place(String name, RealLocation location) {}

    /** The documents: directories, files, what links among them lead to, the files of tables. */
    List<Place> inputs(JobSession session) {
        if (input instanceof DocumentInput.Given given) {
            return places(given.rows(), "what the DataFrame reads", session);
        }
        return input instanceof DocumentInput.Files files
                ? files(files, session.hadoopConfiguration())
                : table(input.description(), session);
    }

    /** The files of a plan, where it tells them. */
    private static List<Place> places(Dataset<Row> rows, String name, JobSession session) {
        return Arrays.stream(rows.inputFiles())
                .map(file -> new org.apache.hadoop.fs.Path(java.net.URI.create(file)))
                .map(path -> new Place(name, location(path, session.hadoopConfiguration())))
                .toList();
    }

    /** The model, the file of settings and the caches that models come from. */
    List<Place> others(Configuration hadoop) {
        List<Place> places = new ArrayList<>();
        model.ifPresent(named -> local(named)
                .map(RealLocation::of)
                .or(() -> remote(named, hadoop))
                .ifPresent(location -> places.add(new Place("--model " + named, location))));
        confFile.ifPresent(file -> places.add(new Place("--conf-file " + file, RealLocation.of(file))));
        Path cache = CacheDirectory.ofThisProcess().find();
        places.add(new Place("the cache of models " + cache, RealLocation.of(cache)));
        Path downloads = HubOptions.fromEnvironment().cache();
        places.add(new Place("the cache of downloads " + downloads, RealLocation.of(downloads)));
        return places;
    }

    private static List<Place> files(DocumentInput.Files files, Configuration hadoop) {
        List<Place> places = new ArrayList<>();
        for (FileStatus status : found(files, hadoop)) {
            RealLocation location = location(status.getPath(), hadoop);
            String name = "the input " + shown(status.getPath());
            places.add(new Place(name, location));
            if (location.isLocal()) {
                linked(Path.of(location.path() + "/")).forEach(target -> places.add(new Place(name, target)));
            }
        }
        return places;
    }

    private static List<FileStatus> found(DocumentInput.Files files, Configuration hadoop) {
        try {
            return InputPaths.find(files.paths(), hadoop).found();
        } catch (UserException e) {
            if (files.format().isPresent()) { // perhaps of a source whose paths are no files
                LOG.debug("{} names no files", files.description(), e);
                return List.of();
            }
            throw e;
        }
    }

    /** Where the links below a directory lead to. */
    private static List<RealLocation> linked(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isSymbolicLink).map(RealLocation::of).toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            LOG.debug("Cannot look for links in {}", directory, e);
            return List.of();
        }
    }

    private static List<Place> table(String name, JobSession session) {
        List<Place> places = new ArrayList<>();
        for (org.apache.hadoop.fs.Path path : TableFiles.of(name, session.spark())) {
            places.add(new Place("the table " + name, location(path, session.hadoopConfiguration())));
        }
        return places;
    }

    private static RealLocation location(org.apache.hadoop.fs.Path path, Configuration hadoop) {
        try {
            return RealLocation.of(path, hadoop);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read " + shown(path) + ": " + e.getMessage()
                            + ", expected a path or a URI that Hadoop's file systems read; check the name",
                    e);
        }
    }

    static String shown(org.apache.hadoop.fs.Path path) {
        return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
    }

    private static Optional<Path> local(String named) {
        try {
            Path path = Path.of(
                    named.startsWith("file:")
                            ? new org.apache.hadoop.fs.Path(named).toUri().getPath()
                            : named);
            return Optional.of(path).filter(Files::exists);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<RealLocation> remote(String named, Configuration hadoop) {
        if (!named.contains(":/")) {
            return Optional.empty();
        }
        try {
            return Optional.of(RealLocation.of(new org.apache.hadoop.fs.Path(named), hadoop));
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("{} is no place that Hadoop knows", named, e); // which the search for the model will say
            return Optional.empty();
        }
    }

    /** Where the rows of a table or view lie. */
    private static final class TableFiles {
        static List<org.apache.hadoop.fs.Path> of(String name, SparkSession spark) {
            List<org.apache.hadoop.fs.Path> paths = new ArrayList<>();
            try {
                CatalogTable.find(name, spark)
                        .flatMap(CatalogTable::location)
                        .ifPresent(l -> paths.add(new org.apache.hadoop.fs.Path(l)));
                for (String file : spark.table(name).inputFiles()) { // a view has the files of what it reads
                    paths.add(new org.apache.hadoop.fs.Path(java.net.URI.create(file)));
                }
            } catch (Exception e) { // AnalysisException, which Scala does not declare: the reader of the table says it
                LOG.debug("Cannot find the files of {}", name, e);
            }
            return paths;
        }
    }
}
