package io.github.longwing.spark.options;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The columns that a job reads and keeps. A name is a column of the input, which may contain dots; if there is none, a
 * path into a struct ({@code meta.title}), with backticks around a part that contains a dot.
 *
 * @param ids identify the document, one column or several, any types
 * @param text the document, a string or the bytes of a UTF-8 text
 * @param questions where the questions about the document are
 * @param keep further columns to carry into the result
 * @param resultPrefix prefix of every result column, often empty
 */
public record DocumentColumns(
        List<String> ids, String text, Questions questions, List<String> keep, String resultPrefix)
        implements Serializable {
    public DocumentColumns {
        ids = List.copyOf(ids);
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("there is no id column, expected at least one");
        }
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(questions, "questions");
        Objects.requireNonNull(resultPrefix, "resultPrefix");
        keep = List.copyOf(keep);
    }

    /** One id column. */
    public DocumentColumns(String id, String text, Questions questions, List<String> keep, String resultPrefix) {
        this(List.of(id), text, questions, keep, resultPrefix);
    }

    /** Columns without questions. */
    public DocumentColumns(String id, String text, List<String> keep, String resultPrefix) {
        this(id, text, new Questions.None(), keep, resultPrefix);
    }

    /** The columns {@code id} and {@code text}; no further column is kept, no prefix. */
    public static DocumentColumns standard() {
        return new DocumentColumns("id", "text", List.of(), "");
    }

    /** The first id column, for sources that give one themselves. */
    public String id() {
        return ids.get(0);
    }

    /** These columns with questions. */
    public DocumentColumns asking(Questions asked) {
        return new DocumentColumns(ids, text, asked, keep, resultPrefix);
    }

    /** The names of all columns that are read, with those that may have questions where none is named. */
    public List<String> names() {
        List<String> names = new ArrayList<>(ids);
        names.add(text);
        names.addAll(keep);
        if (questions instanceof Questions.InColumn one) {
            names.add(one.column());
        } else if (questions instanceof Questions.InArrayColumn several) {
            names.add(several.column());
        } else if (questions instanceof Questions.DefaultColumns) {
            names.addAll(List.of(Questions.QUESTION, Questions.QUESTIONS));
        }
        return names;
    }
}
