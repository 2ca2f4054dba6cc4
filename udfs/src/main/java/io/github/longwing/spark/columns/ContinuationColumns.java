package io.github.longwing.spark.columns;

import io.github.longwing.task.GeneratedTexts;
import io.github.longwing.task.generate.GeneratorOptions;
import java.util.List;
import org.apache.spark.sql.types.StructField;

/** What a prompt is continued with. */
public record ContinuationColumns(GeneratedTextColumns texts) implements TaskColumns<GeneratedTexts> {

    public static ContinuationColumns of(GeneratorOptions settings) {
        return new ContinuationColumns(GeneratedTextColumns.of(settings.generation(), "generated", "generations"));
    }

    @Override
    public List<StructField> fields() {
        return texts.fields();
    }

    @Override
    public void fill(List<Object> row, GeneratedTexts output) {
        texts.fill(row, output.texts());
    }

    @Override
    public long outputTokens(GeneratedTexts output) {
        return texts.tokens(output.texts());
    }

    @Override
    public String outputTokensExpression(String resultPrefix) {
        return texts.tokensExpression(resultPrefix);
    }
}
