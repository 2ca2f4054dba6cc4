package io.github.longwing.spark.source;

import io.github.longwing.spark.files.Slice;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What one reading of an input tells: the columns and their types, how many records there are, and where the lines of
 * its parts begin. Records that fail are no reason to stop.
 */
final class InputScan implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ColumnType columns = ColumnType.record();

    /** The headers of files, each with one that has it. */
    private final LinkedHashMap<List<String>, String> headers = new LinkedHashMap<>();

    private final HashMap<String, Long> lines = new HashMap<>();
    private long records;
    private long malformed;

    static InputScan of(Dataset<byte[]> splits, RecordFormat format, SerializableConfiguration hadoop) {
        InputScan all = new InputScan();
        splits.mapPartitions(new Scan(format, hadoop), Encoders.BINARY()).collectAsList().stream()
                .map(bytes -> (InputScan) Splits.object(bytes))
                .forEach(all::merge);
        return all;
    }

    private record Scan(RecordFormat format, SerializableConfiguration hadoop)
            implements MapPartitionsFunction<byte[], byte[]> {
        @Override
        public Iterator<byte[]> call(Iterator<byte[]> splits) {
            InputScan scan = new InputScan();
            SplitRecords records = new SplitRecords(splits, format, hadoop.value(), scan::sliceRead);
            while (records.hasNext()) {
                SourceRecord record = records.next().record();
                scan.records++;
                if (record.failure().isPresent()) {
                    scan.malformed++;
                } else {
                    scan.columns.see(record.values());
                }
            }
            return List.of(Splits.bytes(scan)).iterator();
        }
    }

    private void sliceRead(Slice slice, RecordReader reader, long count) {
        if (!reader.header().isEmpty()) {
            headers.putIfAbsent(reader.header(), slice.file().shown());
        }
        if (slice.end() != Slice.TO_THE_END) {
            lines.put(key(slice), count);
        }
    }

    private void merge(InputScan other) {
        columns.merge(other.columns);
        other.headers.forEach(headers::putIfAbsent);
        lines.putAll(other.lines);
        records += other.records;
        malformed += other.malformed;
    }

    ColumnType columns() {
        return columns;
    }

    Map<List<String>, String> headers() {
        return headers;
    }

    long records() {
        return records;
    }

    long malformed() {
        return malformed;
    }

    /** The lines of a part of a file. */
    long lines(Slice slice) {
        return lines.getOrDefault(key(slice), 0L);
    }

    private static String key(Slice slice) {
        return slice.begin() + " " + slice.file().location();
    }
}
