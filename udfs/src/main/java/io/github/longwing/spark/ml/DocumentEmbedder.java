package io.github.longwing.spark.ml;

import io.github.longwing.spark.task.EmbeddingColumns;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.embed.Embedding;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Adds the vector of each document, for the estimators of Spark ML. */
public final class DocumentEmbedder extends Transformer
        implements RunParams<DocumentEmbedder>, WindowParams<DocumentEmbedder>, DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final TaskStage<EmbedderOptions, Embedding> stage;

    /** A stage of this name, as a saved one is made again. */
    public DocumentEmbedder(String uid) {
        this.uid = uid; // first, since the Params ask for it
        this.stage = new TaskStage<>(this, EmbeddingColumns.TASK, "embedding");
    }

    /** A stage of a random name. */
    public DocumentEmbedder() {
        this(Identifiable$.MODULE$.randomUID("documentEmbedder"));
    }

    /** A stage that was saved. */
    public static DocumentEmbedder load(String path) {
        return read().load(path);
    }

    /** Reads stages that were saved. */
    public static MLReader<DocumentEmbedder> read() {
        return new DefaultParamsReader<>();
    }

    /** The option {@code pooling}. */
    public Param<String> pooling() {
        return stage().text("pooling");
    }

    /** Sets {@link #pooling}. */
    public DocumentEmbedder setPooling(String value) {
        return with("pooling", value);
    }

    /** The option {@code normalize}. */
    public BooleanParam normalize() {
        return stage().flag("normalize");
    }

    /** Sets {@link #normalize}. */
    public DocumentEmbedder setNormalize(boolean value) {
        return with("normalize", value);
    }

    /** What the output is: {@code vector} of Spark ML, the default, or {@code array} of floats as in SQL. */
    public Param<String> outputType() {
        return stage.text(TaskStage.OUTPUT_TYPE);
    }

    /** Sets {@link #outputType}. */
    public DocumentEmbedder setOutputType(String value) {
        return with(TaskStage.OUTPUT_TYPE, value);
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
    public DocumentEmbedder copy(ParamMap extra) {
        return (DocumentEmbedder) defaultCopy(extra);
    }
}
