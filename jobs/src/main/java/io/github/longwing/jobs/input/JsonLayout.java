package io.github.longwing.jobs.input;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.longwing.error.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** How a JSON file holds its records; Spark must be told, and reads but the first record where it is told wrongly. */
enum JsonLayout {
    /** One record to a line. */
    LINES,
    /** One array, or one record over several lines. */
    WHOLE_FILE;

    private static final int LOOKED_AT = 64 * 1024;

    /** So many files of lines are enough to believe the others, since lines read as lines lose nothing. */
    private static final int ENOUGH_FILES_OF_LINES = 16;

    /** The layout that all files share, from how each begins. */
    static JsonLayout of(List<FileStatus> files, Configuration hadoop) {
        Map<JsonLayout, Path> layouts = new LinkedHashMap<>();
        int seen = 0;
        for (FileStatus file : files) {
            if (seen >= ENOUGH_FILES_OF_LINES && !layouts.containsKey(WHOLE_FILE)) {
                break;
            }
            JsonLayout layout =
                    InputFile.isJsonLines(file.getPath().getName()) ? LINES : of(beginning(file.getPath(), hadoop));
            layouts.putIfAbsent(layout, file.getPath());
            seen++;
        }
        if (layouts.size() > 1) {
            throw new UserException(
                    "Cannot read the input: " + layouts.get(LINES).getName()
                            + " has one JSON record to a line and "
                            + layouts.get(WHOLE_FILE).getName()
                            + " is one JSON value, expected one layout; give the files to runs of their own");
        }
        return layouts.isEmpty() ? LINES : layouts.keySet().iterator().next();
    }

    static JsonLayout of(String beginning) {
        String text = beginning.replaceFirst("^\\uFEFF", "").stripLeading();
        if (text.startsWith("[")) {
            return WHOLE_FILE;
        }
        int lineEnd = text.indexOf('\n');
        if (!text.startsWith("{") || lineEnd < 0) {
            return LINES;
        }
        try {
            JsonElement unused = JsonParser.parseString(text.substring(0, lineEnd));
            return LINES;
        } catch (JsonParseException e) { // the record goes on, or the line is damaged and the next one tells
            return text.substring(lineEnd).stripLeading().startsWith("{") ? LINES : WHOLE_FILE;
        }
    }

    private static String beginning(Path file, Configuration hadoop) {
        CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(file);
        try (InputStream raw = file.getFileSystem(hadoop).open(file);
                InputStream stream = codec == null ? raw : codec.createInputStream(raw);
                Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            char[] buffer = new char[LOOKED_AT];
            int length = 0;
            int read = reader.read(buffer);
            while (read > 0) {
                length += read;
                read = reader.read(buffer, length, buffer.length - length);
            }
            return new String(buffer, 0, length);
        } catch (IOException e) {
            throw new UserException("Cannot read --input " + file + ": " + e.getMessage(), e);
        }
    }
}
