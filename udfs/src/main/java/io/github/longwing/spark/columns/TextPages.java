package io.github.longwing.spark.columns;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;

import io.github.longwing.fileformat.ReadDocument.PageMark;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;

/**
 * On which pages the text of a file stands: a column beside the text, told from columns of the user by name and type.
 *
 * @param marks pairs of where a page begins, in code points, and its number, in the order of the text
 */
public record TextPages(List<Integer> marks) {
    public static final String COLUMN = "longwing pages";
    public static final ArrayType TYPE = DataTypes.createArrayType(DataTypes.IntegerType, /* containsNull */ false);

    /** Of a text without pages. */
    static final TextPages NONE = new TextPages(List.of());

    /** A value of the column; null for a text without pages. */
    public static Integer[] value(List<PageMark> marks) {
        return marks.isEmpty()
                ? null
                : marks.stream()
                        .flatMap(mark -> Stream.of(mark.begin(), mark.page()))
                        .toArray(Integer[]::new);
    }

    /** The pages of a projected row, see {@link InputColumns}. */
    public static TextPages of(Row projected) {
        return projected.isNullAt(InputColumns.PAGES) ? NONE : new TextPages(projected.getList(InputColumns.PAGES));
    }

    /** The column of an input; all null, and of no type, if the texts were not read from files that may have pages. */
    static Column column(Dataset<Row> documents) {
        return isIn(documents) ? col("`" + COLUMN + "`") : lit(null);
    }

    /** Whether an input, or projected rows, are of files that may have pages. */
    public static boolean isIn(Dataset<Row> documents) {
        return Arrays.stream(documents.schema().fields())
                .anyMatch(
                        field -> field.name().equals(COLUMN) && field.dataType().sameType(TYPE));
    }

    /** The page of a place in the text; empty without pages. */
    public OptionalInt page(int codePoint) {
        int page = 0;
        for (int i = 0; i < marks.size() && marks.get(i) <= codePoint; i += 2) {
            page = marks.get(i + 1);
        }
        return page == 0 ? OptionalInt.empty() : OptionalInt.of(page);
    }

    /** As text, for a fingerprint. */
    String words() {
        return String.join(",", marks.stream().map(String::valueOf).toList());
    }

    /** The same of projected rows. */
    static Column words(Dataset<Row> projected) {
        Column pages = column(projected).cast(DataTypes.createArrayType(DataTypes.StringType));
        return concat_ws(",", pages); // without a word where there are no pages
    }
}
