package io.github.longwing.spark.options;

import java.io.Serializable;
import java.util.Objects;

/** Where a job finds the questions about its documents. */
public sealed interface Questions extends Serializable {
    /** The columns that {@link DefaultColumns} looks for. */
    String QUESTION = "question";

    String QUESTIONS = "questions";

    /** There are no questions; for all tasks but answering. */
    record None() implements Questions {}

    /** One question for each document, a string. */
    record InColumn(String column) implements Questions {
        public InColumn {
            Objects.requireNonNull(column, "column");
        }
    }

    /** An array of strings: the result has a row for each document and question. */
    record InArrayColumn(String column) implements Questions {
        public InArrayColumn {
            Objects.requireNonNull(column, "column");
        }
    }

    /** The column {@value #QUESTION} or the array {@value #QUESTIONS}, whichever the input has. */
    record DefaultColumns() implements Questions {}
}
