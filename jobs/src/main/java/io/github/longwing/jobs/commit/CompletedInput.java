package io.github.longwing.jobs.commit;

import io.github.longwing.jobs.commit.RunLog.InputLine;
import io.github.longwing.jobs.input.InputReader.KnownColumns;
import io.github.longwing.spark.files.SourceFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * What the last run of an output read, where that run is complete: the columns of the same files need not be looked for
 * again, which for JSON and CSV means to read them all.
 */
public final class CompletedInput implements KnownColumns {
    /** Empty where it read a table. */
    private final Map<String, InputLine> files;

    private final Optional<String> version;
    private final StructType columns;

    private CompletedInput(Map<String, InputLine> files, Optional<String> version, StructType columns) {
        this.files = files;
        this.version = version;
        this.columns = columns;
    }

    /**
     * Empty where the last run is not complete, or another limit is asked for.
     *
     * @param limit of documents, 0 for all
     */
    public static Optional<CompletedInput> of(RunLog log, long limit) throws IOException {
        List<RunRecord> runs = log.runs();
        if (runs.isEmpty()) {
            return Optional.empty();
        }
        RunRecord last = runs.get(runs.size() - 1);
        if (last.state() != RunRecord.State.COMPLETE || last.limit() != limit || last.columns() == null) {
            return Optional.empty();
        }
        StructType columns = (StructType) DataType.fromJson(last.columns());
        Optional<String> version = Optional.ofNullable(last.version());
        return version.isPresent()
                ? Optional.of(new CompletedInput(Map.of(), version, columns))
                : log.inputs(last.id()).map(files -> new CompletedInput(files, version, columns));
    }

    @Override
    public Optional<StructType> at(String now) {
        return version.filter(now::equals).map(same -> columns);
    }

    /** Empty where these are not the files that the run read. */
    @Override
    public Optional<StructType> of(List<SourceFile> now) {
        Map<String, InputLine> left = new HashMap<>(files);
        boolean same = now.stream().map(InputLine::new).allMatch(file -> file.equals(left.remove(file.path())));
        return same && left.isEmpty() && version.isEmpty() ? Optional.of(columns) : Optional.empty();
    }
}
