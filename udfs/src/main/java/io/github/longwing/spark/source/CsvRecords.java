package io.github.longwing.spark.source;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.spark.files.FileNames;
import io.github.longwing.spark.files.FileText;
import io.github.longwing.spark.files.FormatOptions;
import io.github.longwing.spark.files.SourceFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The records of a CSV file. A field in quotes is taken as it stands, line ends too; one that is nothing without quotes
 * is null. After a record that is malformed reading goes on at the line behind the one that it begins in, so that a quote
 * that nobody closed does not swallow what follows.
 */
final class CsvRecords implements RecordReader {
    private static final String SEPARATOR_LINE = "sep="; // as spreadsheets write it

    private final FileText text;
    private final RecordFailures failures;
    private final FormatOptions options;
    private final int quote;
    private String separator;

    /** Null before the first line is read. */
    private List<String> header;

    private boolean ended;
    private SourceRecord next;

    CsvRecords(FileText text, SourceFile file, FormatOptions options) {
        this.text = text;
        this.failures = new RecordFailures(file, text);
        this.options = options;
        this.quote = options.quote().map(c -> (int) c).orElse(-2);
        this.separator =
                options.csvSeparator() != null ? options.csvSeparator() : FileNames.hasTabs(file.name()) ? "\t" : ",";
    }

    @Override
    public List<String> header() {
        return header == null ? List.of() : header;
    }

    @Override
    public Optional<SourceRecord> next() throws IOException {
        if (header == null) {
            readHeader();
        }
        while (next == null && !ended) {
            advance();
        }
        Optional<SourceRecord> record = Optional.ofNullable(next);
        next = null;
        return record;
    }

