package io.github.longwing.jobs.input;

import io.github.longwing.error.DidYouMean;
import io.github.longwing.error.UserException;
import io.github.longwing.fileformat.DocumentReader;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.console.VersionLine;
import io.github.longwing.jobs.input.Documents.Counting.FullScan;
import io.github.longwing.jobs.input.Documents.Counting.Known;
import io.github.longwing.jobs.input.Documents.Counting.LowCost;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.files.FileLister;
import io.github.longwing.spark.files.FileListing;
import io.github.longwing.spark.files.FormatOptions;
import io.github.longwing.spark.files.InputAccount;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.source.CsvFormat;
import io.github.longwing.spark.source.DocumentFiles;
import io.github.longwing.spark.source.JsonFormat;
import io.github.longwing.spark.source.ParquetFiles;
import io.github.longwing.spark.source.RecordFormat;
import io.github.longwing.spark.source.RecordSource;
import io.github.longwing.spark.source.RecordSource.SourceRows;
import io.github.longwing.spark.source.SparkFiles;
import io.github.longwing.spark.source.SquadLayout;
import io.github.longwing.spark.source.TextFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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

    private static final int SLOTS_OF_UNKNOWN_CLUSTERS = 16;

    private static final long SMALL_LIMIT = 10_000;

    private final SparkSession spark;
    private final Configuration hadoop;
    private final DocumentColumns columns;

    /** Tasks that run at a time, where that is known. */
    private final int slots;

    public InputReader(JobSession session, DocumentColumns columns) {
        this.spark = session.spark();
        this.hadoop = session.hadoopConfiguration();
        this.columns = columns;
        this.slots = session.context().map(SparkContext::defaultParallelism).orElse(SLOTS_OF_UNKNOWN_CLUSTERS);
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
        Documents.Counting counting = documents.counting() instanceof Known known
                ? new Known(Math.min(known.rows(), most))
                : most <= SMALL_LIMIT ? new LowCost() : documents.counting();
        return new Documents(documents.rows().limit((int) most), counting, documents.account());
    }

    private Documents table(DocumentInput.Table table) {
        try {
            Dataset<Row> rows = spark.table(table.name());
            boolean stored = spark.catalog().tableExists(table.name())
                    && Set.of("MANAGED", "EXTERNAL")
                            .contains(spark.catalog().getTable(table.name()).tableType());
            return new Documents(rows, stored ? new LowCost() : new FullScan(), Optional.empty());
        } catch (AnalysisException e) {
            throw new UserException(
                    "Cannot read --table " + table.name() + ": " + Failures.firstLine(e)
                            + ", expected a table or view of Spark's catalog; check its name and its database",
                    e);
        }
    }

    private Documents files(DocumentInput.Files files) {
        String named = files.format().orElse("").toLowerCase(Locale.ROOT);
        if (!named.isEmpty() && !FORMATS_OF_FILES.contains(named)) {
            // what its paths mean is the source's to know
            return new Documents(load(files.format().get(), files.paths(), files), new FullScan(), Optional.empty());
        }
        boolean guessed = named.isEmpty();
        boolean delta = named.equals("delta")
                || (guessed && files.paths().stream().anyMatch(path -> InputPaths.isDelta(path, hadoop)));
        if (delta) {
            List<String> paths = InputPaths.find(files.paths(), hadoop).forSpark();
            return new Documents(load("delta", paths, files), new LowCost(), Optional.empty());
        }
        FileListing listing = FileLister.list(files.paths(), hadoop);
        requireFiles(listing, files);
        FormatGuess guess = guessed ? FormatGuess.of(listing) : new FormatGuess(named, listing);
        return files(guess.format(), guess.listing(), files);
    }

    private Documents files(String format, FileListing listing, DocumentInput.Files files) {
        FormatOptions written = files.written();
        return switch (format) {
            case "json" -> records(listing, new JsonFormat(written));
            case "csv" -> records(listing, new CsvFormat(written));
            case "text" -> records(listing, new TextFormat(written, columns.id(), columns.text()));
            case "binaryfile" -> documents(listing, files);
            case "parquet" -> parquet(listing);
            default -> sparkFiles(format, listing, files);
        };
    }

    private static void requireFiles(FileListing listing, DocumentInput.Files files) {
        if (listing.files().isEmpty()) {
            InputAccount account = account(listing);
            throw new UserException("Cannot read --input " + files.description() + ": "
                    + (account.filesFound() == 0
                            ? "there is no file in it"
                            : "all files in it are left out (" + account.line() + ")")
                    + ", expected documents; name a file itself with --input to read it whatever its name");
        }
    }

    private static InputAccount account(FileListing listing) {
        return new InputAccount(listing.files().size(), listing.leftOut(), OptionalLong.empty(), 0, List.of());
    }

    private Documents records(FileListing listing, RecordFormat format) {
        SourceRows read = new RecordSource(spark, hadoop, slots, columns).read(listing, format);
        if (SquadLayout.isThere(read.rows().schema())) {
            return new Documents(SquadLayout.rows(read.rows(), columns), new FullScan(), Optional.of(read.account()));
        }
        long count = read.account().records().orElse(read.account().filesRead());
        return new Documents(read.rows(), new Known(count), Optional.of(read.account()));
    }

    /** Each file one document under its path, as what a reader of PDF and the like makes of it. */
    private Documents documents(FileListing listing, DocumentInput.Files files) {
        if (DocumentReader.find().isEmpty()) {
            String jar = "longwing-readers-" + VersionLine.version() + ".jar";
            throw new UserException("Cannot read --input " + files.description()
                    + " as binaryFile: the class path has no reader of PDF, HTML and DOCX, expected " + jar
                    + "; give it to spark-submit with --jars readers/target/" + jar
                    + ", or say --format binaryFile on the command line of bin/longwing, which does so");
        }
        Dataset<Row> rows = DocumentFiles.read(spark, hadoop, slots, listing, columns);
        return new Documents(rows, new Known(listing.files().size()), Optional.of(account(listing)));
    }

    private Documents parquet(FileListing listing) {
        SourceRows read = new ParquetFiles(spark, hadoop, columns).read(listing);
        return new Documents(read.rows(), new Known(read.account().records().getAsLong()), Optional.of(read.account()));
    }

    private Documents sparkFiles(String format, FileListing listing, DocumentInput.Files files) {
        Dataset<Row> rows = load(format, List.of(SparkFiles.patterns(listing.files())), files);
        return new Documents(
                SparkFiles.withPartitionColumns(rows, listing), new LowCost(), Optional.of(account(listing)));
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

    private static String[] array(List<String> paths) {
        return paths.toArray(String[]::new);
    }
}
