package io.github.longwing.jobs.evaluation;

import static org.apache.spark.sql.functions.lit;

import io.github.longwing.error.DidYouMean;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.conf.Redaction;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.columns.ColumnName;
import io.github.longwing.spark.columns.NameRule;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The output of a job, or of another program that wrote the same columns.
 *
 * @param name as the user wrote it
 * @param prefix of the result columns
 */
record OutputColumns(String name, Dataset<Row> rows, String prefix) {
    private static final Pattern TABLE = Pattern.compile("[^/:\\\\]+");

    /** Opens the Parquet files or the table of this name. */
    static OutputColumns open(JobSession session, String option, String name, String prefix) {
        String shown = Redaction.show("output", name);
        try {
            Path path = new Path(name);
            if (path.getFileSystem(session.hadoopConfiguration()).exists(path)) {
                return new OutputColumns(shown, session.spark().read().parquet(literally(name)), prefix);
            }
            if (TABLE.matcher(name).matches() && session.spark().catalog().tableExists(name)) {
                return new OutputColumns(shown, session.spark().table(name), prefix);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new UserException(
                    "Cannot evaluate " + option + " " + shown + ": " + e.getMessage()
                            + ", expected a path or a URI that Hadoop's file systems read, or a table",
                    e);
        } catch (Exception e) { // AnalysisException and SparkException, which Scala does not declare
            if (e instanceof AnalysisException || e instanceof SparkException) {
                throw new UserException(
                        "Cannot evaluate " + option + " " + shown + ": it holds no rows in Parquet ("
                                + Failures.firstLine(e) + "), expected the output of a job that ended well",
                        e);
            }
            throw e;
        }
        throw new UserException("Cannot evaluate " + option + " " + shown
                + ": there is no such directory or table, expected the output of a job; check the name");
    }

    /** A name of a path is no pattern here. */
    private static String literally(String path) {
        return path.replaceAll("[\\\\\\[\\]{}*?]", "\\\\$0");
    }

    /** The ids as strings, as those of the input are compared. */
    Column id(String column) {
        String leaf = column.substring(column.lastIndexOf('.') + 1).replace("`", "");
        return find(column)
                .or(() -> find(leaf))
                .orElseThrow(() -> missing(column, "; name it with --id-column"))
                .cast(DataTypes.StringType);
    }

    /** A result column that must be there. */
    Column result(String column, String task) {
        return find(prefix + column)
                .orElseThrow(() -> missing(
                        prefix + column,
                        "; expected an output of longwing " + task + ", with its --result-prefix if it has one"));
    }

    /** A result column, or nulls where other programs wrote none. */
    Column resultOrNull(String column, DataType type) {
        return find(prefix + column).orElseGet(() -> lit(null).cast(type));
    }

    /** Why there is no result, null where there is one. */
    Column error() {
        return find(prefix + "error")
                .filter(error -> rows.select(error).schema().fields()[0].dataType() instanceof StructType)
                .map(error -> error.getField("class"))
                .orElseGet(() -> lit(null).cast(DataTypes.StringType));
    }

    boolean has(String column) {
        return find(prefix + column).isPresent();
    }

    private Optional<Column> find(String column) {
        NameRule rule = NameRule.of(rows.sparkSession());
        return Arrays.stream(rows.schema().fields())
                .map(StructField::name)
                .filter(field -> rule.same(field, column))
                .findFirst()
                .map(field -> ColumnName.column(field));
    }

    private UserException missing(String column, String remedy) {
        List<String> names = List.of(rows.schema().fieldNames());
        return new UserException(
                "Cannot evaluate " + name + ": it has no column " + column + ", expected one of its own ("
                        + String.join(", ", names) + ")" + DidYouMean.hint(column, names) + remedy);
    }
}
