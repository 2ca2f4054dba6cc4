package io.github.longwing.jobs.input;

import io.github.longwing.spark.files.FileListing;
import io.github.longwing.spark.files.FileNames;
import io.github.longwing.spark.source.CsvFormat;
import io.github.longwing.spark.source.JsonFormat;
import io.github.longwing.spark.source.TextFormat;
import io.github.longwing.spark.typed.AvroFormat;
import io.github.longwing.spark.typed.OrcFormat;
import io.github.longwing.spark.typed.ParquetFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A format of input files. The one list of them stands here: help, the guess from names and error messages follow from
 * it.
 *
 * @param name as {@code --format} takes it
 * @param endings of the names of files that have it, without dots
 * @param note what help says of it
 * @param reading how its files become documents
 */
public record InputFormat(String name, List<String> endings, Optional<String> note, Reading reading) {
    /** Documents for people: read where it is named only, since it takes the module {@code readers}. */
    static final InputFormat BINARY_FILE = new InputFormat(
            "binaryFile",
            List.of(
                    "pdf", "html", "htm", "xhtml", "docx", "doc", "rtf", "odt", "docm", "fodt", "epub", "xml", "nxml",
                    "tei", "eml", "mbox", "msg"),
            Optional.of("PDF, HTML, DOCX, text in any charset; likewise"),
            (reader, files, listing) -> reader.documents(files, listing.get()));

    private static final List<InputFormat> ALL = List.of(
            new InputFormat(
                    "parquet",
                    List.of("parquet"),
                    Optional.empty(),
                    (reader, files, listing) -> reader.typed(listing.get(), new ParquetFormat(), files)),
            new InputFormat(
                    "json",
                    List.of("json", "jsonl", "ndjson"),
                    Optional.of("lines, or one array"),
                    (reader, files, listing) -> reader.records(listing.get(), new JsonFormat(files.written()))),
            new InputFormat(
                    "csv",
                    List.of("csv", "tsv", "tab"),
                    Optional.of("with a header"),
                    (reader, files, listing) -> reader.records(listing.get(), new CsvFormat(files.written()))),
            new InputFormat(
                    "text",
                    List.of("txt", "text", "md", "markdown"),
                    Optional.of("each file is a document, its id is the path"),
                    (reader, files, listing) -> reader.records(
                            listing.get(),
                            new TextFormat(
                                    files.written(),
                                    reader.columns().id(),
                                    reader.columns().text()))),
            BINARY_FILE,
            new InputFormat(
                    "orc",
                    List.of("orc"),
                    Optional.empty(),
                    (reader, files, listing) -> reader.typed(listing.get(), new OrcFormat(), files)),
            new InputFormat(
                    "avro",
                    List.of("avro"),
                    Optional.empty(),
                    (reader, files, listing) -> reader.typed(listing.get(), new AvroFormat(), files)),
            new InputFormat("delta", List.of(), Optional.empty(), (reader, files, listing) -> reader.delta(files)));

    /** How the files of a format become documents; asks for their list where that is needed. */
    interface Reading {
        Documents read(InputReader reader, DocumentInput.Files files, Supplier<FileListing> listing);
    }

    /** The format of a name as {@code --format} takes it; empty where it is a source of Spark's class path, or none. */
    static Optional<InputFormat> named(String name) {
        return ALL.stream().filter(format -> format.name.equalsIgnoreCase(name)).findFirst();
    }

    /** The format that the name of a file means; empty where it means none. */
    static Optional<InputFormat> ofFile(String fileName) {
        String ending = FileNames.ending(fileName);
        return ALL.stream().filter(format -> format.endings.contains(ending)).findFirst();
    }

    static List<String> names() {
        return ALL.stream().map(InputFormat::name).toList();
    }

    /** The endings of files whose format is guessed, with their dots. */
    static List<String> guessedEndings() {
        return ALL.stream()
                .filter(format -> !format.equals(BINARY_FILE))
                .flatMap(format -> format.endings.stream())
                .map(ending -> "." + ending)
                .toList();
    }

    Documents read(InputReader reader, DocumentInput.Files files, Supplier<FileListing> listing) {
        return reading.read(reader, files, listing);
    }

    /** The names with what there is to say about them, for the help of {@code --format}. */
    public static final class Help implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ALL.stream()
                    .map(format -> format.name
                            + format.note.map(note -> " (" + note + ")").orElse(""))
                    .iterator();
        }
    }
}
