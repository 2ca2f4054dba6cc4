package io.github.longwing.spark.source;

import io.github.longwing.spark.files.FileText;
import io.github.longwing.spark.files.SourceFile;
import java.io.IOException;
import java.util.BitSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The records of a JSON file, one after the other, whatever stands between them: line ends, nothing, or the commas of
 * an array. Finds where a record ends and checks its grammar; its values are Gson's to read.
 */
final class JsonRecords implements RecordReader {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Pattern WORD = Pattern.compile("true|false|null|NaN|-?Infinity");
    private static final char RECORD_SEPARATOR = 0x1E; // of RFC 7464
    private static final char MARK = '\uFEFF'; // where marked files were joined

    private final FileText text;
    private final RecordFailures failures;
    private final SourceFile file;

    /** Null before the first record. */
    private JsonFormat.Layout layout;

    /** Arrays that are open around the records. */
    private int arrays;

    /** Characters since the beginning of the line. */
    private int column;

    /** Whether NaN or Infinity stands in the record. */
    private boolean nonFinite;

    private boolean ended;
    private SourceRecord next;

    JsonRecords(FileText text, SourceFile file) {
        this.text = text;
        this.file = file;
        this.failures = new RecordFailures(file, text);
    }

    @Override
    public Optional<SourceRecord> next() throws IOException {
        if (layout == null) {
            layout = JsonFormat.layout(file, text);
        }
        while (next == null && !ended) {
            advance();
        }
        Optional<SourceRecord> record = Optional.ofNullable(next);
        next = null;
        return record;
    }

    private void advance() throws IOException {
        int c = text.at(0);
        switch (c) {
            case -1 -> end();
            case ' ', '\t', '\r', '\n', ',', RECORD_SEPARATOR, MARK -> skip(c);
            case '[' -> {
                arrays++;
                skip(c);
            }
            case ']' -> {
                if (arrays == 0) {
                    malformed(new MalformedException(0, "found ], expected a record"));
                } else {
                    arrays--;
                    skip(c);
                }
            }
            default -> record();
        }
    }

    private void skip(int c) {
        text.release(1);
        column = c == '\n' ? 0 : column + 1;
    }

    private void end() throws IOException {
        ended = true;
        Optional<IOException> damage = text.damage();
        if (damage.isPresent()) {
            next = SourceRecord.failed(failures.damaged(damage.get()));
        } else if (arrays > 0) {
            next = SourceRecord.failed(failures.malformed(
                    new MalformedException(0, "the file ends inside of an array, expected its ]; it may be cut"),
                    "JSON"));
        }
    }

    private void record() throws IOException {
        try {
            int length = scan();
            var undecodable = failures.undecodable(length);
            if (undecodable.isPresent()) {
                next = SourceRecord.failed(undecodable.get());
            } else {
                Map<String, Object> values = JsonValues.read(text.reader(0, length), nonFinite);
                next = SourceRecord.of(values);
            }
            release(length);
        } catch (MalformedException e) {
            malformed(e);
        }
    }

    private void release(int length) throws IOException {
        for (int i = 0; i < length; i++) {
            column = text.at(i) == '\n' ? 0 : column + 1;
        }
        text.release(length);
    }

    /** Tells of a record, and goes on where the next one may begin. */
    private void malformed(MalformedException e) throws IOException {
        boolean cut = text.at(e.index()) < 0 && text.damage().isPresent();
        var undecodable = failures.undecodable(e.index() + 1);
        next = SourceRecord.failed(
                cut
                        ? failures.damaged(text.damage().get())
                        : undecodable.isPresent() ? undecodable.get() : failures.malformed(e, "JSON"));
        goOn();
        ended = text.at(0) < 0 && (cut || arrays > 0); // told already
    }

    /** Goes to where the next record may begin, past as little as it can. */
    private void goOn() throws IOException {
        int length = text.at(0) == '{' ? lengthByBrackets() : lengthOfWaste();
        if (length < 0) {
            length = lengthBeforeNextObject();
        }
        if (length >= 0) {
            release(length);
            return;
        }
        int begin = column;
        do {
            toNextLine();
        } while (layout == JsonFormat.Layout.DOCUMENT && text.at(0) >= 0 && !beginsRecord(begin));
    }

