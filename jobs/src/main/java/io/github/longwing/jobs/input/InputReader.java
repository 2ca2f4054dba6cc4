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
import io.github.longwing.spark.files.InputAccount;
import io.github.longwing.spark.files.SourceFile;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.progress.SparkContexts;
import io.github.longwing.spark.source.DocumentFiles;
import io.github.longwing.spark.source.RecordFormat;
import io.github.longwing.spark.source.RecordSource;
import io.github.longwing.spark.source.RecordSource.SourceRows;
import io.github.longwing.spark.source.SquadLayout;
import io.github.longwing.spark.typed.TypedFiles;
import io.github.longwing.spark.typed.TypedFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Opens the input of a job with Spark. Everything that can be wrong about it is found here, before any task runs. */
public final class InputReader {

    private static final int SLOTS_OF_UNKNOWN_CLUSTERS = 16;

    private static final long SMALL_LIMIT = 10_000;

    /** Documents that the driver may hold. */
    private static final int MAX_COLLECTED = 100;

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

    DocumentColumns columns() {
        return columns;
    }

    public Documents read(DocumentInput input, OptionalLong limit) {
        Documents documents = read(input);
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
        return new Documents(
                first(documents.rows(), (int) most),
                counting,
                documents.account().map(account -> account.limitedTo(most)),
                documents.files(),
                documents.version());
    }

    private Documents read(DocumentInput input) {
        if (input instanceof DocumentInput.Given given) {
            return new Documents(given.rows(), new FullScan(), Optional.empty());
        }
        return input instanceof DocumentInput.Table table ? table(table) : files((DocumentInput.Files) input);
    }

    /** The columns of an input, where somebody knows them. */
    public interface KnownColumns {
        Optional<StructType> of(List<SourceFile> files);

        /** Of a table as it stood at this version. */
        Optional<StructType> at(String version);
    }

    /**
     * An input whose columns are known, without its rows: nothing but the list of files, or the log of a table, is read.
     * Empty where they are not known.
     */
    public Optional<Documents> unread(DocumentInput input, KnownColumns known) {
        Optional<InputMark> found = mark(input);
        if (found.isEmpty() || found.get().isEmpty()) {
            return Optional.empty();
        }
        InputMark mark = found.get();
        Optional<StructType> columns =
                mark.version().isPresent() ? known.at(mark.version().get()) : known.of(mark.files());
        return columns.map(c -> new Documents(
                spark.createDataFrame(List.<Row>of(), c),
                new Known(0),
                Optional.empty(),
                mark.version().isPresent() ? Optional.empty() : Optional.of(mark.files()),
                mark.version()));
    }

    /** How the input stands; empty for one that does not tell whether it has changed. */
    public Optional<InputMark> mark(DocumentInput input) {
        if (input instanceof DocumentInput.Table table) {
            return TableVersion.ofTable(table.name(), spark).map(version -> InputMark.of(Optional.of(version)));
        }
        if (!(input instanceof DocumentInput.Files files)) {
            return Optional.empty();
        }
        if (isDelta(files)) {
            return versionOfDelta(files).map(version -> InputMark.of(Optional.of(version)));
        }
        if (files.format().isPresent()
                && InputFormat.named(files.format().get()).isEmpty()) {
            return Optional.empty(); // what its paths mean is the source's to know
        }
        FileListing all = FileLister.list(files.paths(), hadoop);
        boolean guesses = files.format().isEmpty() && !all.files().isEmpty();
        return Optional.of(InputMark.of(guesses ? FormatGuess.of(all).listing().files() : all.files()));
    }

    private boolean isDelta(DocumentInput.Files files) {
        return files.format().map("delta"::equalsIgnoreCase).orElseGet(() -> files.paths().stream()
                .anyMatch(path -> InputPaths.isDelta(path, hadoop)));
    }

    private Optional<TableVersion> versionOfDelta(DocumentInput.Files files) {
        List<String> paths = InputPaths.find(files.paths(), hadoop).forSpark();
        return paths.size() == 1 ? TableVersion.ofDeltaPath(paths.get(0), spark) : Optional.empty();
    }

    /**
     * The first rows in the order of the partitions, the same whenever they are read again: a limit of Spark's takes
     * whichever come first.
     */
    private Dataset<Row> first(Dataset<Row> rows, int most) {
        if (most <= MAX_COLLECTED) {
            return spark.createDataFrame(rows.takeAsList(most), rows.schema());
        }
        return SparkContexts.of(spark).isEmpty()
                ? rows.limit(most)
                : spark.createDataFrame(
                        rows.javaRDD()
                                .zipWithIndex()
                                .filter(row -> row._2() < most)
                                .keys(),
                        rows.schema());
    }

    private Documents table(DocumentInput.Table table) {
        try {
            Optional<TableVersion> version = TableVersion.ofTable(table.name(), spark);
            Dataset<Row> rows = rows(table.name(), version);
            boolean stored = spark.catalog().tableExists(table.name())
                    && Set.of("MANAGED", "EXTERNAL")
                            .contains(spark.catalog().getTable(table.name()).tableType());
            return new Documents(rows, stored ? new LowCost() : new FullScan(), Optional.empty()).at(version);
        } catch (AnalysisException e) {
            throw new UserException(
                    "Cannot read --table " + table.name() + ": " + Failures.firstLine(e)
                            + ", expected a table or view of Spark's catalog; check its name and its database",
                    e);
        }
    }

