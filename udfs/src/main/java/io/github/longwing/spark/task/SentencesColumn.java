package io.github.longwing.spark.task;

import io.github.longwing.config.GenerationOption;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.task.summarize.ExtractedSentence;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The sentences of an extractive summary: one column, or none where the options say that summaries are written freely. */
enum SentencesColumn {
    NONE {
        @Override
        List<StructField> fields() {
            return List.of();
        }

        @Override
        void fill(List<Object> row, Optional<List<ExtractedSentence>> sentences) {
            // there is no column
        }
    },
    SENTENCES {
        @Override
        List<StructField> fields() {
            return List.of(ResultSchema.array("sentences", SENTENCE));
        }

        @Override
        void fill(List<Object> row, Optional<List<ExtractedSentence>> sentences) {
            row.add(sentences
                    .map(all -> all.stream()
                            .map(s -> RowFactory.create(s.text(), s.begin(), s.end(), s.window()))
                            .toArray(Row[]::new))
                    .orElse(null));
        }
    };

    private static final StructType SENTENCE = DataTypes.createStructType(List.of(
            ResultSchema.nullable("text", DataTypes.StringType),
            ResultSchema.nullable("begin", DataTypes.IntegerType),
            ResultSchema.nullable("end", DataTypes.IntegerType),
            ResultSchema.nullable("window", DataTypes.IntegerType)));

    /** Where the options leave it to the model, which the driver may not know, there is a column, if only of nulls. */
    static SentencesColumn of(GenerationOverrides generation) {
        return generation.find(GenerationOption.EXTRACTIVE).orElse(true)
                        && generation
                                        .find(GenerationOption.NUM_RETURN_SEQUENCES)
                                        .orElse(1)
                                == 1
                ? SENTENCES
                : NONE;
    }

    abstract List<StructField> fields();

    abstract void fill(List<Object> row, Optional<List<ExtractedSentence>> sentences);
}
