package io.github.longwing.jobs.output;

import io.github.longwing.jobs.commit.RunLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** The directory of an output: what lies in it, and whether Longwing made it. Reads footers on the driver; runs no task. */
final class OutputFolder {
    /** What Spark, its committers and Longwing put beside the rows. */
    private static final Pattern ADMINISTRATION =
            Pattern.compile("_SUCCESS|_metadata|_common_metadata|_(started|committed)_[^/]+");

    private static final Pattern PART = Pattern.compile("part-[^/]+\\.parquet");
    private static final Pattern PARTITION = Pattern.compile("([^_.=][^=]*|[_.]+[^=]+)=(.*)");
    private static final Pattern TABLE_ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern CHECKSUM = Pattern.compile("\\.(.+)\\.crc");
    private static final Set<String> WORKING_DIRECTORIES = Set.of("_temporary", RunLog.NAME);

    /** Directories that make a directory of Parquet files a table of another kind, by whose log readers go. */
    private static final Map<String, String> LOGS = Map.of(
            "_delta_log", "a Delta table",
            "_spark_metadata", "the output of a stream",
            ".hoodie", "a Hudi table",
            "metadata", "an Iceberg table");

    private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

    /** More footers than this tell nothing new. */
    private static final int MAX_FOOTERS = 200;

    private final FileSystem fileSystem;
    private final Path path;
    private final RealLocation location;
    private final Configuration hadoop;

    private OutputFolder(FileSystem fileSystem, Path path, RealLocation location, Configuration hadoop) {
        this.fileSystem = fileSystem;
        this.path = path;
        this.location = location;
        this.hadoop = hadoop;
    }

    static OutputFolder at(String name, Configuration hadoop) throws IOException {
        Path named = new Path(name);
        RealLocation location = RealLocation.of(named, hadoop);
        FileSystem fileSystem = named.getFileSystem(hadoop);
        Path path =
                location.isLocal() ? new Path("file", null, location.path() + "/") : fileSystem.makeQualified(named);
        return new OutputFolder(fileSystem, path, location, hadoop);
    }

    /** Another directory of the same file system. */
    OutputFolder at(Path other) throws IOException {
        return new OutputFolder(fileSystem, other, RealLocation.of(other, hadoop), hadoop);
    }

    FileSystem fileSystem() {
        return fileSystem;
    }

    /** With links resolved, where the file system is local. */
    Path path() {
        return path;
    }

    RealLocation location() {
        return location;
    }

    boolean exists() throws IOException {
        return fileSystem.exists(path);
    }

    boolean isFile() throws IOException {
        return fileSystem.getFileStatus(path).isFile();
    }

    /** Whether nothing lies in it but what a run leaves that has committed nothing. */
    boolean isEmpty() throws IOException {
        return Arrays.stream(fileSystem.listStatus(path))
                .allMatch(file -> file.getPath().getName().equals(RunLog.NAME));
    }

    /**
     * Something in it that no run of Longwing made, as messages name it: what must not be deleted.
     *
     * @return empty for a directory that holds an output, the rest of one, or nothing
     */
    Optional<String> foreign() throws IOException {
        Optional<String> link = link();
        if (link.isPresent()) {
            return link;
        }
        List<Path> parts = new ArrayList<>();
        for (Path file : files()) {
            List<String> names = names(file);
            Optional<String> log = log(names);
            if (log.isPresent()) {
                return log;
            }
            if (!isOurs(names)) {
                return Optional.of(String.join("/", names));
            }
            if (isPart(names)) {
                parts.add(file);
            }
        }
        for (Path part : sample(parts)) {
            Optional<ExistingRows> rows = footer(part);
            if (rows.isEmpty() || !rows.get().areResults()) {
                return Optional.of(String.join("/", names(part)) + ", which has no columns of Longwing");
            }
        }
        return Optional.empty();
    }

    /** What keeps a reader with default options from seeing all rows here and those that come. */
    Optional<String> unreadable() throws IOException {
        for (Path file : files()) {
            List<String> names = names(file);
            Optional<String> log = log(names);
            if (log.isPresent()) {
                return log;
            }
            if (!isHidden(names) && !names.get(names.size() - 1).endsWith(".parquet")) {
                return Optional.of(String.join("/", names));
            }
        }
        return Optional.empty();
    }

    /** The rows of its files, one entry for each kind; empty where there are none. */
    List<ExistingRows> rows() throws IOException {
        Map<List<Object>, ExistingRows> kinds = new LinkedHashMap<>();
        List<Path> parts = files().stream()
                .filter(file -> !isHidden(names(file)) && file.getName().endsWith(".parquet"))
                .toList();
        for (Path part : sample(parts)) {
            ExistingRows rows =
                    footer(part).orElseGet(() -> new ExistingRows(new StructType(), List.of(), Set.of(), file(part)));
            List<Object> kind = List.of(rows.columns().catalogString(), rows.partitionColumns(), rows.models());
            kinds.putIfAbsent(kind, rows);
        }
        return List.copyOf(kinds.values());
    }

    private String file(Path file) {
        return String.join("/", names(file));
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        RemoteIterator<LocatedFileStatus> all = fileSystem.listFiles(path, true);
        while (all.hasNext()) {
            files.add(all.next().getPath());
        }
        return files;
    }

