package io.github.longwing.jobs.commit;

import io.github.longwing.spark.columns.ColumnName;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskFailureListener;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/**
 * Writes the rows of a partition to Parquet files of a stage, one for each value of the partition columns, with the same
 * writer of Spark's that a DataFrame uses. The names do not end in .parquet, so that no reader takes them for rows. Runs
 * in tasks; what an attempt wrote that failed is deleted.
 */
final class StagingWriter extends AbstractFunction2<TaskContext, Iterator<InternalRow>, List<StagedFile>>
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Of how many partition values files are open at once. */
    private static final int MAX_OPEN = 32;

    private final String stage;
    private final OutputWriterFactory writers;
    private final SerializableConfiguration hadoop;
    private final StructType files;
    private final List<String> partitionBy;
    private final int error;

    private StagingWriter(
            String stage,
            OutputWriterFactory writers,
            SerializableConfiguration hadoop,
            StructType files,
            List<String> partitionBy,
            int error) {
        this.stage = stage;
        this.writers = writers;
        this.hadoop = hadoop;
        this.files = files;
        this.partitionBy = partitionBy;
        this.error = error;
    }

    /**
     * For rows as {@link #arrange} gives them.
     *
     * @param error the column whose values are null but for errors
     */
    static StagingWriter of(
            SparkSession spark,
            Configuration hadoop,
            Path stage,
            StructType schema,
            List<String> partitionBy,
            String error)
            throws IOException {
        StructType files = withoutPartitions(schema, partitionBy);
        Job job = Job.getInstance(hadoop);
        OutputWriterFactory writers = new ParquetFileFormat()
                .prepareWrite(spark, job, scala.collection.immutable.Map$.MODULE$.empty(), files);
        return new StagingWriter(
                stage.toString(),
                writers,
                new SerializableConfiguration(job.getConfiguration()),
                files,
                List.copyOf(partitionBy),
                files.fieldIndex(error));
    }

    /** A struct of the columns of the files, then the values of the partition columns as text. */
    static Dataset<Row> arrange(Dataset<Row> result, List<String> partitionBy) {
        List<Column> columns = new ArrayList<>();
        columns.add(functions.struct(
                Arrays.stream(withoutPartitions(result.schema(), partitionBy).fields())
                        .map(field -> ColumnName.column(field.name()))
                        .toArray(Column[]::new)));
        for (String name : partitionBy) {
            columns.add(ColumnName.column(name).cast(DataTypes.StringType));
        }
        return result.select(columns.toArray(Column[]::new));
    }

    static StructType withoutPartitions(StructType schema, List<String> partitionBy) {
        StructType files = new StructType();
        for (StructField field : schema.fields()) {
            if (partitionBy.stream().noneMatch(name -> name.equalsIgnoreCase(field.name()))) {
                files = files.add(field);
            }
        }
        return files;
    }

    @Override
    public List<StagedFile> apply(TaskContext task, Iterator<InternalRow> rows) {
        Attempt attempt = new Attempt(task);
        task.addTaskFailureListener((TaskFailureListener) (context, failure) -> attempt.abandon());
        try {
            while (rows.hasNext()) {
                attempt.write(rows.next());
            }
            return attempt.finish();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e.getMessage(), e);
        }
    }

    /** A file without rows, for an output that has none: readers take its columns from it. Runs on the driver. */
    StagedFile writeEmpty() throws IOException {
        TaskAttemptID id = new TaskAttemptID("longwing", 0, TaskType.REDUCE, 0, 0);
        Path path = new Path(stage, "empty.rows");
        writers.newInstance(path.toString(), files, new TaskAttemptContextImpl(hadoop.value(), id))
                .close();
        long length = path.getFileSystem(hadoop.value()).getFileStatus(path).getLen();
        return new StagedFile(path.toString(), "", length, 0, 0);
    }

    /** A file that is being written. */
    private static final class OpenFile {
        final OutputWriter writer;
        long rows;
        long errors;

        OpenFile(OutputWriter writer) {
            this.writer = writer;
        }
    }

    /** What one attempt of a task writes. */
    private final class Attempt {
        private final TaskAttemptContext context;
        private final String prefix;
        private final Map<String, OpenFile> open = new LinkedHashMap<>();
        private final List<StagedFile> finished = new ArrayList<>();
        private int number;

        Attempt(TaskContext task) {
            TaskAttemptID id =
                    new TaskAttemptID("longwing", 0, TaskType.REDUCE, task.partitionId(), task.attemptNumber());
            this.context = new TaskAttemptContextImpl(hadoop.value(), id);
            this.prefix = task.partitionId() + "-" + task.taskAttemptId();
        }

        void write(InternalRow row) throws IOException {
            String partition = partition(row);
            OpenFile file = open.get(partition);
            if (file == null) {
                if (open.size() == MAX_OPEN) {
                    close(open.keySet().iterator().next());
                }
                String name = new Path(stage, prefix + "-" + number++ + ".rows").toString();
                file = new OpenFile(writers.newInstance(name, files, context));
                open.put(partition, file);
            }
            InternalRow columns = row.getStruct(0, files.size());
            file.writer.write(columns);
            file.rows++;
            if (!columns.isNullAt(error)) {
                file.errors++;
            }
        }

        private String partition(InternalRow row) {
            StringBuilder directories = new StringBuilder();
            for (int i = 0; i < partitionBy.size(); i++) {
                int ordinal = 1 + i;
                String value = row.isNullAt(ordinal)
                        ? null
                        : row.getUTF8String(ordinal).toString();
                directories
                        .append(i == 0 ? "" : "/")
                        .append(ExternalCatalogUtils.getPartitionPathString(partitionBy.get(i), value));
            }
            return directories.toString();
        }

        private void close(String partition) throws IOException {
            OpenFile file = open.remove(partition);
            file.writer.close();
            String path = file.writer.path();
            FileSystem fileSystem = new Path(path).getFileSystem(hadoop.value());
            long length = fileSystem.getFileStatus(new Path(path)).getLen();
            finished.add(new StagedFile(path, partition, length, file.rows, file.errors));
        }

        List<StagedFile> finish() throws IOException {
            for (String partition : List.copyOf(open.keySet())) {
                close(partition);
            }
            return finished;
        }

        /** After a failure; the stage of the run is deleted at its end in any case. */
        void abandon() {
            open.values().forEach(file -> {
                try {
                    file.writer.close();
                    Path path = new Path(file.writer.path());
                    path.getFileSystem(hadoop.value()).delete(path, false);
                } catch (IOException | RuntimeException e) {
                    org.slf4j.LoggerFactory.getLogger(StagingWriter.class)
                            .debug("Cannot delete {}", file.writer.path(), e);
                }
            });
            open.clear();
        }
    }
}
