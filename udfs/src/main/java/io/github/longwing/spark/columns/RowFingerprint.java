package io.github.longwing.spark.columns;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;

import io.github.longwing.task.ResultBasis;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * The fingerprint of a result row: a hash of all that its result follows from. Successful rows of equal fingerprints have
 * equal results, so that what a run has computed need not be computed again. Executors compute it for the rows that they
 * write, the driver with Spark's functions for those of an input; both give the same.
 *
 * @param settings the task and its options, as text
 */
public record RowFingerprint(String settings) implements Serializable {
    /** Raised only when the same text, options and model give another result than before. */
    public static final int ENGINE_VERSION = 2;

    /** Hexadecimal digits: 128 bits. */
    private static final int LENGTH = 32;

    private static final String SEPARATOR = "/";
    private static final int SHA_256 = 256;

    /** The fingerprints of a task with these options; options are records, whose texts name all of their values. */
    public static RowFingerprint of(String task, Serializable options) {
        return new RowFingerprint(task + SEPARATOR + options);
    }

    /** What is the same for all rows of a model; runs with different ones do not go together. */
    public String common(String model) {
        return sha256((ENGINE_VERSION + SEPARATOR + settings + SEPARATOR + model).getBytes(StandardCharsets.UTF_8));
    }

    /** Of a projected row, see {@link InputColumns}. */
    public String of(Row projected, String model, ResultBasis basis) {
        Row failure = projected.getAs(InputColumns.READING_FAILURE);
        String content = String.join(
                SEPARATOR,
                hash((byte[]) projected.get(InputColumns.TEXT)),
                hash((byte[]) projected.get(InputColumns.QUESTION)),
                failure == null ? "" : hash(bytes(failure.getString(0) + SEPARATOR + failure.getString(1))),
                TextPages.of(projected).words(),
                switch (basis) {
                    case TEXT -> "";
                    case TEXT_AND_ID -> hash(bytes(String.valueOf(projected.getString(InputColumns.DOCUMENT_ID))));
                });
        return sha256(bytes(common(model) + SEPARATOR + content)).substring(0, LENGTH);
    }

    /** The same as a column of projected rows with one question each. */
    public Column column(Dataset<Row> projected, String model, ResultBasis basis) {
        String failure = "`" + FileFailure.COLUMN + "`";
        Column content = concat_ws(
                SEPARATOR,
                hash(field(projected, InputColumns.TEXT)),
                hash(field(projected, InputColumns.QUESTION)),
                hash(concat(col(failure + ".class"), lit(SEPARATOR), col(failure + ".message"))
                        .cast(DataTypes.BinaryType)),
                TextPages.words(projected),
                switch (basis) {
                    case TEXT -> lit("");
                    case TEXT_AND_ID ->
                        hash(coalesce(field(projected, InputColumns.DOCUMENT_ID), lit("null"))
                                .cast(DataTypes.BinaryType));
                });
        Column whole = concat(lit(common(model) + SEPARATOR), content).cast(DataTypes.BinaryType);
        return substring(sha2(whole, SHA_256), 1, LENGTH);
    }

    private static Column field(Dataset<Row> projected, int index) {
        return col("`" + projected.columns()[index] + "`");
    }

    /** What is not there has no hash, unlike what is empty. */
    private static Column hash(Column bytes) {
        return when(bytes.isNull(), lit("")).otherwise(sha2(bytes, SHA_256));
    }

    private static String hash(byte... bytes) {
        return bytes == null ? "" : sha256(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte... bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256, which every Java has", e);
        }
    }
}
