package io.github.longwing.spark.ml;

import io.github.longwing.spark.task.SummaryColumns;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.SummarizerOptions;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Adds a summary to each document. */
public final class Summarizer extends Transformer
        implements RunParams<Summarizer>,
                WindowParams<Summarizer>,
                GenerationParams<Summarizer>,
                SentenceParams<Summarizer>,
                DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final TaskStage<SummarizerOptions, Summaries> stage;

    /** A stage of this name, as a saved one is made again. */
    public Summarizer(String uid) {
        this.uid = uid; // first, since the Params ask for it
        this.stage = new TaskStage<>(this, SummaryColumns.TASK, "summary");
    }

    /** A stage of a random name. */
    public Summarizer() {
        this(Identifiable$.MODULE$.randomUID("summarizer"));
    }

    /** A stage that was saved. */
    public static Summarizer load(String path) {
        return read().load(path);
    }

    /** Reads stages that were saved. */
    public static MLReader<Summarizer> read() {
        return new DefaultParamsReader<>();
    }

    /** The option {@code evidence}. */
    public IntParam evidence() {
        return stage().integer("evidence");
    }

    /** Sets {@link #evidence}. */
    public Summarizer setEvidence(int value) {
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
    public Summarizer copy(ParamMap extra) {
        return (Summarizer) defaultCopy(extra);
    }
}
