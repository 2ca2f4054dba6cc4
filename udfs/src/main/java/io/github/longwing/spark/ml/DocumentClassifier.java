package io.github.longwing.spark.ml;

import io.github.longwing.spark.task.ClassificationColumns;
import io.github.longwing.task.classify.Classification;
import io.github.longwing.task.classify.ClassifierOptions;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Adds the label of each document, its probability and the list of labels. */
public final class DocumentClassifier extends Transformer
        implements RunParams<DocumentClassifier>, WindowParams<DocumentClassifier>, DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final TaskStage<ClassifierOptions, Classification> stage;

    /** A stage of this name, as a saved one is made again. */
    public DocumentClassifier(String uid) {
        this.uid = uid; // first, since the Params ask for it
        this.stage = new TaskStage<>(this, ClassificationColumns.TASK, "classification");
    }

    /** A stage of a random name. */
    public DocumentClassifier() {
        this(Identifiable$.MODULE$.randomUID("documentClassifier"));
    }

    /** A stage that was saved. */
    public static DocumentClassifier load(String path) {
        return read().load(path);
    }

    /** Reads stages that were saved. */
    public static MLReader<DocumentClassifier> read() {
        return new DefaultParamsReader<>();
    }

    /** The option {@code top-k}. */
    public IntParam topK() {
        return stage().integer("top-k");
    }

    /** Sets {@link #topK}. */
    public DocumentClassifier setTopK(int value) {
        return with("top-k", value);
    }

    /** The option {@code threshold}. */
    public DoubleParam threshold() {
        return stage().number("threshold");
    }

    /** Sets {@link #threshold}. */
    public DocumentClassifier setThreshold(double value) {
        return with("threshold", value);
    }

    /** The option {@code pooling}. */
    public Param<String> pooling() {
        return stage().text("pooling");
    }

    /** Sets {@link #pooling}. */
    public DocumentClassifier setPooling(String value) {
        return with("pooling", value);
    }

    /** The option {@code evidence}. */
    public IntParam evidence() {
        return stage().integer("evidence");
    }

    /** Sets {@link #evidence}. */
    public DocumentClassifier setEvidence(int value) {
        return with("evidence", value);
    }

    @Override
    public TaskStage<?, ?> stage() {
        return stage;
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public Dataset<Row> transform(Dataset<?> documents) {
        return stage.transform(documents.toDF());
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return stage.schema(schema);
    }

    @Override
    public DocumentClassifier copy(ParamMap extra) {
        return (DocumentClassifier) defaultCopy(extra);
    }
}
