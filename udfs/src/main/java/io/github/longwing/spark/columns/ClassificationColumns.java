package io.github.longwing.spark.columns;

import io.github.longwing.task.classify.Classification;
import io.github.longwing.task.classify.ClassifierOptions;
import io.github.longwing.task.classify.LabelScore;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Labels, or the values of a regression: the driver does not know which, so that there are columns for both. */
public record ClassificationColumns(EvidenceColumn evidence) implements TaskColumns<Classification> {
    private static final List<StructField> LABEL = List.of(
            ResultSchema.nullable("label", DataTypes.StringType),
            ResultSchema.nullable("probability", DataTypes.DoubleType));

    /** What {@code longwing_classify} gives. */
    public static final StructType LABELS = DataTypes.createStructType(
            List.of(LABEL.get(0), LABEL.get(1), ResultSchema.array("labels", DataTypes.createStructType(LABEL))));

    public static ClassificationColumns of(ClassifierOptions settings) {
        return new ClassificationColumns(EvidenceColumn.of(settings.evidence()));
    }

    @Override
    public List<StructField> fields() {
        List<StructField> fields = new ArrayList<>(List.of(LABELS.fields()));
        fields.add(ResultSchema.array("values", DataTypes.DoubleType));
        fields.addAll(evidence.fields());
        return fields;
    }

    @Override
    public void fill(List<Object> row, Classification output) {
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
