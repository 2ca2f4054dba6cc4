package io.github.longwing.spark.typed;

import io.github.longwing.spark.files.Slice;
import io.github.longwing.spark.files.SourceFile;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.mapred.FsInput;
import org.apache.hadoop.conf.Configuration;

/** Avro's files of records. */
public record AvroFormat() implements TypedFormat {
    @Override
    public String sparkName() {
        return "avro";
    }

    @Override
    public Footer footer(SourceFile file, Configuration hadoop) throws IOException {
        try (DataFileReader<GenericRecord> reader = open(file, hadoop)) {
            Schema schema = reader.getSchema();
            if (schema.getType() != Schema.Type.RECORD) {
                throw new IOException(
                        "its values are of type " + schema.getType().getName() + ", no records");
            }
            return new Footer(
                    schema.toString(),
                    schema.getFields().stream().map(Schema.Field::name).toList(),
                    Set.of());
        }
    }

    @Override
    public void readRows(Slice slice, List<String> columns, Configuration hadoop, Progress progress)
            throws IOException {
        try (DataFileReader<GenericRecord> reader = open(slice.file(), hadoop)) {
            reader.sync(slice.begin());
            long end = Math.min(slice.end(), slice.file().length()); // Avro adds to it
            GenericRecord record = null;
            while (reader.hasNext() && !reader.pastSync(end)) {
                record = reader.next(record);
                progress.add(1);
            }
        }
    }

    private static DataFileReader<GenericRecord> open(SourceFile file, Configuration hadoop) throws IOException {
        return new DataFileReader<>(new FsInput(TypedFormat.hadoopPath(file), hadoop), new GenericDatumReader<>());
    }
}
