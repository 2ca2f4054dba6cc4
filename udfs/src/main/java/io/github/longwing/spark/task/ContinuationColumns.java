package io.github.longwing.spark.task;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.spark.columns.TaskColumns;
import io.github.longwing.spark.columns.TextPages;
import io.github.longwing.spark.task.OptionTable.ModelFiles;
import io.github.longwing.task.GeneratedTexts;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.generate.GeneratorOptions;
import io.github.longwing.task.generate.TextGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.StructField;

/** The continuations of a prompt. */
public record ContinuationColumns(GeneratedTextColumns texts) implements TaskColumns<GeneratedTexts> {
    public static final SparkTask<GeneratorOptions, GeneratedTexts> TASK = new SparkTask<>(
            "generate",
            List.of(Architecture.CAUSAL_LM),
            /* carriedModel */ null,
            GeneratorOptions.of(Map.of()),
            TextGenerator::open,
            ContinuationColumns::of,
            SparkTask.SqlArguments.TEXT,
            1,
            ContinuationColumns::optionTable);

    public static ContinuationColumns of(GeneratorOptions options) {
        return new ContinuationColumns(GeneratedTextColumns.of(options.generation(), "generated", "generations"));
    }

    private static final String MAX_PROMPT_TOKENS = "max-prompt-tokens";

    private static OptionTable<GeneratorOptions> optionTable() {
        List<NamedOption> options = new ArrayList<>(List.of(NamedOption.integer(
                MAX_PROMPT_TOKENS,
                1,
                "what the model has room for",
                "The most tokens of a prompt; a longer one loses its beginning.")));
        options.addAll(SharedOptions.generation(SharedOptions.Use.CONTINUATION));
        options.add(SharedOptions.NEWLINES_OPTION);
        return new OptionTable<>(options, ContinuationColumns::read);
    }

    private static GeneratorOptions read(OptionTexts texts, Optional<ModelFiles> model) {
        GenerationOverrides generation = SharedOptions.readGeneration(texts, SharedOptions.Use.CONTINUATION, model);
        int prompt = texts.integer(MAX_PROMPT_TOKENS, 1).orElse(WindowOptions.ALL_POSITIONS);
        model.ifPresent(files -> {
            int room = SharedOptions.generationOf(generation, files)
                    .promptLimit(files.config().maxPositionEmbeddings());
            if (prompt > room) {
                throw OptionTexts.unexpected(
                        MAX_PROMPT_TOKENS,
                        String.valueOf(prompt),
                        "1 to " + room + ", which the model's max_position_embeddings and the limit of the text leave",
                        null);
            }
        });
        return new GeneratorOptions(generation, prompt, SharedOptions.readNewlines(texts));
    }

    @Override
    public List<StructField> fields() {
        return texts.fields();
    }

    @Override
    public void fill(List<Object> row, GeneratedTexts output, TextPages pages) {
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
