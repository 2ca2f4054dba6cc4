package io.github.longwing.spark.task;

import io.github.longwing.config.Architecture;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.columns.TaskColumns;
import io.github.longwing.spark.columns.TextPages;
import io.github.longwing.spark.options.EmbeddedModel;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.Summarizer;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** Summaries, the number of levels, the sentences of the document that they consist of, and the evidence if it is asked for. */
public record SummaryColumns(GeneratedTextColumns texts, SentencesColumn sentences, EvidenceColumn evidence)
        implements TaskColumns<Summaries> {
    public static final SparkTask<SummarizerOptions, Summaries> TASK = new SparkTask<>(
            "summarize",
            List.of(Architecture.CONDITIONAL_GENERATION),
            EmbeddedModel.SENTENCE_SUMMARIZER,
            SummarizerOptions.of(Map.of()),
            Summarizer::open,
            SummaryColumns::of,
            SparkTask.SqlArguments.TEXT,
            1,
            SummaryColumns::optionTable);

    public static SummaryColumns of(SummarizerOptions options) {
        return new SummaryColumns(
                GeneratedTextColumns.of(options.generation(), "summary", "summaries"),
                SentencesColumn.of(options.generation()),
                EvidenceColumn.of(options.evidence()));
    }

    private static OptionTable<SummarizerOptions> optionTable() {
        WindowOptions reading = TASK.defaults().reading();
        List<NamedOption> options = new ArrayList<>(List.of(SharedOptions.EVIDENCE_OPTION));
        options.addAll(SharedOptions.windows(reading));
        options.addAll(SharedOptions.generation(SharedOptions.Use.SUMMARY));
        options.add(SharedOptions.NEWLINES_OPTION);
        return new OptionTable<>(
                options,
                (texts, model) -> new SummarizerOptions(
                        SharedOptions.readGeneration(texts, SharedOptions.Use.SUMMARY, model),
                        SharedOptions.readWindows(texts, reading, model),
                        SharedOptions.readNewlines(texts),
                        SharedOptions.readEvidence(texts)));
    }

    @Override
    public List<StructField> fields() {
        List<StructField> fields = new ArrayList<>(texts.fields());
        fields.add(ResultSchema.nullable("levels", DataTypes.IntegerType));
        fields.addAll(sentences.fields());
        fields.addAll(evidence.fields());
        return fields;
    }

    @Override
    public void fill(List<Object> row, Summaries output, TextPages pages) {
        texts.fill(row, output.texts());
        row.add(output.levels());
        sentences.fill(row, output.sentences(), pages);
        evidence.fill(row, output.evidence());
    }

    @Override
    public SummaryColumns withPages() {
        return new SummaryColumns(texts, sentences.withPages(), evidence);
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
