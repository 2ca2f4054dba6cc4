package io.github.longwing.jobs.evaluation;

import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.github.longwing.evaluation.Baselines;
import io.github.longwing.evaluation.Rouge;
import io.github.longwing.evaluation.SourceUse;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Summaries beside those of people.
 *
 * @param baselineWords how long the summaries of the baselines are
 */
record SummaryScores(int baselineWords) implements TaskScores {
    private static final long serialVersionUID = 1L;
    private static final String LEAD = "lead";
    private static final String RANKER = "ranker";
    private static final String SENTENCES_COLUMN = "sentences";

    // of the sums
    private static final int DOCUMENTS = 0;
    private static final int ROUGE_1 = 1;
    private static final int ROUGE_2 = 2;
    private static final int ROUGE_LSUM = 3;
    private static final int WORDS = 4;
    private static final int COPIED = 5;
    private static final int WITH_WORDS = 6;
    private static final int SENTENCES = 7;
    private static final int SPLICED = 8;

    @Override
    public String task() {
        return "summarize";
    }

    @Override
    public Column prediction(OutputColumns output) {
        Column text = !output.has("summary") && output.has("summaries")
                ? element_at(output.result("summaries", task()), 1).getField("text")
                : output.result("summary", task());
        Column summary = output.has(SENTENCES_COLUMN) ? coalesce(sentences(output), text) : text;
        return struct(
                summary.cast(DataTypes.StringType).as("prediction"),
                output.error().as("error"));
    }

    /** The sentences of an extractive summary, each on a line, whatever it ends with; null where there are none. */
    private Column sentences(OutputColumns output) {
        Column sentences = output.result(SENTENCES_COLUMN, task());
        Column lines =
                transform(sentences, sentence -> regexp_replace(sentence.getField("text"), lit("\\s+"), lit(" ")));
        return when(size(sentences).gt(0), array_join(lines, "\n"));
    }

    @Override
    public Column reference(ReferenceColumn column) {
        if (column.type() instanceof StringType) {
            return when(trim(column.column()).notEqual(""), column.column());
        }
        if (column.type() instanceof ArrayType array && array.elementType() instanceof StringType) {
            Column references = filter(column.column(), reference -> trim(coalesce(reference, lit("")))
                    .notEqual(""));
            return when(size(references).gt(0), references);
        }
        throw column.unfit("string or array<string>");
    }

    @Override
    public List<String> baselines() {
        return List.of(LEAD, RANKER);
    }

    @Override
    public StructType scoreType() {
        return new StructType()
                .add("prediction", DataTypes.StringType)
                .add("error", DataTypes.StringType)
                .add("rouge1", DataTypes.DoubleType)
                .add("rouge2", DataTypes.DoubleType)
                .add("rougeLsum", DataTypes.DoubleType)
                .add("words", DataTypes.IntegerType)
                .add("copied", DataTypes.DoubleType)
                .add("sentences", DataTypes.IntegerType)
                .add("spliced", DataTypes.IntegerType);
    }

    @Override
    public Row score(Example example, Row prediction) {
        return score(example, prediction.<String>getAs("prediction"), prediction.getAs("error"));
    }

    @Override
    public Row scoreBaseline(String name, Example example) {
        String text = Objects.requireNonNullElse(example.text(), "");
        String summary = name.equals(RANKER)
                ? Baselines.rankedSentences(text, baselineWords)
                : Baselines.lead(text, baselineWords);
        return score(example, summary, null);
    }

    private static Row score(Example example, String text, String error) {
        String summary = text == null || error != null ? "" : text;
        Object reference = example.row().getAs(Pairs.REFERENCE);
        Rouge rouge = reference instanceof String one
                ? Rouge.of(summary, one)
                : Rouge.best(summary, example.row().getList(example.row().fieldIndex(Pairs.REFERENCE)));
        SourceUse use = SourceUse.of(summary, Objects.requireNonNullElse(example.text(), ""));
        return RowFactory.create(
                text,
                error,
                rouge.rouge1(),
                rouge.rouge2(),
                rouge.rougeLsum(),
                summary.isBlank() ? 0 : summary.strip().split("\\s+").length,
                use.words() == 0 ? null : (double) use.copiedWords() / use.words(),
                use.sentences(),
                use.splicedSentences());
    }

    @Override
    public int width() {
        return SPLICED + 1;
    }

    @Override
    public void add(double[] sums, Row reference, Row score) {
        sums[DOCUMENTS]++;
        sums[ROUGE_1] += score.<Double>getAs("rouge1");
        sums[ROUGE_2] += score.<Double>getAs("rouge2");
        sums[ROUGE_LSUM] += score.<Double>getAs("rougeLsum");
        sums[WORDS] += score.<Integer>getAs("words");
        sums[SENTENCES] += score.<Integer>getAs("sentences");
        sums[SPLICED] += score.<Integer>getAs("spliced");
        Double copied = score.getAs("copied");
        if (copied != null) {
            sums[COPIED] += copied;
            sums[WITH_WORDS]++;
        }
    }

    @Override
    public List<Figure> figures() {
        return List.of(
                new Figure("rouge1", "ROUGE-1", Unit.PERCENT, sums -> sums[ROUGE_1] / sums[DOCUMENTS]),
                new Figure("rouge2", "ROUGE-2", Unit.PERCENT, sums -> sums[ROUGE_2] / sums[DOCUMENTS]),
                new Figure("rougeLsum", "ROUGE-Lsum", Unit.PERCENT, sums -> sums[ROUGE_LSUM] / sums[DOCUMENTS]),
                new Figure("copied_words", "copied words", Unit.PERCENT, sums -> sums[COPIED] / sums[WITH_WORDS]),
                new Figure(
                        "spliced_sentences",
                        "spliced sentences",
                        Unit.PERCENT,
                        sums -> sums[SPLICED] / sums[SENTENCES]),
                new Figure("words", "words", Unit.NUMBER, sums -> sums[WORDS] / sums[DOCUMENTS]));
    }

    @Override
    public List<Compared> compared() {
        return List.of(
                new Compared("rouge1", "ROUGE-1"),
                new Compared("rouge2", "ROUGE-2"),
                new Compared("rougeLsum", "ROUGE-Lsum"));
    }
}
