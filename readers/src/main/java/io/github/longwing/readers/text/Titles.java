package io.github.longwing.readers.text;

import java.util.Optional;
import java.util.regex.Pattern;

/** Tells titles from what programs write where there is none. */
public final class Titles {
    private static final Pattern PLACEHOLDER = Pattern.compile(
            "\\(?(?:anonymous|unknown|unknown title|untitled|unnamed|unbekannt|ohne titel|sans titre|sin título|no title|title|titel|none|null"
                    + "|unspecified|document|dokument|word document|blank page|new document|presentation|slide)\\)?"
                    + "[ _-]?(?:document|page)?[ _-]?\\d*",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    /** A program and the name of a file. */
    private static final Pattern PROGRAM = Pattern.compile(
            "(?:microsoft|ms|openoffice|libreoffice|wordperfect)\\S*\\s?\\w* - .*|powerpoint[- ].*",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern FILE_NAME = Pattern.compile(
            "(?:[a-z]:\\\\|/|file:).*|.*\\.(?:docx?|docm|rtf|odt|pdf|tex|dvi|ps|eps|indd|qxd|qxp|pmd|fm|wpd|txt|html?|xlsx?"
                    + "|pptx?|pages|tif|tiff|jpe?g|png)",
            Pattern.CASE_INSENSITIVE);

    private Titles() {}

    /** The title on one line; empty where it is none. */
    public static Optional<String> of(String title) {
        return Optional.ofNullable(title)
                .map(text -> text.replace("\u0000", "")
                        .replaceAll("[\\s\\u00A0\\p{Cntrl}]+", " ")
                        .strip())
                .filter(text -> text.codePoints().anyMatch(Character::isLetterOrDigit))
                .filter(text -> !PLACEHOLDER.matcher(text).matches())
                .filter(text -> !PROGRAM.matcher(text).matches())
                .filter(text -> !FILE_NAME.matcher(text).matches());
    }
}
