package io.github.longwing.spark.files;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a file's name says about it. */
public final class FileNames {
    /** Formats by the ending of a file's name. */
    private static final Map<String, String> FORMATS = Map.ofEntries(
            Map.entry("parquet", "parquet"),
            Map.entry("json", "json"),
            Map.entry("jsonl", "json"),
            Map.entry("ndjson", "json"),
            Map.entry("csv", "csv"),
            Map.entry("tsv", "csv"),
            Map.entry("tab", "csv"),
            Map.entry("txt", "text"),
            Map.entry("text", "text"),
            Map.entry("md", "text"),
            Map.entry("markdown", "text"),
            Map.entry("orc", "orc"),
            Map.entry("avro", "avro"),
            Map.entry("pdf", "binaryfile"),
            Map.entry("html", "binaryfile"),
            Map.entry("htm", "binaryfile"),
            Map.entry("xhtml", "binaryfile"),
            Map.entry("docx", "binaryfile"),
            Map.entry("doc", "binaryfile"),
            Map.entry("rtf", "binaryfile"),
            Map.entry("odt", "binaryfile"),
            Map.entry("docm", "binaryfile"),
            Map.entry("fodt", "binaryfile"),
            Map.entry("epub", "binaryfile"),
            Map.entry("xml", "binaryfile"),
            Map.entry("nxml", "binaryfile"),
            Map.entry("tei", "binaryfile"),
            Map.entry("eml", "binaryfile"),
            Map.entry("msg", "binaryfile"));

    private static final Set<String> COMPRESSIONS =
            Set.of("gz", "gzip", "bz2", "zst", "zstd", "xz", "snappy", "lz4", "deflate");

    /** What nothing here decompresses. */
    private static final Set<String> UNKNOWN_COMPRESSIONS =
            Set.of("br", "zip", "7z", "rar", "lzo", "lzma", "z", "tar", "tgz");

    private FileNames() {}

    /** The source of Spark that a name means; empty where it means none. */
    public static Optional<String> format(String name) {
        return Optional.ofNullable(FORMATS.get(ending(name)));
    }

    /** Whether the name is that of an archive, or of a file that cannot be decompressed. */
    public static boolean isArchive(String name) {
        return UNKNOWN_COMPRESSIONS.contains(last(name.toLowerCase(Locale.ROOT)));
    }

    /** Whether tabs stand between the fields of the file. */
    public static boolean hasTabs(String name) {
        return ending(name).equals("tsv") || ending(name).equals("tab");
    }

    /** The ending that names the format, in small letters. */
    public static String ending(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String last = last(lower);
        int dot = lower.lastIndexOf('.');
        return dot > 0 && COMPRESSIONS.contains(last) ? ending(lower.substring(0, dot)) : last;
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
