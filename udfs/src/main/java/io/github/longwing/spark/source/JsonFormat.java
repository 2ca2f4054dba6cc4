package io.github.longwing.spark.source;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.longwing.spark.files.FileNames;
import io.github.longwing.spark.files.FileText;
import io.github.longwing.spark.files.FormatOptions;
import io.github.longwing.spark.files.Slice;
import io.github.longwing.spark.files.SourceFile;
import io.github.longwing.spark.files.SourceStreams;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;

/** JSON: records line by line, or over several lines, or in arrays. */
public record JsonFormat(FormatOptions options) implements RecordFormat {
    private static final int LOOKED_AT = 64 * 1024;

    /** Where records begin and end; what is malformed costs one record in either. */
    enum Layout {
        /** No record goes on behind its line. */
        LINES,
        /** Records over several lines. */
        DOCUMENT
    }

    @Override
    public boolean isSplittable(SourceFile file, Configuration hadoop) throws IOException {
        if (!Arrays.equals("\n".getBytes(options.charset()), new byte[] {'\n'})) {
            return false;
        }
        byte[] first = new byte[10];
        try (var stream = SourceStreams.stored(file, 0, hadoop)) {
            int unused = stream.readNBytes(first, 0, first.length);
        }
        Charset marked = FileText.Mark.of(first, 4, options.charset()).charset();
        boolean readable = marked.equals(options.charset()) || marked.equals(StandardCharsets.UTF_8);
        if (SourceStreams.isCompressed(file, first) || !readable) {
            return false;
        }
        try (FileText text = FileText.open(Slice.whole(file), options, hadoop)) {
            return layout(file, text) == Layout.LINES
                    && beginning(text).stripLeading().startsWith("{");
        }
    }

    @Override
    public RecordReader records(FileText text, SourceFile file) {
        return new JsonRecords(text, file);
    }

    static Layout layout(SourceFile file, FileText text) throws IOException {
        String ending = FileNames.ending(file.name());
        return ending.equals("jsonl") || ending.equals("ndjson") ? Layout.LINES : layout(beginning(text));
    }

    static Layout layout(String beginning) {
        String text = beginning.stripLeading();
        if (text.startsWith("[")) {
            return Layout.DOCUMENT;
        }
        int lineEnd = text.indexOf('\n');
        if (!text.startsWith("{") || lineEnd < 0) {
            return Layout.LINES;
        }
        try {
            JsonElement unused = JsonParser.parseString(text.substring(0, lineEnd));
            return Layout.LINES;
        } catch (JsonParseException e) { // the record goes on, or the line is damaged and the next one tells
            return text.substring(lineEnd).stripLeading().startsWith("{") ? Layout.LINES : Layout.DOCUMENT;
        }
    }

    private static String beginning(FileText text) throws IOException {
        int length = LOOKED_AT;
        if (text.at(length - 1) < 0) {
            length = 0;
            while (text.at(length) >= 0) {
                length++;
            }
        }
        return text.string(0, length);
    }
}
