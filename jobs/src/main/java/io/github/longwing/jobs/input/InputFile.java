package io.github.longwing.jobs.input;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;

/** What a file's name says about it. */
final class InputFile {
    /** Sources of Spark by the ending of a file's name. */
    private static final Map<String, String> FORMATS = Map.ofEntries(
            Map.entry("parquet", "parquet"),
            Map.entry("json", "json"),
            Map.entry("jsonl", "json"),
            Map.entry("ndjson", "json"),
            Map.entry("csv", "csv"),
            Map.entry("tsv", "csv"),
            Map.entry("txt", "text"),
            Map.entry("text", "text"),
            Map.entry("md", "text"),
            Map.entry("orc", "orc"),
            Map.entry("avro", "avro"));

    /** What Hadoop's codecs read by themselves. */
    private static final Set<String> COMPRESSIONS = Set.of("gz", "bz2", "zst", "snappy", "lz4", "deflate");

    private InputFile() {}

    static Optional<String> format(String name) {
        return Optional.ofNullable(FORMATS.get(ending(name)));
    }

    static boolean hasTabs(String name) {
        return ending(name).equals("tsv");
    }

    static boolean isJsonLines(String name) {
        return ending(name).equals("jsonl") || ending(name).equals("ndjson");
    }

    /** Whether Spark leaves the file out, as it does with what begins with a dot or an underscore. */
    static boolean isHidden(FileStatus file) {
        String name = file.getPath().getName();
        return name.startsWith(".") || name.startsWith("_");
    }

    private static String ending(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        int dot = lower.lastIndexOf('.');
        String last = lower.substring(dot + 1);
        return dot > 0 && COMPRESSIONS.contains(last) ? ending(lower.substring(0, dot)) : last;
    }
}
