package io.github.longwing.jobs.conf;

import java.util.regex.Pattern;

/** Hides secrets in what is printed. */
public final class Redaction {
    private static final String HIDDEN = "*****";

    /** A token that grants access, not one of a text: {@code tokens}, {@code eos-token-id} and tokenizers are no secrets. */
    private static final String TOKEN = "token(?!s|ize|[_-]ids?$)";

    private static final Pattern SECRET_NAME = Pattern.compile(
            "(?i).*(secret|password|passwd|" + TOKEN + "|credential|access[._-]?key|account[._-]?key).*");

    /** The part before the host of a URI: {@code s3a://key:secret@bucket}. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@]+@");

    private Redaction() {}

    /** The value as it may be shown under this name. */
    public static String show(String name, String value) {
        return SECRET_NAME.matcher(name).matches()
                ? HIDDEN
                : USER_INFO.matcher(value).replaceAll(HIDDEN + "@");
    }
}
