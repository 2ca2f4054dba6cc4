package io.github.longwing.jobs.input;

import io.github.longwing.spark.files.FileListing;
import io.github.longwing.spark.files.FileNames;
import io.github.longwing.spark.source.CsvFormat;
import io.github.longwing.spark.source.JsonFormat;
import io.github.longwing.spark.source.TextFormat;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The formats of input files: the one list of their names, the endings of their files and how each is read. Help, the
 * guess from names and error messages follow from it.
 */
public enum InputFormat {
    PARQUET("parquet", List.of("parquet"), Optional.empty(), (reader, files, listing) -> reader.parquet(listing.get())),
    JSON(
            "json",
            List.of("json", "jsonl", "ndjson"),
            Optional.of("lines, or one array"),
            (reader, files, listing) -> reader.records(listing.get(), new JsonFormat(files.written()))),
    CSV(
            "csv",
            List.of("csv", "tsv", "tab"),
            Optional.of("with a header"),
            (reader, files, listing) -> reader.records(listing.get(), new CsvFormat(files.written()))),
    TEXT(
            "text",
            List.of("txt", "text", "md", "markdown"),
            Optional.of("each file is a document, its id is the path"),
            (reader, files, listing) -> reader.records(
                    listing.get(),
                    new TextFormat(
                            files.written(),
                            reader.columns().id(),
                            reader.columns().text()))),
    /** Documents for people: read where it is named only, since it takes the module {@code readers}. */
    BINARY_FILE(
            "binaryFile",
            List.of(
                    "pdf", "html", "htm", "xhtml", "docx", "doc", "rtf", "odt", "docm", "fodt", "epub", "xml", "nxml",
                    "tei", "eml", "msg"),
            Optional.of("PDF, HTML, DOCX, text in any charset; likewise"),
            (reader, files, listing) -> reader.documents(files, listing.get())),
    ORC(
            "orc",
            List.of("orc"),
            Optional.empty(),
            (reader, files, listing) -> reader.sparkFiles("orc", files, listing.get())),
    AVRO(
            "avro",
            List.of("avro"),
            Optional.empty(),
            (reader, files, listing) -> reader.sparkFiles("avro", files, listing.get())),
    DELTA("delta", List.of(), Optional.empty(), (reader, files, listing) -> reader.delta(files));

    private final String formatName;
    private final List<String> endings;
    private final Optional<String> note;
    private final Reading reading;

    InputFormat(String formatName, List<String> endings, Optional<String> note, Reading reading) {
        this.formatName = formatName;
        this.endings = endings;
        this.note = note;
        this.reading = reading;
    }

    /** How the files of a format become documents; asks for their list where that is needed. */
    private interface Reading {
        Documents read(InputReader reader, DocumentInput.Files files, Supplier<FileListing> listing);
    }

    /** The format of a name as {@code --format} takes it; empty where it is a source of Spark's class path, or none. */
    static Optional<InputFormat> named(String name) {
        return Arrays.stream(values())
                .filter(format -> format.formatName.equalsIgnoreCase(name))
                .findFirst();
    }

    /** The format that the name of a file means; empty where it means none. */
    static Optional<InputFormat> ofFile(String fileName) {
        String ending = FileNames.ending(fileName);
        return Arrays.stream(values())
                .filter(format -> format.endings.contains(ending))
                .findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(InputFormat::formatName).toList();
    }

    /** The endings of files whose format is guessed, with their dots. */
    static List<String> guessedEndings() {
        return Arrays.stream(values())
                .filter(format -> format != BINARY_FILE)
                .flatMap(format -> format.endings.stream())
                .map(ending -> "." + ending)
                .toList();
    }

    String formatName() {
        return formatName;
    }

    Documents read(InputReader reader, DocumentInput.Files files, Supplier<FileListing> listing) {
        return reading.read(reader, files, listing);
    }

    /** The names with what there is to say about them, for the help of {@code --format}. */
    public static final class Help implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            Stream<String> lines = Arrays.stream(values())
                    .map(format -> format.formatName
                            + format.note.map(note -> " (" + note + ")").orElse(""));
            return lines.iterator();
        }
    }
}
