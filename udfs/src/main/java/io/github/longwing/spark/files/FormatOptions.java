package io.github.longwing.spark.files;

import io.github.longwing.error.UserException;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;

/**
 * What users say about how files are written; all may be left out.
 *
 * @param encoding the name of a charset that Java knows
 * @param csvSeparator one or more characters; a tab may be written as {@code \t}
 * @param csvQuote one character, or {@code none} where quotes mean nothing
 */
public record FormatOptions(String encoding, String csvSeparator, String csvQuote) implements Serializable {
    /** Nothing is said. */
    public static final FormatOptions NONE = new FormatOptions(null, null, null);

    private static final String NO_QUOTE = "none";

    public FormatOptions {
        if (encoding != null) {
            requireCharset(encoding);
        }
        if (csvSeparator != null) {
            csvSeparator = csvSeparator.replace("\\t", "\t");
            if (csvSeparator.isEmpty() || csvSeparator.chars().anyMatch(c -> c == '\n' || c == '\r')) {
                throw new UserException("Cannot use --csv-separator '" + csvSeparator.strip()
                        + "': expected one or more characters that are no line ends, such as ; or \\t");
            }
        }
        if (csvQuote != null && !csvQuote.equals(NO_QUOTE) && csvQuote.length() != 1) {
            throw new UserException("Cannot use --csv-quote '" + csvQuote
                    + "': expected one character, or none where quotes mean nothing");
        }
        if (csvSeparator != null && csvQuote != null && csvSeparator.contains(csvQuote)) {
            throw new UserException("Cannot use --csv-quote " + csvQuote + " with --csv-separator " + csvSeparator
                    + ": expected a quote that is no part of the separator");
        }
    }

    /** The charset of files without a mark. */
    public Charset charset() {
        return encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
    }

    /** The quote of CSV; empty where there is none. */
    public Optional<Character> quote() {
        if (csvQuote == null) {
            return Optional.of('"');
        }
        return csvQuote.equals(NO_QUOTE) ? Optional.empty() : Optional.of(csvQuote.charAt(0));
    }

    private static void requireCharset(String name) {
        try {
            Charset unused = Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new UserException(
                    "Cannot use --encoding " + name
                            + ": expected a charset that Java knows, such as UTF-8, UTF-16, windows-1252 or Shift_JIS",
                    e);
        }
    }
}
