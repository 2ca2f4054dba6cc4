package io.github.longwing.spark.task;

import io.github.longwing.config.Architecture;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.columns.TaskColumns;
import io.github.longwing.spark.columns.TextPages;
import io.github.longwing.spark.options.EmbeddedModel;
import io.github.longwing.task.Pooling;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.classify.Classification;
import io.github.longwing.task.classify.ClassifierOptions;
import io.github.longwing.task.classify.DocumentClassifier;
import io.github.longwing.task.classify.LabelScore;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** Labels and the values of a regression: both, since the driver does not know which of them the model gives. */
public record ClassificationColumns(EvidenceColumn evidence) implements TaskColumns<Classification> {
    public static final SparkTask<ClassifierOptions, Classification> TASK = new SparkTask<>(
            "classify",
            List.of(Architecture.SEQUENCE_CLASSIFICATION),
            EmbeddedModel.OPENSTAX_SUBJECTS,
            ClassifierOptions.standard(),
            DocumentClassifier::open,
            ClassificationColumns::of,
            SparkTask.SqlArguments.TEXT,
            3,
            ClassificationColumns::optionTable);

    private static final List<StructField> LABEL = List.of(
            ResultSchema.nullable("label", DataTypes.StringType),
            ResultSchema.nullable("probability", DataTypes.DoubleType));

    public static ClassificationColumns of(ClassifierOptions options) {
        return new ClassificationColumns(EvidenceColumn.of(options.evidence()));
    }

    private static final String TOP_K = "top-k";
    private static final String THRESHOLD = "threshold";
    private static final String POOLING = "pooling";

    private static OptionTable<ClassifierOptions> optionTable() {
        WindowOptions reading = TASK.defaults().reading();
        List<NamedOption> options = new ArrayList<>(List.of(
                NamedOption.integer(
                        TOP_K,
                        1,
                        "all, or those over the threshold of a multi-label model",
                        "The most labels in the list."),
                new NamedOption(
                        THRESHOLD,
                        NamedOption.Kind.NUMBER,
                        "X",
                        "0 to 1",
                        String.valueOf(ClassifierOptions.DEFAULT_THRESHOLD),
                        "The probability that makes a label of a multi-label model hold."),
                NamedOption.words(
                        POOLING,
                        "mean|max",
                        "mean",
                        "What becomes of the probabilities of windows: their mean, weighted by length, or the highest."),
                SharedOptions.EVIDENCE_OPTION));
        options.addAll(SharedOptions.windows(reading));
        return new OptionTable<>(
                options,
                (texts, model) -> new ClassifierOptions(
                        SharedOptions.readWindows(texts, reading, model),
                        texts.choice(POOLING, Pooling.values()).orElse(Pooling.MEAN),
                        texts.integer(TOP_K, 1).orElse(ClassifierOptions.ALL_LABELS),
                        SharedOptions.share(texts, THRESHOLD, ClassifierOptions.DEFAULT_THRESHOLD),
                        SharedOptions.readEvidence(texts)));
    }

    @Override
    public List<StructField> fields() {
        List<StructField> fields = new ArrayList<>(LABEL);
        fields.add(ResultSchema.array("labels", DataTypes.createStructType(LABEL)));
        fields.add(ResultSchema.array("values", DataTypes.DoubleType));
        fields.addAll(evidence.fields());
        return fields;
    }

    @Override
    public void fill(List<Object> row, Classification output, TextPages pages) {
        boolean regression = !output.values().isEmpty();
        row.add(output.best().map(LabelScore::label).orElse(null));
        row.add(output.best().map(LabelScore::probability).orElse(null));
        row.add(
                regression
                        ? null
                        : output.labels().stream()
                                .map(l -> RowFactory.create(l.label(), l.probability()))
                                .toArray(Row[]::new));
        row.add(regression ? output.values().toArray(Double[]::new) : null);
        evidence.fill(row, output.evidence());
    }
}
