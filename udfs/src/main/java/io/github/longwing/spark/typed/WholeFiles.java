package io.github.longwing.spark.typed;

import io.github.longwing.spark.files.Slice;
import io.github.longwing.spark.files.SourceFile;
import io.github.longwing.spark.source.Splits;
import io.github.longwing.spark.typed.TypedFormat.Progress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What one reading of files with typed rows tells: how many rows each has, and what is wrong with those that are damaged.
 * Spark's reader would end the job there, or leave out the rest of the file.
 */
final class WholeFiles implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The name of a class in a message, which tells users nothing. */
    private static final Pattern CLASS =
            Pattern.compile("\\b(?:org|com|java|io)\\.(?:[a-z]\\w*\\.)*[A-Z][\\w$]*(?:@[0-9a-f]+)?:?\\s*");

    private final HashMap<SourceFile, Long> rows = new HashMap<>();
    private final LinkedHashMap<SourceFile, String> damaged = new LinkedHashMap<>();

    /** Reads all files on the executors, large ones in parts. */
    static WholeFiles of(
            SparkSession spark,
            List<SourceFile> files,
            TypedFormat format,
            List<String> columns,
            int slots,
            SerializableConfiguration hadoop)
            throws IOException {
        List<List<Slice>> splits = Splits.plan(files, (file, configuration) -> true, slots, hadoop.value());
        WholeFiles all = new WholeFiles();
        Splits.dataset(spark, splits, slots)
                .mapPartitions(new Check(format, columns, hadoop), Encoders.BINARY())
                .collectAsList()
                .stream()
                .map(bytes -> (WholeFiles) Splits.object(bytes))
                .forEach(all::merge);
        return all;
    }

    private record Check(TypedFormat format, List<String> columns, SerializableConfiguration hadoop)
            implements MapPartitionsFunction<byte[], byte[]> {
        @Override
        public Iterator<byte[]> call(Iterator<byte[]> splits) {
            WholeFiles part = new WholeFiles();
            while (splits.hasNext()) {
                Splits.slices(splits.next()).forEach(slice -> part.read(slice, this));
            }
            return List.of(Splits.bytes(part)).iterator();
        }
    }

    private void read(Slice slice, Check check) {
        try {
            read(slice, check, new Progress());
        } catch (IOException | RuntimeException e) { // a second time, since storage has its moments
            Progress progress = new Progress();
            try {
                read(slice, check, progress);
            } catch (FileNotFoundException missing) { // changed since it was listed
                throw new UncheckedIOException(missing);
            } catch (IOException | RuntimeException damage) {
                damaged.put(
                        slice.file(),
                        "its data cannot be read behind row " + progress.rows()
                                + (slice.begin() == 0 ? "" : " of those behind byte " + slice.begin()) + " ("
                                + reason(damage) + ")");
            }
        }
    }

    private void read(Slice slice, Check check, Progress progress) throws IOException {
        check.format().readRows(slice, check.columns(), check.hadoop().value(), progress);
        rows.merge(slice.file(), progress.rows(), Long::sum);
    }

    /** The message that says most in one line: that of the last cause which has one. */
    static String reason(Throwable damage) {
        String reason = damage.getClass().getSimpleName();
        for (Throwable cause = damage; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && !message.isBlank()) {
                reason = CLASS.matcher(message.lines().findFirst().orElse(reason))
                        .replaceAll("")
                        .strip();
            }
        }
        return reason;
    }

    private void merge(WholeFiles other) {
        other.rows.forEach((file, count) -> rows.merge(file, count, Long::sum));
        other.damaged.forEach(damaged::putIfAbsent);
    }

    /** What is wrong with the files that are not whole. */
    Map<SourceFile, String> damaged() {
        return damaged;
    }

    /** The rows of the files that are whole. */
    long rows() {
        return rows.entrySet().stream()
                .filter(file -> !damaged.containsKey(file.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
