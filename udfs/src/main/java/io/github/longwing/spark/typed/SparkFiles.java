package io.github.longwing.spark.typed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.spark.columns.FileFailure;
import io.github.longwing.spark.files.FileLister;
import io.github.longwing.spark.files.FileListing;
import io.github.longwing.spark.files.SourceFile;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What Spark's own readers of files lack: folders as strings, and rows for files that cannot be read. */
final class SparkFiles {
    private SparkFiles() {}

    /** The files as patterns that mean just them, which is what Spark's readers take. */
    static String[] patterns(List<SourceFile> files) {
        return files.stream()
                .map(file -> (file.isLocal() ? "file:" + file.shown() : file.shown())
                        .replaceAll("[\\\\\\[\\]{}*?]", "\\\\$0"))
                .toArray(String[]::new);
    }

    /** With the keys of {@code key=value} folders as columns of strings. */
    static Dataset<Row> withPartitionColumns(Dataset<Row> rows, FileListing listing) {
        Dataset<Row> result = rows;
        for (String key : listing.partitionColumns()) {
            result = result.withColumn(
                    key, udf(new PartitionValue(key), DataTypes.StringType).apply(col("_metadata.file_path")));
        }
        return result;
    }

    private record PartitionValue(String key) implements UDF1<String, String> {
        @Override
        public String call(String path) {
            return FileLister.partitionValue(URI.create(path).getPath(), key);
        }
    }

    /** With a row for each file that cannot be read; all else of it is null. */
    static Dataset<Row> withFailures(SparkSession spark, Dataset<Row> rows, Map<SourceFile, String> damaged) {
        if (damaged.isEmpty()) {
            return rows;
        }
        StructType schema = new StructType();
        for (StructField field : rows.schema().fields()) {
            schema = schema.add(field.name(), field.dataType(), true);
        }
        schema = schema.add(FileFailure.COLUMN, FileFailure.TYPE);
        List<Row> failures = new ArrayList<>();
        for (Map.Entry<SourceFile, String> file : damaged.entrySet()) {
            Object[] values = new Object[schema.size()];
            values[values.length - 1] = FileFailure.of(new DocumentException(
                    Kind.UnreadableFile,
                    "Cannot read " + file.getKey().shown() + ": " + file.getValue()
                            + ", expected a whole file of its format; write it again, or leave it out"));
            failures.add(RowFactory.create(values));
        }
        Dataset<Row> without = rows.withColumn(FileFailure.COLUMN, lit(null).cast(FileFailure.TYPE));
        return without.union(spark.createDataFrame(failures, schema));
    }
}