    /** The length of what is bracketed like a record, whatever else is wrong with it; -1 where nothing is. */
    private int lengthByBrackets() throws IOException {
        BitSet objects = new BitSet();
        int depth = 0;
        boolean inString = false;
        for (int i = 0; !FileText.isTooLong(i); i++) {
            int c = text.at(i);
            if (c < 0 || (c == '\n' && (inString || layout == JsonFormat.Layout.LINES))) {
                return -1;
            }
            if (inString) {
                i += c == '\\' && text.at(i + 1) != '\n' ? 1 : 0;
                inString = c != '"';
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                objects.set(depth++, c == '{');
            } else if (c == '}' || c == ']') {
                depth--;
                if (objects.get(depth) != (c == '}')) {
                    return -1;
                }
                if (depth == 0) {
                    return i + 1;
                }
            }
        }
        return -1;
    }

    /** The length of what is no record, as far as a record or the end of an array may begin on its line. */
    private int lengthOfWaste() throws IOException {
        int i = 0;
        if (text.at(0) == '"') {
            do {
                i += text.at(i) == '\\' ? 2 : 1;
            } while (text.at(i) >= 0 && text.at(i) != '"' && text.at(i) != '\n' && !FileText.isTooLong(i));
            i = text.at(i) == '"' ? i : 0; // a quote that opens nothing
        }
        do {
            i++;
        } while (text.at(i) >= 0
                && text.at(i) != '\n'
                && text.at(i) != '{'
                && !(arrays > 0 && (text.at(i) == ',' || text.at(i) == ']'))
                && !FileText.isTooLong(i));
        return i;
    }

    /** The length before a comma and an object on the line, which is how records in an array begin; -1 where none does. */
    private int lengthBeforeNextObject() throws IOException {
        for (int i = 1; text.at(i) >= 0 && text.at(i) != '\n' && !FileText.isTooLong(i); i++) {
            if (text.at(i) == ',') {
                int brace = behindBlanks(i + 1);
                if (text.at(brace) == '{' && text.at(behindBlanks(brace + 1)) == '"') {
                    return i;
                }
            }
        }
        return -1;
    }

    private int behindBlanks(int index) throws IOException {
        int i = index;
        while (text.at(i) == ' ' || text.at(i) == '\t') {
            i++;
        }
        return i;
    }

    private void toNextLine() throws IOException {
        int c = text.at(0);
        while (c >= 0 && c != '\n') {
            text.release(1);
            c = text.at(0);
        }
        if (c == '\n') {
            text.release(1);
        }
        column = 0;
    }

    /** Whether the line begins with a record that is no part of one that began at this column. */
    private boolean beginsRecord(int most) throws IOException {
        int i = 0;
        while (text.at(i) == ' ' || text.at(i) == '\t') {
            i++;
        }
        return text.at(i) == '{' && i <= most;
    }

    /** What the grammar allows next. */
    private enum Expected {
        VALUE,
        VALUE_OR_END,
        KEY,
        KEY_OR_END,
        COLON,
        COMMA_OR_END
    }

