package io.github.longwing.jobs.commit;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.files.SourceFile;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs leave beside the rows of an output, in its directory {@value #NAME}, over which readers of Parquet pass:
 *
 * <pre>
 * runs/RUN.json           each run, see {@link RunRecord}
 * runs/RUN.inputs.gz      the files that it reads: path, length, time; of the last runs alone
 * slices/RUN-NUMBER.json  each slice, see {@link SliceRecord}
 * lease.json              the run that writes now, see {@link Lease}
 * stage/RUN/              what its tasks have written and no slice has; no name ends in .parquet
 * inflight/               documents that a task in careful mode is about to run
 * </pre>
 *
 * <p>For one thread. A file appears whole: it is written under another name and renamed.
 */
public final class RunLog {
    private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);
    public static final String NAME = "_longwing";

    private static final String RUNS = "runs";
    private static final String SLICES = "slices";
    private static final String JSON = ".json";
    private static final String HALF = ".half";
    private static final String INPUTS = ".inputs.gz";
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private final FileSystem fileSystem;
    private final Path folder;
    private final String name;

    public RunLog(FileSystem fileSystem, Path output) {
        this(fileSystem, new Path(output, NAME), Moves.shown(output));
    }

    private RunLog(FileSystem fileSystem, Path folder, String name) {
        this.fileSystem = Moves.withoutChecksums(fileSystem);
        this.folder = folder;
        this.name = name;
    }

    /**
     * That of a table, whose rows lie elsewhere.
     *
     * @param name as messages call the table
     */
    public static RunLog ofTable(FileSystem fileSystem, Path folder, String name) {
        return new RunLog(fileSystem, folder, name);
    }

    /** As messages call the output. */
    public String name() {
        return name;
    }

    FileSystem fileSystem() {
        return fileSystem;
    }

    /** The directory of the output. */
    public Path output() {
        return folder.getParent();
    }

    /** The directory itself. */
    public Path folder() {
        return folder;
    }

    Path stage(String run) {
        return new Path(stages(), run);
    }

    /** The stages of all runs. */
    Path stages() {
        return new Path(folder, "stage");
    }

    Path inflight() {
        return new Path(folder, "inflight");
    }

    /** In the order in which they began. */
    public List<RunRecord> runs() throws IOException {
        List<RunRecord> runs = new ArrayList<>(all(RUNS, RunRecord.class));
        runs.addAll(halfReplaced(runs));
        runs.sort(Comparator.<RunRecord, Instant>comparing(run -> Instant.parse(run.begun()))
                .thenComparing(RunRecord::id));
        return runs;
    }

    /**
     * Records whose process died as it replaced them, on a file system that does not do so in one step: the old one is gone
     * and the new one has its other name.
     */
    private List<RunRecord> halfReplaced(List<RunRecord> runs) throws IOException {
        List<RunRecord> found = new ArrayList<>();
        for (FileStatus file : listed(RUNS)) {
            Path path = file.getPath();
            if (path.getName().endsWith(JSON + HALF)) {
                try {
                    RunRecord half = read(path, RunRecord.class);
                    if (runs.stream().noneMatch(run -> run.id().equals(half.id()))) {
                        found.add(half);
                    }
                } catch (UserException e) {
                    LOG.debug("{} is half a record, which the run has never had", path, e);
                }
            }
        }
        return found;
    }

    /** In the order in which they were committed. */
    public List<SliceRecord> slices() throws IOException {
        List<SliceRecord> slices = new ArrayList<>(all(SLICES, SliceRecord.class));
        slices.sort(Comparator.<SliceRecord, Instant>comparing(slice -> Instant.parse(slice.committed()))
                .thenComparing(SliceRecord::run)
                .thenComparing(SliceRecord::number));
        return slices;
    }

    void write(RunRecord run) throws IOException {
        write(new Path(new Path(folder, RUNS), run.id() + JSON), run);
    }

    void write(SliceRecord slice) throws IOException {
        write(path(slice), slice);
    }

    void writeInputs(String run, List<SourceFile> files) throws IOException {
        Path path = new Path(new Path(folder, RUNS), run + INPUTS);
        Gson gson = new Gson();
        try (Writer out = new OutputStreamWriter(
                new GZIPOutputStream(fileSystem.create(path, /* overwrite */ true)), StandardCharsets.UTF_8)) {
            for (SourceFile file : files) {
                out.write(gson.toJson(new InputLine(file)));
                out.write('\n');
            }
        }
    }

    /** Deletes the lists of files of all runs but so many, the last ones. */
    void forgetInputs(int kept) throws IOException {
        List<Path> lists = listed(RUNS).stream()
                .map(FileStatus::getPath)
                .filter(path -> path.getName().endsWith(INPUTS))
                .sorted(Comparator.comparing(Path::getName)) // which begins with the time
                .toList();
        for (Path list : lists.subList(0, Math.max(0, lists.size() - kept))) {
            fileSystem.delete(list, false);
        }
    }

    /** The inputs of a run by path; empty where they were not known. */
    Optional<Map<String, InputLine>> inputs(String run) throws IOException {
        Path path = new Path(new Path(folder, RUNS), run + INPUTS);
        Map<String, InputLine> files = new LinkedHashMap<>();
        Gson gson = new Gson();
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(fileSystem.open(path)), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                InputLine file = gson.fromJson(line, InputLine.class);
                files.put(file.path(), file);
            }
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (JsonParseException e) {
            throw damaged(path, e);
        }
        return Optional.of(files);
    }

    /** A file of an input. */
    record InputLine(String path, long length, long modified) {
        InputLine(SourceFile file) {
            this(file.location(), file.length(), file.modified());
        }
    }

    private <T> List<T> all(String directory, Class<T> type) throws IOException {
        List<T> records = new ArrayList<>();
        for (FileStatus file : listed(directory)) {
            if (file.getPath().getName().endsWith(JSON)) {
                records.add(read(file.getPath(), type));
            }
        }
        return records;
    }

    private List<FileStatus> listed(String directory) throws IOException {
        try {
            return List.of(fileSystem.listStatus(new Path(folder, directory)));
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    static String json(Object record) {
        return GSON.toJson(record) + "\n";
    }

    <T> T read(Path path, Class<T> type) throws IOException {
        try (InputStream in = fileSystem.open(path)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            T record = GSON.fromJson(text, type);
            if (record == null) {
                throw damaged(path, null);
            }
            return record;
        } catch (JsonParseException | NullPointerException e) {
            throw damaged(path, e);
        } catch (RuntimeException e) { // a constructor that refuses a field, as Gson wraps it
            if (e instanceof UserException) {
                throw e;
            }
            throw damaged(path, e);
        }
    }

    void write(Path path, Object record) throws IOException {
        Path half = half(path);
        try (OutputStream out = fileSystem.create(half, /* overwrite */ true)) {
            out.write(json(record).getBytes(StandardCharsets.UTF_8));
        } catch (FSError e) { // of Hadoop's local file systems, where others throw an IOException
            throw new IOException(e.getMessage(), e);
        }
        Moves.flush(fileSystem, half);
        Moves.replace(fileSystem, half, path);
        Moves.flush(fileSystem, path.getParent());
    }

    private static Path half(Path path) {
        return new Path(path.getParent(), "." + path.getName() + HALF);
    }

    /** Whether a slice has its record. */
    boolean has(SliceRecord slice) throws IOException {
        return fileSystem.exists(path(slice));
    }

    private Path path(SliceRecord slice) {
        return new Path(new Path(folder, SLICES), slice.name() + JSON);
    }

    private UserException damaged(Path path, Exception cause) {
        return new UserException(
                "Cannot go on with " + name + ": " + Moves.shown(path)
                        + " is damaged, expected what a run of Longwing wrote; restore it from a copy, or write another"
                        + " output",
                cause);
    }
}
