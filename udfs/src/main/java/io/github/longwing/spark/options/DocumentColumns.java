package io.github.longwing.spark.options;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * The columns that a job reads and keeps. A name is a column of the input as it stands, dots and all; failing that, a
 * path into a struct ({@code meta.title}), with backticks around a part that has a dot of its own.
 *
 * @param id identifies the document, any type
 * @param text the document, a string or the bytes of a UTF-8 text
 * @param questions what is asked of the document
 * @param keep further columns to carry into the result
 * @param resultPrefix goes before the name of every result column, often empty
 */
public record DocumentColumns(String id, String text, Questions questions, List<String> keep, String resultPrefix)
        implements Serializable {
    public DocumentColumns {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(questions, "questions");
        Objects.requireNonNull(resultPrefix, "resultPrefix");
        keep = List.copyOf(keep);
    }

    /** Nothing is asked. */
    public DocumentColumns(String id, String text, List<String> keep, String resultPrefix) {
        this(id, text, new Questions.None(), keep, resultPrefix);
    }

    /** The columns {@code id} and {@code text}, nothing kept, results under their own names. */
    public static DocumentColumns standard() {
        return new DocumentColumns("id", "text", List.of(), "");
    }

    /** The same documents, of which this is asked. */
    public DocumentColumns asking(Questions asked) {
        return new DocumentColumns(id, text, asked, keep, resultPrefix);
    }
}
