package io.github.longwing.spark.files;

import java.util.Locale;
import java.util.Set;

/** What a file's name says about it. */
public final class FileNames {
    private static final Set<String> COMPRESSIONS =
            Set.of("gz", "gzip", "bz2", "zst", "zstd", "xz", "snappy", "lz4", "deflate");

    /** What nothing here decompresses. */
    private static final Set<String> UNKNOWN_COMPRESSIONS =
            Set.of("br", "zip", "7z", "rar", "lzo", "lzma", "z", "tar", "tgz");

    private FileNames() {}

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
