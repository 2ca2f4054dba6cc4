package io.github.longwing.spark;

import io.github.longwing.task.GeneratedText;
import io.github.longwing.task.Summaries;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** One summary of each document as four columns, or several as an array. */
enum SummaryColumns implements TaskColumns<Summaries> {
    BEST {
        @Override
        public List<StructField> fields() {
            return generatedFields("summary");
        }

        @Override
        public Object[] values(Summaries output) {
            return generatedValues(output.best());
        }

        @Override
        public String outputTokensExpression(String resultPrefix) {
            return "`" + resultPrefix + "output_tokens`";
        }
    },
    ALL {
        @Override
        public List<StructField> fields() {
            return List.of(ResultSchema.nullable(
                    "summaries",
                    DataTypes.createArrayType(DataTypes.createStructType(generatedFields("text")), NO_NULL_ELEMENTS)));
        }

        @Override
        public Object[] values(Summaries output) {
            Row[] rows = output.texts().stream()
                    .map(text -> RowFactory.create(generatedValues(text)))
                    .toArray(Row[]::new);
            return new Object[] {rows};
        }

        @Override
        public String outputTokensExpression(String resultPrefix) {
            return "aggregate(`" + resultPrefix + "summaries`, 0L, (tokens, text) -> tokens + text.output_tokens)";
        }
    };

    private static final boolean NO_NULL_ELEMENTS = false;

    /** The columns for so many summaries of each document. */
    static SummaryColumns of(int returnSequences) {
        return returnSequences == 1 ? BEST : ALL;
    }

    @Override
    public long outputTokens(Summaries output) {
        return output.texts().stream().mapToLong(GeneratedText::outputTokens).sum();
    }

    private static List<StructField> generatedFields(String text) {
        return List.of(
                ResultSchema.nullable(text, DataTypes.StringType),
                ResultSchema.nullable("score", DataTypes.DoubleType),
                ResultSchema.nullable("output_tokens", DataTypes.IntegerType),
                ResultSchema.nullable("finish_reason", DataTypes.StringType));
    }

    private static Object[] generatedValues(GeneratedText text) {
        return new Object[] {
            text.text(),
            text.score().isPresent() ? text.score().getAsDouble() : null,
            text.outputTokens(),
            text.finishReason().columnValue()
        };
    }
}
