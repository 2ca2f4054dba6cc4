package io.github.longwing.spark.columns;

import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** Summaries, the levels that it took, and their evidence where it is asked for. */
public record SummaryColumns(GeneratedTextColumns texts, EvidenceColumn evidence) implements TaskColumns<Summaries> {

    public static SummaryColumns of(SummarizerOptions settings) {
        return new SummaryColumns(
                GeneratedTextColumns.of(settings.generation(), "summary", "summaries"),
                EvidenceColumn.of(settings.evidence()));
    }

    @Override
    public List<StructField> fields() {
        List<StructField> fields = new ArrayList<>(texts.fields());
        fields.add(ResultSchema.nullable("levels", DataTypes.IntegerType));
        fields.addAll(evidence.fields());
        return fields;
    }

    @Override
    public void fill(List<Object> row, Summaries output) {
        texts.fill(row, output.texts());
        row.add(output.levels());
        evidence.fill(row, output.evidence());
    }

    @Override
    public long outputTokens(Summaries output) {
        return texts.tokens(output.texts());
    }

    @Override
    public String outputTokensExpression(String resultPrefix) {
        return texts.tokensExpression(resultPrefix);
    }
}
