package io.github.longwing.spark.columns;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.fileformat.DocumentReader;
import io.github.longwing.fileformat.ReadDocument;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * Reads the files that Spark's source {@code binaryFile} finds, with the {@link DocumentReader} of the class path. Files
 * are read where their text is asked for; to count them costs nothing.
 */
public final class DocumentFiles {
    /** Larger files are not read: Spark hands a file over in one piece, in several copies. */
    public static final long MAX_BYTES = 128L << 20;

    /** How much of what a reader left out, such as running heads. */
    private static final MapType LEFT_OUT =
            DataTypes.createMapType(DataTypes.StringType, DataTypes.IntegerType, /* valueContainsNull */ false);

    /** What the source has, and the text of the file with its title, its pages and what is not in the text. */
    private static final StructType READ = new StructType()
            .add("text", DataTypes.StringType)
            .add("title", DataTypes.StringType)
            .add("pages", DataTypes.IntegerType)
            .add("left_out", LEFT_OUT)
            .add(FileFailure.COLUMN, FileFailure.TYPE);

    private DocumentFiles() {}

    /**
     * Puts {@code text}, {@code title}, {@code pages} and {@code left_out} in the place of {@code content}. What a file
     * suffers becomes the error of its row.
     *
     * @param files as {@code binaryFile} gives them; the bytes of those that are too large are never asked for
     */
    public static Dataset<Row> read(Dataset<Row> files) {
        Column small = col("length").leq(MAX_BYTES);
        UserDefinedFunction read = udf(new ReadFile(), READ);
        Dataset<Row> readable = files.filter(small).withColumn("read", read.apply(col("content"), col("path")));
        Row tooLarge = FileFailure.of(new DocumentException(
                Kind.FileTooLarge,
                "Cannot read the file: it is larger than " + MAX_BYTES
                        + " bytes, expected at most as many; split it before"));
        Column failure = struct(
                lit(tooLarge.getString(0)).as("class"),
                lit(tooLarge.getString(1)).as("message"));
        Dataset<Row> others = files.filter(small.unary_$bang())
                .withColumn(
                        "read",
                        struct(
                                lit(null).cast(DataTypes.StringType).as("text"),
                                lit(null).cast(DataTypes.StringType).as("title"),
                                lit(null).cast(DataTypes.IntegerType).as("pages"),
                                lit(null).cast(LEFT_OUT).as("left_out"),
                                failure.as(FileFailure.COLUMN)));
        return columns(readable).union(columns(others));
    }

    private static Dataset<Row> columns(Dataset<Row> files) {
        return files.select(col("path"), col("length"), col("modificationTime"), col("read.*"));
    }

    /** What an executor does to a file. */
    private static final class ReadFile implements UDF2<byte[], String, Row> {
        private static final long serialVersionUID = 1L;

        /** Found once in each task. */
        private transient DocumentReader reader;

        @Override
        public Row call(byte[] content, String path) {
            if (reader == null) {
                reader = DocumentReader.find()
                        .orElseThrow(() -> new IllegalStateException(
                                "Cannot read files: the executor has no reader of documents, expected the jar that the"
                                        + " driver has; give it to Spark with --jars"));
            }
            try {
                ReadDocument document = reader.read(content, path.substring(path.lastIndexOf('/') + 1));
                Integer pages = document.pages().isPresent() ? document.pages().getAsInt() : null;
                return RowFactory.create(
                        document.text(), document.title().orElse(null), pages, document.leftOut(), null);
            } catch (DocumentException e) {
                return RowFactory.create(null, null, null, null, FileFailure.of(e));
            }
        }
    }
}
