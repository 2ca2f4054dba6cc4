package io.github.longwing.spark.ml;

import io.github.longwing.spark.task.ContinuationColumns;
import io.github.longwing.task.GeneratedTexts;
import io.github.longwing.task.generate.GeneratorOptions;
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

/** Adds a continuation to each prompt. */
public final class TextGenerator extends Transformer
        implements RunParams<TextGenerator>, GenerationParams<TextGenerator>, DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final TaskStage<GeneratorOptions, GeneratedTexts> stage;

    /** A stage of this name, as a saved one is made again. */
    public TextGenerator(String uid) {
        this.uid = uid; // first, since the Params ask for it
        this.stage = new TaskStage<>(this, ContinuationColumns.TASK, "generated");
    }

    /** A stage of a random name. */
    public TextGenerator() {
        this(Identifiable$.MODULE$.randomUID("textGenerator"));
    }

    /** A stage that was saved. */
    public static TextGenerator load(String path) {
        return read().load(path);
    }

    /** Reads stages that were saved. */
    public static MLReader<TextGenerator> read() {
        return new DefaultParamsReader<>();
    }

    /** The option {@code max-prompt-tokens}. */
    public IntParam maxPromptTokens() {
        return stage().integer("max-prompt-tokens");
    }

    /** Sets {@link #maxPromptTokens}. */
    public TextGenerator setMaxPromptTokens(int value) {
        return with("max-prompt-tokens", value);
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
    public TextGenerator copy(ParamMap extra) {
        return (TextGenerator) defaultCopy(extra);
    }
}
