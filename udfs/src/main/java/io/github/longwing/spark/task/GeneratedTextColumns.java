package io.github.longwing.spark.task;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.task.GeneratedText;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * One generated text of each document as four columns, or several as an array.
 *
 * @param best the name of the column with the text
 * @param all the name of the array
 */
record GeneratedTextColumns(Shape shape, String best, String all) implements Serializable {
    private static final String NUM_RETURN_SEQUENCES = "num_return_sequences";

    /** How many texts a document has. */
    enum Shape {
        ONE,
        SEVERAL
    }

    /** The columns for these generation options; without num_return_sequences there is one text. */
    static GeneratedTextColumns of(Map<String, String> generation, String best, String all) {
        return new GeneratedTextColumns(returnSequences(generation) == 1 ? Shape.ONE : Shape.SEVERAL, best, all);
    }

    List<StructField> fields() {
        return switch (shape) {
            case ONE -> fields(best);
            case SEVERAL -> List.of(ResultSchema.array(all, DataTypes.createStructType(fields("text"))));
        };
    }

    void fill(List<Object> row, List<GeneratedText> texts) {
        switch (shape) {
            case ONE -> fill(row, texts.get(0));
            case SEVERAL ->
                row.add(texts.stream().map(GeneratedTextColumns::struct).toArray(Row[]::new));
        }
    }

    long tokens(List<GeneratedText> texts) {
        return texts.stream().mapToLong(GeneratedText::outputTokens).sum();
    }

    String tokensExpression(String resultPrefix) {
        return switch (shape) {
            case ONE -> "`" + resultPrefix + "output_tokens`";
            case SEVERAL ->
                "aggregate(`" + resultPrefix + all + "`, 0L, (tokens, text) -> tokens + text.output_tokens)";
        };
    }

    private static List<StructField> fields(String text) {
        return List.of(
                ResultSchema.nullable(text, DataTypes.StringType),
                ResultSchema.nullable("score", DataTypes.DoubleType),
                ResultSchema.nullable("output_tokens", DataTypes.IntegerType),
                ResultSchema.nullable("finish_reason", DataTypes.StringType));
    }

    private static Row struct(GeneratedText text) {
        List<Object> values = new ArrayList<>();
        fill(values, text);
        return RowFactory.create(values.toArray());
    }

    private static void fill(List<Object> row, GeneratedText text) {
        row.add(text.text());
        row.add(text.score().isPresent() ? text.score().getAsDouble() : null);
        row.add(text.outputTokens());
        row.add(text.finishReason().columnValue());
    }

    private static int returnSequences(Map<String, String> generation) {
        String value = generation.getOrDefault(NUM_RETURN_SEQUENCES, "1");
        try {
            int sequences = Integer.parseInt(value.strip());
            if (sequences >= 1) {
                return sequences;
            }
        } catch (NumberFormatException e) {
            throw unexpectedReturnSequences(value, e);
        }
        throw unexpectedReturnSequences(value, null);
    }

    private static UserException unexpectedReturnSequences(String value, Exception cause) {
        return new UserException(
                "Cannot generate text: " + NUM_RETURN_SEQUENCES + " is " + value
                        + ", expected a whole number from 1 up",
                cause);
    }
}
