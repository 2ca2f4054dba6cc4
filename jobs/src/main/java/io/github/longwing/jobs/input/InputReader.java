package io.github.longwing.jobs.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.regexp_replace;

import io.github.longwing.error.DidYouMean;
import io.github.longwing.error.UserException;
import io.github.longwing.fileformat.DocumentReader;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.console.VersionLine;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.columns.DocumentFiles;
import io.github.longwing.spark.options.DocumentColumns;
import java.sql.Timestamp;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Opens the input of a job with Spark. Everything that can be wrong about it is found here, before any task runs. */
public final class InputReader {
    private static final Set<String> FORMATS_OF_FILES =
            Set.of("parquet", "json", "csv", "text", "orc", "avro", "delta", "binaryfile");
    private static final List<String> KNOWN_FORMATS =
            List.of("parquet", "json", "csv", "text", "binaryFile", "orc", "avro", "delta");

    /** Where the formats come from that an installed Spark leaves out. */
    private static final Map<String, String> PACKAGES =
            Map.of("avro", "org.apache.spark:spark-avro_2.13:VERSION", "delta", "io.delta:delta-spark_2.13:VERSION");

    /** Formats that know how many rows they have. */
    private static final Set<String> COUNTED_FORMATS = Set.of("parquet", "orc", "delta", "text", "binaryfile");

    /** Reading so much twice is nothing beside running a model on it. */
    private static final long SMALL_INPUT_BYTES = 64L << 20;

    private static final long SMALL_LIMIT = 10_000;

    private final SparkSession spark;
    private final Configuration hadoop;
    private final DocumentColumns columns;

    public InputReader(JobSession session, DocumentColumns columns) {
        this.spark = session.spark();
        this.hadoop = session.hadoopConfiguration();
        this.columns = columns;
    }

    public Documents read(DocumentInput input, OptionalLong limit) {
        Documents documents =
                input instanceof DocumentInput.Table table ? table(table) : files((DocumentInput.Files) input);
        if (limit.isEmpty()) {
            return documents;
        }
        long most = limit.getAsLong();
        if (most > Integer.MAX_VALUE) {
            return documents;
        }
        return new Documents(
                documents.rows().limit((int) most),
                most <= SMALL_LIMIT ? Documents.Counting.LOW_COST : documents.counting());
    }

    private Documents table(DocumentInput.Table table) {
        try {
            Dataset<Row> rows = spark.table(table.name());
            boolean stored = spark.catalog().tableExists(table.name())
                    && Set.of("MANAGED", "EXTERNAL")
                            .contains(spark.catalog().getTable(table.name()).tableType());
            return new Documents(rows, stored ? Documents.Counting.LOW_COST : Documents.Counting.FULL_SCAN);
        } catch (AnalysisException e) {
            throw new UserException(
                    "Cannot read --table " + table.name() + ": " + Failures.firstLine(e)
                            + ", expected a table or view of Spark's catalog; check its name and its database",
                    e);
        }
    }

    private Documents files(DocumentInput.Files files) {
        String named = files.format().orElse("");
        if (!named.isEmpty() && !FORMATS_OF_FILES.contains(named.toLowerCase(Locale.ROOT))) {
            // what its paths mean is the source's to know
            return new Documents(load(named, files.paths(), files), Documents.Counting.FULL_SCAN);
        }
        InputPaths paths = InputPaths.find(files.paths(), hadoop);
        String format = named.isEmpty() ? paths.guessFormat(hadoop) : named.toLowerCase(Locale.ROOT);
        Dataset<Row> rows =
                switch (format) {
                    case "text" -> texts(paths);
                    case "binaryfile" -> documents(paths, files);
                    case "json" -> jsons(paths);
                    case "csv" -> csvs(paths);
                    default -> load(format, paths.forSpark(), files);
                };
        boolean cheap = COUNTED_FORMATS.contains(format) || isSmall(paths);
        return new Documents(rows, cheap ? Documents.Counting.LOW_COST : Documents.Counting.FULL_SCAN);
    }

    /** Each file one document under its path, as its bytes, so that what is not UTF-8 is noticed. */
    private Dataset<Row> texts(InputPaths paths) {
        return binaryFiles(paths).select(id().as(columns.id()), col("content").as(columns.text()));
    }

