package io.github.longwing.jobs.evaluation;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.github.longwing.error.UserException;
import io.github.longwing.evaluation.LabelSums;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * Labels beside those that are right.
 *
 * @param majority the label that the baseline gives to every document
 * @param labels all that occur in references and outputs; empty as long as documents are scored
 */
record LabelScores(String majority, LabelSums labels, Map<String, Integer> index) implements TaskScores {
    private static final long serialVersionUID = 1L;
    static final String MAJORITY = "majority";

    /** As much as probabilities may miss 1 by for all of them to be there. */
    private static final double ROUNDING = 1e-3;

    static final StructType LABEL =
            new StructType().add("label", DataTypes.StringType).add("probability", DataTypes.DoubleType);

    static LabelScores of(String majority, List<String> labels) {
        LabelSums sums = new LabelSums(labels);
        return new LabelScores(majority, sums, sums.index());
    }

    @Override
    public String task() {
        return "classify";
    }

    @Override
    public Column prediction(OutputColumns output) {
        Column label = output.result("label", task()).cast(DataTypes.StringType);
        Column values = output.resultOrNull("values", DataTypes.createArrayType(DataTypes.DoubleType));
        if (output.rows().where(label.isNull().and(values.isNotNull())).limit(1).count() > 0) {
            throw new UserException("Cannot evaluate " + output.name()
                    + ": it has values of a regression, expected labels; name the output of a classifier");
        }
        return struct(
                label.as("label"),
                output.resultOrNull("probability", DataTypes.DoubleType)
                        .cast(DataTypes.DoubleType)
                        .as("probability"),
                output.resultOrNull("labels", DataTypes.createArrayType(LABEL))
                        .cast(DataTypes.createArrayType(LABEL))
                        .as("labels"),
                output.error().as("error"));
    }

    @Override
    public Column reference(ReferenceColumn column) {
        DataType type = column.type();
        if (type instanceof ArrayType || type instanceof StructType || type instanceof MapType) {
            throw column.unfit("one label for each document, a string or a number");
        }
        Column label = column.column().cast(DataTypes.StringType);
        return when(trim(label).equalTo(""), lit(null)).otherwise(label);
    }

    @Override
    public List<String> baselines() {
        return List.of(MAJORITY);
    }

    @Override
    public StructType scoreType() {
        return new StructType()
                .add("prediction", DataTypes.StringType)
                .add("error", DataTypes.StringType)
                .add("correct", DataTypes.DoubleType)
                .add("probability", DataTypes.DoubleType)
                .add("brier", DataTypes.DoubleType);
    }

    @Override
    public Row score(Example example, Row prediction) {
        String label = prediction.getAs("label");
        String error = prediction.getAs("error");
        String right = example.row().getAs(Pairs.REFERENCE);
        Map<String, Double> probabilities = new HashMap<>();
        if (!prediction.isNullAt(prediction.fieldIndex("labels"))) {
            prediction
                    .<Row>getList(prediction.fieldIndex("labels"))
                    .forEach(row -> probabilities.put(row.getString(0), row.getDouble(1)));
        }
        double sum = probabilities.values().stream().mapToDouble(p -> p).sum();
        boolean complete = error == null && Math.abs(sum - 1) <= ROUNDING;
        return RowFactory.create(
                label,
                error,
                error == null && right.equals(label) ? 1.0 : 0.0,
                error == null ? prediction.<Double>getAs("probability") : null,
                complete ? LabelSums.brier(probabilities, right) : null);
    }

    @Override
    public Row scoreBaseline(String name, Example example) {
        return RowFactory.create(
                majority, null, majority.equals(example.row().getAs(Pairs.REFERENCE)) ? 1.0 : 0.0, null, null);
    }

    @Override
    public int width() {
        return labels.width();
    }

    @Override
    public void add(double[] sums, Row reference, Row score) {
        Double probability = score.getAs("probability");
        Double brier = score.getAs("brier");
        boolean failed = score.getAs("error") != null;
        String given = score.getAs("prediction");
        labels.add(
                sums,
                index.get(reference.<String>getAs(Pairs.REFERENCE)),
                failed || given == null ? -1 : index.get(given),
                probability == null ? Double.NaN : probability,
                brier == null ? Double.NaN : brier);
    }

    @Override
    public List<Figure> figures() {
        return List.of(
                new Figure("accuracy", "accuracy", Unit.PERCENT, labels::accuracy),
                new Figure("macro_f1", "macro-F1", Unit.PERCENT, labels::macroF1),
                new Figure("calibration_error", "calibration error", Unit.PERCENT, labels::calibrationError),
                new Figure("brier", "Brier score", Unit.NUMBER, labels::brier));
    }

    @Override
    public List<Compared> compared() {
        return List.of(new Compared("correct", "accuracy"));
    }
}
