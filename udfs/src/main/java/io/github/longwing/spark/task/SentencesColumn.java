package io.github.longwing.spark.task;

import io.github.longwing.config.GenerationOption;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.columns.TextPages;
import io.github.longwing.task.summarize.ExtractedSentence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** The sentences of an extractive summary: one column, or none where the options say that summaries are written freely. */
enum SentencesColumn {
    NONE,
    SENTENCES,
    SENTENCES_WITH_PAGES;

    private static final List<StructField> SENTENCE = List.of(
            ResultSchema.nullable("text", DataTypes.StringType),
            ResultSchema.nullable("begin", DataTypes.IntegerType),
            ResultSchema.nullable("end", DataTypes.IntegerType),
            ResultSchema.nullable("window", DataTypes.IntegerType));

    /** On which a sentence begins. */
    private static final StructField PAGE = ResultSchema.nullable("page", DataTypes.IntegerType);

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

    SentencesColumn withPages() {
        return this == NONE ? NONE : SENTENCES_WITH_PAGES;
    }

    List<StructField> fields() {
        if (this == NONE) {
            return List.of();
        }
        List<StructField> sentence = new ArrayList<>(SENTENCE);
        if (this == SENTENCES_WITH_PAGES) {
            sentence.add(PAGE);
        }
        return List.of(ResultSchema.array("sentences", DataTypes.createStructType(sentence)));
    }

    void fill(List<Object> row, Optional<List<ExtractedSentence>> sentences, TextPages pages) {
        if (this != NONE) {
            row.add(sentences
                    .map(all -> all.stream().map(s -> row(s, pages)).toArray(Row[]::new))
                    .orElse(null));
        }
    }

    private Row row(ExtractedSentence sentence, TextPages pages) {
        List<Object> values =
                new ArrayList<>(List.of(sentence.text(), sentence.begin(), sentence.end(), sentence.window()));
        if (this == SENTENCES_WITH_PAGES) {
            OptionalInt page = pages.page(sentence.begin());
            values.add(page.isPresent() ? page.getAsInt() : null);
        }
        return RowFactory.create(values.toArray());
    }
}
