package io.github.longwing.spark.typed;

import io.github.longwing.spark.files.Slice;
import io.github.longwing.spark.files.SourceFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Parquet. Pages with checksums are compared with them, which Spark's reader does not do. */
public record ParquetFormat() implements TypedFormat {
    @Override
    public String sparkName() {
        return "parquet";
    }

    @Override
    public Footer footer(SourceFile file, Configuration hadoop) throws IOException {
        MessageType schema = schema(inputFile(file, hadoop));
        Set<String> nanoseconds = new HashSet<>();
        schema.getFields().stream()
                .filter(ParquetFormat::hasNanoseconds)
                .forEach(field -> nanoseconds.add(field.getName()));
        return new Footer(
                schema.toString(),
                schema.getFields().stream().map(Type::getName).toList(),
                nanoseconds);
    }

    @Override
    public void readRows(Slice slice, List<String> columns, Configuration hadoop, Progress progress)
            throws IOException {
        InputFile input = inputFile(slice.file(), hadoop);
        MessageType schema = schema(input);
        List<Type> fields = schema.getFields().stream()
                .filter(field -> columns.contains(field.getName()))
                .toList();
        Configuration projected = new Configuration(hadoop);
        projected.set(ReadSupport.PARQUET_READ_SCHEMA, new MessageType(schema.getName(), fields).toString());
        try (ParquetReader<Group> rows = new Groups(input)
                .withConf(projected)
                .withFileRange(slice.begin(), slice.end())
                .usePageChecksumVerification()
                .build()) {
            while (rows.read() != null) {
                progress.add(1);
            }
        }
    }

    private static final class Groups extends ParquetReader.Builder<Group> {
        private Groups(InputFile file) {
            super(file);
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }

    private static MessageType schema(InputFile file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(file)) {
            return reader.getFooter().getFileMetaData().getSchema();
        }
    }

    private static InputFile inputFile(SourceFile file, Configuration hadoop) throws IOException {
        var path = TypedFormat.hadoopPath(file);
        return file.isLocal()
                ? new LocalInputFile(Path.of(URI.create(file.location())))
                : HadoopInputFile.fromPath(path, hadoop);
    }

    private static boolean hasNanoseconds(Type type) {
        return type.isPrimitive()
                ? type.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation timestamp
                        && timestamp.getUnit() == TimeUnit.NANOS
                : type.asGroupType().getFields().stream().anyMatch(ParquetFormat::hasNanoseconds);
    }
}
