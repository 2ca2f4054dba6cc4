package io.github.longwing.spark.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.fileformat.DocumentReader;
import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.spark.columns.ColumnName;
import io.github.longwing.spark.columns.FileFailure;
import io.github.longwing.spark.columns.TextPages;
import io.github.longwing.spark.files.FileListing;
import io.github.longwing.spark.files.Slice;
import io.github.longwing.spark.files.SourceFile;
import io.github.longwing.spark.files.SourceStreams;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.source.RecordRows.Metadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads PDF, HTML and the like with the {@link DocumentReader} of the class path, each file one document. Files are read
 * where their text is asked for; to count them costs nothing.
 */
public final class DocumentFiles {
    /** Larger files are not read: a reader takes a file in one piece, in several copies. */
    public static final long MAX_BYTES = 128L << 20;

    private static final String LOCATION = "longwing location";

    /** How much of what a reader left out, such as running heads. */
    private static final MapType LEFT_OUT =
            DataTypes.createMapType(DataTypes.StringType, DataTypes.IntegerType, /* valueContainsNull */ false);

    /** The text of a file with its title, its pages and what is not in the text. */
    private static final StructType READ = new StructType()
            .add("text", DataTypes.StringType)
            .add("title", DataTypes.StringType)
            .add("pages", DataTypes.IntegerType)
            .add("left_out", LEFT_OUT)
            .add(TextPages.COLUMN, TextPages.TYPE)
            .add(FileFailure.COLUMN, FileFailure.TYPE);

    private DocumentFiles() {}

    /**
     * A row for each file: its path as id, {@code path}, {@code length}, {@code modificationTime}, the text,
     * {@code title}, {@code pages}, {@code left_out}, and the columns of its folders. What a file suffers becomes the error of its row.
     */
    public static Dataset<Row> read(
            SparkSession spark, Configuration hadoop, int slots, FileListing listing, DocumentColumns columns) {
        List<List<Slice>> splits;
        try {
            splits = Splits.plan(listing.files(), (file, configuration) -> false, slots, hadoop);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        StructType files = new StructType()
                .add(LOCATION, DataTypes.StringType)
                .add("path", DataTypes.StringType)
                .add("length", DataTypes.LongType)
                .add("modificationTime", DataTypes.TimestampType);
        for (String name : listing.partitionColumns()) {
            files = files.add(name, DataTypes.StringType);
        }
        Dataset<Row> rows = Splits.dataset(spark, splits, slots)
                .flatMap(new ListFiles(listing.partitionColumns().size()), Encoders.row(files));
        Column read = udf(new ReadFile(new SerializableConfiguration(hadoop)), READ)
                .apply(ColumnName.column(LOCATION), col("length"));
        List<Column> selection = new ArrayList<>(
                List.of(col("path").as(columns.id()), col("path"), col("length"), col("modificationTime")));
        if (columns.id().equals("path")) {
            selection.remove(1);
        }
        selection.add(col("read.text").as(columns.text()));
        selection.add(col("read.title"));
        selection.add(col("read.pages"));
        selection.add(col("read.left_out"));
        selection.add(col("read." + ColumnName.quoted(TextPages.COLUMN)));
        selection.add(col("read." + ColumnName.quoted(FileFailure.COLUMN)));
        listing.partitionColumns().forEach(name -> selection.add(ColumnName.column(name)));
        return rows.withColumn("read", read).select(selection.toArray(Column[]::new));
    }

    /** The files of a part, not opened. */
    private record ListFiles(int partitionColumns) implements FlatMapFunction<byte[], Row> {
        @Override
        public Iterator<Row> call(byte[] split) {
            return Splits.slices(split).stream().map(slice -> row(slice.file())).iterator();
        }

        private Row row(SourceFile file) {
            List<Object> row = new ArrayList<>(
                    List.of(file.location(), file.shown(), file.length(), new Timestamp(file.modified())));
            RecordRows.addFile(file, partitionColumns, Metadata.LEFT_OUT, row);
            return RowFactory.create(row.toArray());
        }
    }

    /** What an executor does to a file. */
    private static final class ReadFile implements UDF2<String, Long, Row> {
        private static final long serialVersionUID = 1L;

        private final SerializableConfiguration hadoop;

        /** Found once in each task. */
        private transient DocumentReader reader;

        private ReadFile(SerializableConfiguration hadoop) {
            this.hadoop = hadoop;
        }

        @Override
        public Row call(String location, Long length) throws IOException {
            if (reader == null) {
                reader = DocumentReader.find()
                        .orElseThrow(() -> new IllegalStateException(
                                "Cannot read files: the executor has no reader of documents, expected the jar that the"
                                        + " driver has; give it to Spark with --jars"));
            }
            SourceFile file = new SourceFile(location, length, 0, null);
            try {
                ReadDocument document = reader.read(bytes(file), file.name());
                Integer pages = document.pages().isPresent() ? document.pages().getAsInt() : null;
                return RowFactory.create(
                        document.text(),
                        document.title().orElse(null),
                        pages,
                        document.leftOut(),
                        TextPages.value(document.pageMarks()),
                        null);
            } catch (DocumentException e) {
                return RowFactory.create(null, null, null, null, null, FileFailure.of(e));
            }
        }

        private byte[] bytes(SourceFile file) throws IOException {
            if (file.length() <= MAX_BYTES) {
                try (InputStream stream = SourceStreams.stored(file, 0, hadoop.value())) {
                    byte[] bytes = stream.readNBytes((int) MAX_BYTES + 1);
                    if (bytes.length <= MAX_BYTES) {
                        return bytes;
                    }
                }
            }
            throw new DocumentException(
                    Kind.FileTooLarge,
                    "Cannot read the file: it is larger than " + MAX_BYTES
                            + " bytes, expected at most as many; split it before");
        }
    }
}
