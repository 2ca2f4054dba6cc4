package io.github.longwing.jobs.conf;

import java.util.regex.Pattern;

/** Keeps secrets out of what is printed. */
public final class Redaction {
    private static final String HIDDEN = "*****";
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(secret|password|passwd|token(?!s)|credential|access[._-]?key|account[._-]?key).*");
    /** What stands before the host of a URI: {@code s3a://key:secret@bucket}. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@]+@");

    private Redaction() {}

    /** The value as it may be shown under this name. */
    public static String show(String name, String value) {
        return SECRET_NAME.matcher(name).matches()
                ? HIDDEN
                : USER_INFO.matcher(value).replaceAll(HIDDEN + "@");
    }
}