    /** The length of the object at the beginning of the window. */
    private int scan() throws IOException, MalformedException {
        if (text.at(0) != '{') {
            throw new MalformedException(0, "found " + shown(text.at(0)) + ", expected { and a record");
        }
        BitSet objects = new BitSet(); // of the levels around, those that are objects
        objects.set(0);
        nonFinite = false;
        int depth = 1;
        Expected expected = Expected.KEY_OR_END;
        int i = 1;
        while (true) {
            int c = text.at(i);
            if (FileText.isTooLong(i)) {
                throw tooLong(i);
            }
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                if (c == '\n' && layout == JsonFormat.Layout.LINES) {
                    throw new MalformedException(i, "the line ends inside of a record, expected all of it");
                }
                i++;
                continue;
            }
            if (c < 0) {
                throw MalformedException.ofAll(i, "the file ends inside of it, expected all of it");
            }
            boolean inObject = objects.get(depth - 1);
            boolean mayEnd = expected == Expected.COMMA_OR_END
                    || expected == Expected.KEY_OR_END
                    || expected == Expected.VALUE_OR_END;
            if (mayEnd && c == (inObject ? '}' : ']')) {
                i++;
                depth--;
                if (depth == 0) {
                    return i;
                }
                expected = Expected.COMMA_OR_END;
                continue;
            }
            switch (expected) {
                case KEY, KEY_OR_END -> {
                    require(c == '"', i, "a key in double quotes");
                    i = string(i);
                    expected = Expected.COLON;
                }
                case COLON -> {
                    require(c == ':', i, ":");
                    i++;
                    expected = Expected.VALUE;
                }
                case COMMA_OR_END -> {
                    require(c == ',', i, inObject ? ", or }" : ", or ]");
                    i++;
                    expected = inObject ? Expected.KEY : Expected.VALUE;
                }
                case VALUE, VALUE_OR_END -> {
                    if (c == '{' || c == '[') {
                        objects.set(depth, c == '{');
                        depth++;
                        i++;
                        expected = c == '{' ? Expected.KEY_OR_END : Expected.VALUE_OR_END;
                    } else {
                        i = c == '"' ? string(i) : word(i);
                        expected = Expected.COMMA_OR_END;
                    }
                }
            }
        }
    }

    private void require(boolean holds, int index, String expected) throws IOException, MalformedException {
        if (!holds) {
            throw new MalformedException(index, "found " + shown(text.at(index)) + ", expected " + expected);
        }
    }

    private static MalformedException tooLong(int index) {
        return MalformedException.tooLong(
                index,
                "the record has more than " + FileText.MAX_WINDOW + " characters, expected at most as many; split it");
    }

    /** Goes behind a string. */
    private int string(int quote) throws IOException, MalformedException {
        int i = quote + 1;
        while (true) {
            int c = text.at(i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\') {
                i = escape(i + 1);
            } else if (c >= ' ') {
                if (FileText.isTooLong(i)) {
                    throw tooLong(i);
                }
                i++;
            } else if (c < 0) {
                throw MalformedException.ofAll(
                        i, "it opens a string that nothing closes, expected its closing quote before the file ends");
            } else if (c == '\n' || c == '\r') {
                throw new MalformedException(i, "the line ends inside of a string, expected its closing quote");
            } else {
                throw new MalformedException(
                        i, "found the control character " + shown(c) + " in a string, expected it escaped");
            }
        }
    }

    private int escape(int index) throws IOException, MalformedException {
        int c = text.at(index);
        if (c == 'u') {
            for (int i = index + 1; i <= index + 4; i++) {
                require(Character.digit(text.at(i), 16) >= 0 && text.at(i) < 128, i, "four hexadecimal digits");
            }
            return index + 5;
        }
        require(c >= 0 && "\"\\/bfnrt".indexOf(c) >= 0, index, "an escape of JSON behind \\");
        return index + 1;
    }

    /** Goes behind a number or a word. */
    private int word(int begin) throws IOException, MalformedException {
        int i = begin;
        int c = text.at(i);
        while (c > ' ' && ",:[]{}\"".indexOf(c) < 0) {
            if (FileText.isTooLong(i)) {
                throw tooLong(i);
            }
            i++;
            c = text.at(i);
        }
        String word = text.string(begin, i);
        if (!NUMBER.matcher(word).matches() && !WORD.matcher(word).matches()) {
            String found = word.isEmpty() ? shown(c) : word.length() > 20 ? word.substring(0, 20) + "..." : word;
            throw new MalformedException(begin, "found " + found + ", expected a value");
        }
        nonFinite |= word.endsWith("NaN") || word.endsWith("Infinity");
        return i;
    }

    private static String shown(int c) {
        if (c < 0) {
            return "the end of the file";
        }
        return c > ' ' ? Character.toString(c) : String.format(Locale.ROOT, "0x%02X", c);
    }
}
