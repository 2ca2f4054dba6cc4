package io.github.longwing.jobs.evaluation;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.github.longwing.error.DidYouMean;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.columns.ColumnName;
import io.github.longwing.spark.columns.FileFailure;
import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.columns.NameRule;
import io.github.longwing.spark.options.DocumentColumns;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Documents with their references beside what outputs say of them, joined by id.
 *
 * @param rows {@value #ID}, {@value #QUESTION}, {@value #TEXT}, {@value #REFERENCE}, then a struct for each output
 */
record Pairs(Dataset<Row> rows, Counts counts) {
    static final String ID = "id";
    static final String QUESTION = "question";
    static final String TEXT = "text";
    static final String REFERENCE = "reference";
    static final String OUTPUT = "output";
    static final String COMPARED = "compared";

    private static final String IN_INPUT = "in input";

    /**
     * What is scored and what is left out.
     *
     * @param duplicates rows of the input that say the same as another of their id, which count once
     */
    record Counts(
            long scored,
            long withoutId,
            long withoutReference,
            long notInOutput,
            long notInCompared,
            long notInInput,
            long duplicates) {}

    /** Rows of which no two have the same id, and how many were left out for that. */
    private record Distinct(Dataset<Row> rows, long duplicates) {}

    /**
     * The documents of an input, each with its reference, null where it has none.
     *
     * @param columns those of the job; the questions of a document must stand in rows of their own
     */
    static Dataset<Row> examples(
            Dataset<Row> documents, DocumentColumns columns, String referenceColumn, TaskScores scores) {
        requireReference(documents, referenceColumn);
        Dataset<Row> projected = InputColumns.project(documents, reading(columns, referenceColumn));
        StructField[] fields = projected.schema().fields();
        if (fields[InputColumns.QUESTION].dataType() instanceof ArrayType) {
            throw new UserException("Cannot evaluate " + scores.task() + ": the questions of a document are an array,"
                    + " expected a row for each question, with an id of its own; explode them before, or give a file in"
                    + " the layout of SQuAD");
        }
        StructField reference = fields[fields.length - 1];
        return projected.select(
                ColumnName.column(fields[InputColumns.DOCUMENT_ID].name()).as(ID),
                ColumnName.column(fields[InputColumns.QUESTION].name())
                        .cast(DataTypes.StringType)
                        .as(QUESTION),
                ColumnName.column(fields[InputColumns.TEXT].name())
                        .cast(DataTypes.StringType)
                        .as(TEXT),
                scores.reference(new ReferenceColumn(
                                referenceColumn, ColumnName.column(reference.name()), reference.dataType()))
                        .as(REFERENCE));
    }

    /** The columns of an input that are needed to evaluate. */
    static DocumentColumns reading(DocumentColumns columns, String referenceColumn) {
        return new DocumentColumns(columns.id(), columns.text(), columns.questions(), List.of(referenceColumn), "");
    }

    /** What an output says of each id. */
    static Dataset<Row> predictions(OutputColumns output, String idColumn, TaskScores scores, String method) {
        return output.rows()
                .select(output.id(idColumn).as(ID), scores.prediction(output).as(method));
    }

    static Pairs join(
            Dataset<Row> examples,
            String input,
            Dataset<Row> output,
            String outputName,
            Optional<Dataset<Row>> compared) {
        long withoutId = examples.where(col(ID).isNull()).count();
        Distinct documents = distinct(examples.where(col(ID).isNotNull()), input);
        Dataset<Row> joined = documents
                .rows()
                .withColumn(IN_INPUT, lit(true))
                .join(distinct(output.where(col(ID).isNotNull()), outputName).rows(), array(ID), "full_outer");
        if (compared.isPresent()) {
            joined = joined.join(
                    distinct(compared.get().where(col(ID).isNotNull()), "--compare")
                            .rows(),
                    array(ID),
                    "left_outer");
        }
        Column known = ColumnName.column(IN_INPUT).isNotNull();
        Column said = known.and(col(REFERENCE).isNotNull());
        Column done = said.and(col(OUTPUT).isNotNull());
        Column both = compared.isPresent() ? done.and(col(COMPARED).isNotNull()) : done;
        Row counts = joined.agg(
                        number(both),
                        number(known.and(col(REFERENCE).isNull())),
                        number(said.and(col(OUTPUT).isNull())),
                        number(compared.isPresent() ? done.and(col(COMPARED).isNull()) : lit(false)),
                        number(ColumnName.column(IN_INPUT).isNull()))
                .head();
        return new Pairs(
                joined.where(both).drop(IN_INPUT),
                new Counts(
                        counts.getLong(0),
                        withoutId,
                        counts.getLong(1),
                        counts.getLong(2),
                        counts.getLong(3),
                        counts.getLong(4),
                        documents.duplicates()));
    }

    private static Column number(Column condition) {
        return count(when(condition, 1));
    }

    private static String[] array(String name) {
        return new String[] {name};
    }

    /** One row for each id, where those of one id say the same. */
    private static Distinct distinct(Dataset<Row> rows, String name) {
        Column content = xxhash64(Arrays.stream(rows.columns())
                .filter(column -> !column.equals(ID))
                .map(ColumnName::column)
                .toArray(Column[]::new));
        Row found = rows.groupBy(ID)
                .agg(count(lit(1)).as("rows"), count_distinct(content).as("contents"))
                .agg(
                        coalesce(sum(col("rows").minus(1)), lit(0L)),
                        min(when(col("contents").gt(1), col(ID))),
                        number(col("contents").gt(1)))
                .head();
        if (found.getLong(2) > 0) {
            throw new UserException("Cannot evaluate " + name + ": " + found.getLong(2)
                    + (found.getLong(2) == 1 ? " id stands" : " ids stand")
                    + " on several rows that differ, such as " + found.getString(1)
                    + ", expected each id once; name a column of distinct ids with --id-column");
        }
        return new Distinct(found.getLong(0) > 0 ? rows.dropDuplicates(ID) : rows, found.getLong(0));
    }

    private static void requireReference(Dataset<Row> documents, String name) {
        NameRule rule = NameRule.of(documents.sparkSession());
        List<String> names = Arrays.stream(documents.columns())
                .filter(column -> !column.equals(FileFailure.COLUMN))
                .toList();
        if (names.stream().anyMatch(column -> rule.same(column, name))) {
            return;
        }
        try {
            var unused = documents.select(col(name)).schema();
        } catch (Exception e) { // AnalysisException, which Scala does not declare
            if (e instanceof AnalysisException) {
                throw new UserException("Cannot evaluate: --reference-column is " + name
                        + ", expected one of the columns that the input has (" + String.join(", ", names) + ")"
                        + DidYouMean.hint(name, names) + "; name another");
            }
            throw e;
        }
    }
}