    /** A link is nobody's output, and what it leads to is not to be deleted. */
    private Optional<String> link() throws IOException {
        java.nio.file.Path directory = java.nio.file.Path.of(location.path() + "/");
        if (!location.isLocal() || !Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<java.nio.file.Path> all = Files.walk(directory)) {
            return all.filter(Files::isSymbolicLink)
                    .map(link -> directory.relativize(link) + ", which is a link")
                    .findFirst();
        }
    }

    /** The names of the directories below the output, then that of the file. */
    private List<String> names(Path file) {
        String below = file.toUri()
                .getPath()
                .substring(path.toUri().getPath().replaceAll("/+$", "").length() + 1);
        return Arrays.asList(below.split("/", -1));
    }

    private static boolean isOurs(List<String> names) {
        if (WORKING_DIRECTORIES.contains(names.get(0))) {
            return true;
        }
        String name = CHECKSUM.matcher(names.get(names.size() - 1)).replaceFirst("$1");
        return directories(names).stream()
                        .allMatch(directory -> PARTITION.matcher(directory).matches())
                && (PART.matcher(name).matches() || ADMINISTRATION.matcher(name).matches());
    }

    private static boolean isPart(List<String> names) {
        return !WORKING_DIRECTORIES.contains(names.get(0))
                && PART.matcher(names.get(names.size() - 1)).matches();
    }

    private static List<String> directories(List<String> names) {
        return names.subList(0, names.size() - 1);
    }

    private static boolean isHidden(List<String> names) {
        return names.stream()
                .anyMatch(name -> (name.startsWith("_") || name.startsWith("."))
                        && !PARTITION.matcher(name).matches());
    }

    private static Optional<String> log(List<String> names) {
        String first = names.get(0);
        boolean isLog = names.size() > 1
                && LOGS.containsKey(first)
                && (!first.equals("metadata") || names.get(1).endsWith(".metadata.json"));
        return isLog ? Optional.of(first + ", since it is " + LOGS.get(first)) : Optional.empty();
    }

    private static List<Path> sample(List<Path> files) {
        int step = Math.max(1, (files.size() + MAX_FOOTERS - 1) / MAX_FOOTERS);
        List<Path> sample = new ArrayList<>();
        for (int i = 0; i < files.size(); i += step) {
            sample.add(files.get(i));
        }
        return sample;
    }

    /** What one file tells, where Spark wrote it. */
    private Optional<ExistingRows> footer(Path file) throws IOException {
        ParquetMetadata footer;
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
            footer = reader.getFooter();
        } catch (RuntimeException e) { // how Parquet says that a file is none of its own
            return Optional.empty();
        }
        String schema = footer.getFileMetaData().getKeyValueMetaData().get(SPARK_SCHEMA);
        if (schema == null || !(DataType.fromJson(schema) instanceof StructType columns)) {
            return Optional.empty();
        }
        Map<String, String> partitions = partitions(names(file));
        List<String> partitionColumns = List.copyOf(partitions.keySet());
        Set<String> models = ExistingRows.modelColumn(columns, partitionColumns)
                .map(column -> partitions.containsKey(column)
                        ? Set.of(partitions.get(column))
                        : values(footer.getBlocks(), column))
                .orElse(Set.of());
        return Optional.of(new ExistingRows(columns, partitionColumns, models, file(file)));
    }

    /** The columns that are directories, in their order, with the values of this file. */
    private static Map<String, String> partitions(List<String> names) {
        return directories(names).stream()
                .map(PARTITION::matcher)
                .filter(java.util.regex.Matcher::matches)
                .collect(Collectors.toMap(
                        m -> unescaped(m.group(1)),
                        m -> unescaped(m.group(2)),
                        (first, second) -> second,
                        LinkedHashMap::new));
    }

    /** As Spark writes names of directories: each odd character as % and its code. */
    private static String unescaped(String name) {
        return Pattern.compile("%([0-9A-Fa-f]{2})")
                .matcher(name)
                .replaceAll(m -> java.util.regex.Matcher.quoteReplacement(
                        String.valueOf((char) Integer.parseInt(m.group(1), 16))));
    }

    /** The least and the greatest value, which for a column of one value is that value. */
    private static Set<String> values(List<BlockMetaData> blocks, String column) {
        Set<String> values = new LinkedHashSet<>();
        for (BlockMetaData block : blocks) {
            for (ColumnChunkMetaData chunk : block.getColumns()) {
                Statistics<?> statistics = chunk.getStatistics();
                if (chunk.getPath().equals(ColumnPath.get(column))
                        && statistics != null
                        && statistics.hasNonNullValue()
                        && statistics.genericGetMin() instanceof Binary least
                        && statistics.genericGetMax() instanceof Binary greatest) {
                    values.add(new String(least.getBytes(), StandardCharsets.UTF_8));
                    values.add(new String(greatest.getBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return values;
    }

    /** The records of runs into the table that lies here; those of an earlier table at the same place are older. */
    Optional<Path> recordsOfTable() throws IOException {
        Path records = new Path(path, RunLog.NAME);
        return fileSystem.exists(records)
                ? Arrays.stream(fileSystem.listStatus(records))
                        .filter(file -> file.isDirectory()
                                && TABLE_ID.matcher(file.getPath().getName()).matches())
                        .max(Comparator.comparing(FileStatus::getModificationTime))
                        .map(FileStatus::getPath)
                : Optional.empty();
    }
}