    /** As they stood at this version, also for whoever reads them a second time. */
    private Dataset<Row> rows(String table, Optional<TableVersion> version) throws AnalysisException {
        return version.isPresent() ? version.get().rows(spark) : spark.table(table);
    }

    private Documents files(DocumentInput.Files files) {
        if (files.format().isPresent()) {
            String name = files.format().get();
            Optional<InputFormat> format = InputFormat.named(name);
            return format.isPresent()
                    ? format.get().read(this, files, () -> list(files))
                    // what its paths mean is the source's to know
                    : new Documents(load(name, files.paths(), files), new FullScan(), Optional.empty());
        }
        if (isDelta(files)) {
            return delta(files);
        }
        FormatGuess guess = FormatGuess.of(list(files));
        return guess.format().read(this, files, guess::listing);
    }

    private FileListing list(DocumentInput.Files files) {
        FileListing listing = FileLister.list(files.paths(), hadoop);
        requireFiles(listing, files);
        return listing;
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

    Documents records(FileListing listing, RecordFormat format) {
        SourceRows read = new RecordSource(spark, hadoop, slots, columns).read(listing, format);
        if (SquadLayout.isThere(read.rows().schema())) {
            return new Documents(SquadLayout.rows(read.rows(), columns), new FullScan(), Optional.of(read.account()))
                    .of(listing.files());
        }
        long count = read.account().records().orElse(read.account().filesRead());
        return new Documents(read.rows(), new Known(count), Optional.of(read.account())).of(listing.files());
    }

    /** Each file one document under its path, as what a reader of PDF and the like makes of it. */
    Documents documents(DocumentInput.Files files, FileListing listing) {
        if (DocumentReader.find().isEmpty()) {
            String jar = "longwing-readers-" + VersionLine.version() + ".jar";
            throw new UserException("Cannot read --input " + files.description()
                    + " as binaryFile: the class path has no reader of PDF, HTML and DOCX, expected " + jar
                    + "; give it to spark-submit with --jars readers/target/" + jar
                    + ", or say --format binaryFile on the command line of bin/longwing, which does so");
        }
        Dataset<Row> rows = DocumentFiles.read(spark, hadoop, slots, listing, columns);
        return new Documents(rows, new Known(listing.files().size()), Optional.of(account(listing)))
                .of(listing.files());
    }

    Documents delta(DocumentInput.Files files) {
        Optional<TableVersion> version = versionOfDelta(files);
        DataFrameReader reader = version.isPresent()
                ? spark.read().option("versionAsOf", version.get().number())
                : spark.read();
        List<String> paths = InputPaths.find(files.paths(), hadoop).forSpark();
        return new Documents(load(reader, "delta", paths, files), new LowCost(), Optional.empty()).at(version);
    }

    Documents typed(FileListing listing, TypedFormat format, DocumentInput.Files files) {
        // whether Spark has the format at all, before files are blamed
        Dataset<Row> unused = load(
                spark.read().schema(new StructType().add(columns.id(), DataTypes.StringType)),
                format.sparkName(),
                List.of(),
                files);
        SourceRows read = new TypedFiles(spark, hadoop, slots, columns).read(listing, format);
        return new Documents(read.rows(), new Known(read.account().records().getAsLong()), Optional.of(read.account()))
                .of(listing.files());
    }

    private Dataset<Row> load(String format, List<String> paths, DocumentInput.Files files) {
        return load(spark.read(), format, paths, files);
    }

    private Dataset<Row> load(DataFrameReader reader, String format, List<String> paths, DocumentInput.Files files) {
        try {
            return reader.format(format).load(array(paths));
        } catch (Exception e) { // checked exceptions, which Scala does not declare
            String description = files.description();
            if (e instanceof ClassNotFoundException
                    || String.valueOf(e.getMessage()).contains("Failed to find data source")
                    || String.valueOf(e.getMessage()).contains("DATA_SOURCE_NOT_FOUND")) {
                throw new UserException(
                        "Cannot read --input " + description + ": Spark has no source for --format " + format
                                + ", expected " + String.join(", ", InputFormat.names())
                                + " or one on Spark's class path"
                                + (InputFormat.named(format).isPresent()
                                        ? ""
                                        : DidYouMean.hint(format, InputFormat.names()))
                                + "; add it with --conf spark.jars.packages="
                                + packageOf(format, spark.version()),
                        e);
            }
            throw new UserException(
                    "Cannot read --input " + description + " as " + format + ": " + Failures.firstLine(e)
                            + ", expected files of that format; name another with --format",
                    e);
        }
    }

    /** Where a format comes from that an installed Spark leaves out; Delta carries Spark's version in its name. */
    static String packageOf(String format, String sparkVersion) {
        return switch (format) {
            case "avro" -> "org.apache.spark:spark-avro_2.13:" + sparkVersion;
            case "delta" ->
                "io.delta:delta-spark_" + sparkVersion.replaceFirst("^(\\d+\\.\\d+).*", "$1") + "_2.13:VERSION";
            default -> "GROUP:ARTIFACT:VERSION";
        };
    }

    private static String[] array(List<String> paths) {
        return paths.toArray(String[]::new);
    }
}