    /** Each file one document under its path, as what a reader of PDF and the like makes of it. */
    private Dataset<Row> documents(InputPaths paths, DocumentInput.Files files) {
        if (DocumentReader.find().isEmpty()) {
            String jar = "longwing-readers-" + VersionLine.version() + ".jar";
            throw new UserException("Cannot read --input " + files.description()
                    + " as binaryFile: the class path has no reader of PDF, HTML and DOCX, expected " + jar
                    + "; give it to spark-submit with --jars readers/target/" + jar
                    + ", or say --format binaryFile on the command line of bin/longwing, which does so");
        }
        Dataset<Row> read = DocumentFiles.read(binaryFiles(paths)).withColumn(columns.id(), id());
        return columns.text().equals("text") ? read : read.withColumnRenamed("text", columns.text());
    }

    private static Column id() {
        return regexp_replace(col("path"), "^file:/+", "/");
    }

    /** All files with their bytes, also those that have none. */
    private Dataset<Row> binaryFiles(InputPaths paths) {
        Dataset<Row> files = spark.read()
                .format("binaryFile")
                .load(array(paths.forSpark()))
                .select("path", "modificationTime", "length", "content");
        List<Row> empty = paths.emptyFiles(hadoop).stream()
                .map(file -> RowFactory.create(
                        file.getPath().toString(), new Timestamp(file.getModificationTime()), 0L, new byte[0]))
                .toList();
        return empty.isEmpty() ? files : files.union(spark.createDataFrame(empty, files.schema()));
    }

    private Dataset<Row> jsons(InputPaths paths) {
        JsonLayout layout = JsonLayout.of(paths.filesToLookAt(hadoop), hadoop);
        return spark.read().option("multiLine", layout == JsonLayout.WHOLE_FILE).json(array(paths.forSpark()));
    }

    /** Quotes as RFC 4180 has them, since documents have line breaks; all columns stay strings, so that ids survive. */
    private Dataset<Row> csvs(InputPaths paths) {
        boolean tabs = paths.filesToLookAt(hadoop).stream()
                .allMatch(file -> InputFile.hasTabs(file.getPath().getName()));
        Dataset<Row> rows = spark.read()
                .option("header", true)
                .option("multiLine", true)
                .option("escape", "\"")
                .option("sep", tabs ? "\t" : ",")
                .csv(array(paths.forSpark()));
        String[] names = rows.columns();
        return names.length > 0 && names[0].startsWith("\uFEFF") // a byte-order mark before the header
                ? rows.withColumnRenamed(names[0], names[0].substring(1))
                : rows;
    }

    private Dataset<Row> load(String format, List<String> paths, DocumentInput.Files files) {
        try {
            return spark.read().format(format).load(array(paths));
        } catch (Exception e) { // checked exceptions, which Scala does not declare
            String description = files.description();
            if (e instanceof ClassNotFoundException
                    || String.valueOf(e.getMessage()).contains("Failed to find data source")
                    || String.valueOf(e.getMessage()).contains("DATA_SOURCE_NOT_FOUND")) {
                throw new UserException(
                        "Cannot read --input " + description + ": Spark has no source for --format " + format
                                + ", expected " + String.join(", ", KNOWN_FORMATS)
                                + " or one on Spark's class path"
                                + (PACKAGES.containsKey(format) ? "" : DidYouMean.hint(format, KNOWN_FORMATS))
                                + "; add it with --conf spark.jars.packages="
                                + PACKAGES.getOrDefault(format, "GROUP:ARTIFACT:VERSION"),
                        e);
            }
            throw new UserException(
                    "Cannot read --input " + description + " as " + format + ": " + Failures.firstLine(e)
                            + ", expected files of that format; name another with --format",
                    e);
        }
    }

    private boolean isSmall(InputPaths paths) {
        return paths.filesToLookAt(hadoop).stream()
                        .mapToLong(FileStatus::getLen)
                        .sum()
                <= SMALL_INPUT_BYTES;
    }

    private static String[] array(List<String> paths) {
        return paths.toArray(String[]::new);
    }
}