    private void readHeader() throws IOException {
        header = List.of();
        skipBlankLines();
        readSeparatorLine();
        if (text.at(0) < 0) {
            return;
        }
        List<String> names = new ArrayList<>();
        try {
            int length = parse(names);
            Optional<DocumentException> undecodable = failures.undecodable(length);
            if (undecodable.isPresent()) {
                giveUp(undecodable.get());
                return;
            }
            text.release(length);
        } catch (MalformedException e) {
            giveUp(failures.malformed(e, "the header of CSV"));
            return;
        }
        Set<String> unique = new LinkedHashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (name != null && !name.isEmpty() && !unique.add(name)) {
                giveUp(new DocumentException(
                        Kind.MalformedRecord,
                        "Cannot read the header of " + failures.file().shown() + ": the column " + name
                                + " stands in it twice, expected names that differ; rename one"));
                return;
            }
            if (name == null || name.isEmpty()) {
                unique.add("_c" + i); // as Spark calls it
            }
        }
        header = List.copyOf(unique);
    }

    /** Without its header a file has no records. */
    private void giveUp(DocumentException failure) {
        next = SourceRecord.failed(failure);
        ended = true;
    }

    private void readSeparatorLine() throws IOException {
        if (options.csvSeparator() != null || text.at(SEPARATOR_LINE.length()) < 0) {
            return;
        }
        int length = 0;
        while (text.at(length) >= 0 && text.at(length) != '\n' && text.at(length) != '\r' && length < 16) {
            length++;
        }
        String line = text.string(0, length).replace("\"", "");
        if (line.startsWith(SEPARATOR_LINE) && line.length() > SEPARATOR_LINE.length()) {
            separator = line.substring(SEPARATOR_LINE.length());
            text.release(length);
            skipBlankLines();
        }
    }

    private void skipBlankLines() throws IOException {
        while (text.at(0) == '\n' || text.at(0) == '\r') {
            text.release(1);
        }
    }

    private void advance() throws IOException {
        skipBlankLines();
        if (text.at(0) < 0) {
            ended = true;
            if (text.damage().isPresent()) {
                next = SourceRecord.failed(failures.damaged(text.damage().get()));
            }
            return;
        }
        List<String> fields = new ArrayList<>(header.size());
        try {
            int length = parse(fields);
            if (text.at(length) < 0
                    && text.damage().isPresent()
                    && text.at(length - 1) != '\n') { // who knows how it would have gone on
                ended = true;
                next = SourceRecord.failed(failures.damaged(text.damage().get()));
                return;
            }
            Optional<DocumentException> undecodable = failures.undecodable(length);
            if (undecodable.isPresent()) {
                next = SourceRecord.failed(undecodable.get());
            } else if (fields.size() != header.size()) {
                String count = fields.size() == 1 ? "1 field" : fields.size() + " fields";
                long lines = text.lineAt(length - 1) - text.line() + 1;
                next = SourceRecord.failed(failures.malformed(
                        MalformedException.ofAll(
                                length,
                                "it has " + count + (lines > 1 ? " on " + lines + " lines" : "") + ", expected "
                                        + header.size()
                                        + " as in the header; a field with separators or line ends in it needs quotes"),
                        "CSV"));
            } else {
                next = SourceRecord.of(values(fields));
            }
            text.release(length);
        } catch (MalformedException e) {
            malformed(e);
        }
    }

    private Map<String, Object> values(List<String> fields) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            values.put(header.get(i), fields.get(i));
        }
        return values;
    }

    private void malformed(MalformedException e) throws IOException {
        boolean cut = text.at(e.index()) < 0 && text.damage().isPresent();
        Optional<DocumentException> undecodable = failures.undecodable(e.index() + 1);
        next = SourceRecord.failed(
                cut
                        ? failures.damaged(text.damage().get())
                        : undecodable.isPresent() ? undecodable.get() : failures.malformed(e, "CSV"));
        int c = text.at(0);
        while (c >= 0 && c != '\n' && c != '\r') {
            text.release(1);
            c = text.at(0);
        }
        if (cut && text.at(0) < 0) {
            ended = true;
        }
    }

    /** Reads the record at the beginning of the window and gives its length. */
    private int parse(List<String> fields) throws IOException, MalformedException {
        int i = 0;
        while (true) {
            i = text.at(i) == quote ? quoted(i, fields) : bare(i, fields);
            if (isSeparator(i)) {
                i += separator.length();
                continue;
            }
            int c = text.at(i);
            if (c == '\r') {
                return text.at(i + 1) == '\n' ? i + 2 : i + 1;
            }
            return c < 0 ? i : i + 1;
        }
    }

    private int bare(int begin, List<String> fields) throws IOException, MalformedException {
        int i = begin;
        int c = text.at(i);
        while (c >= 0 && c != '\n' && c != '\r' && !isSeparator(i)) {
            requireRoom(i);
            i++;
            c = text.at(i);
        }
        fields.add(i == begin ? null : text.string(begin, i));
        return i;
    }

    private int quoted(int begin, List<String> fields) throws IOException, MalformedException {
        StringBuilder before = new StringBuilder();
        int from = begin + 1;
        int i = from;
        while (true) {
            int c = text.at(i);
            if (c < 0) {
                throw MalformedException.ofAll(
                        i, "it opens a quote that nothing closes, expected a closing quote before the file ends");
            }
            requireRoom(i);
            if (c != quote) {
                i++;
            } else if (text.at(i + 1) == quote) {
                before.append(text.string(from, i + 1));
                i += 2;
                from = i;
            } else {
                break;
            }
        }
        fields.add(before.append(text.string(from, i)).toString());
        i++;
        int c = text.at(i);
        if (c >= 0 && c != '\n' && c != '\r' && !isSeparator(i)) {
            throw MalformedException.ofAll(
                    i,
                    "found " + Character.toString(c) + " behind a closing quote, expected "
                            + (separator.equals("\t") ? "a tab" : separator)
                            + " or the end of the line; a quote inside of a field is written twice");
        }
        return i;
    }

    private static void requireRoom(int index) throws MalformedException {
        if (FileText.isTooLong(index)) {
            throw MalformedException.tooLong(
                    index,
                    "the record has more than " + FileText.MAX_WINDOW
                            + " characters, expected at most as many; split it, or close the quote that it opens");
        }
    }

    private boolean isSeparator(int index) throws IOException {
        for (int i = 0; i < separator.length(); i++) {
            if (text.at(index + i) != separator.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
