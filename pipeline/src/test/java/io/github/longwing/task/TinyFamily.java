package io.github.longwing.task;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.longwing.checkpoint.Checkpoint;
import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.config.Architecture;
import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.fixture.Goldens;
import io.github.longwing.fixture.TensorFile;
import io.github.longwing.store.ImportOptions;
import io.github.longwing.store.ModelImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The classes of the family with one set of small random weights and the tokenizer that Longwing carries; made by
 * make_tasks.py. 256 positions, full attention up to 112 tokens.
 */
public final class TinyFamily {
    static final int POSITIONS = 256;
    static final List<String> LABELS = List.of("sea", "land", "air");
    private static final Path CARRIED = Goldens.resource("/io/github/longwing/models/sentence-summarizer");

    private TinyFamily() {}

    /** A model directory of a class. */
    public static Path model(Path directory, Architecture architecture) {
        return model(directory, architecture, Map.of());
    }

    /** The same with other fields in its config.json; of {@code id2label} the first are left. */
    public static Path model(Path directory, Architecture architecture, Map<String, Object> changes) {
        return model(directory, architecture, changes, tensors -> {});
    }

    public static Path model(
            Path directory, Architecture architecture, Map<String, Object> changes, Consumer<TensorFile> edit) {
        Gson gson = new Gson();
        try {
            JsonObject config =
                    gson.fromJson(Files.readString(Goldens.resource("/task/family.json")), JsonObject.class);
            config.add("architectures", gson.toJsonTree(List.of(architecture.configName())));
            config.add("id2label", gson.toJsonTree(Map.of("0", LABELS.get(0), "1", LABELS.get(1), "2", LABELS.get(2))));
            changes.forEach((name, value) -> config.add(name, gson.toJsonTree(value)));
            TensorFile tensors =
                    tensors(architecture, config.getAsJsonObject("id2label").size());
            edit.accept(tensors);
            Path source = tensors.write(Files.createTempDirectory(directory, "source"));
            Files.writeString(source.resolve("config.json"), gson.toJson(config));
            Files.copy(CARRIED.resolve("spiece.model"), source.resolve("spiece.model"));
            Path model = directory.resolve("model-" + source.getFileName());
            ModelImporter.run(source, model, new ImportOptions("tiny", Precision.FLOAT32, RandomBlocks.REFERENCE));
            return model;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TensorFile tensors(Architecture architecture, int labels) {
        TensorFile tensors = new TensorFile();
        try (Checkpoint family = Checkpoint.openFile(Goldens.resource("/task/family.safetensors"))) {
            for (String name : family.tensorNames()) {
                if (belongs(name, architecture)) {
                    put(tensors, nameIn(name, architecture), family.tensor(name), labels);
                }
                if (name.equals("model.shared.weight") && architecture == Architecture.CAUSAL_LM) {
                    put(tensors, "lm_head.weight", family.tensor(name), labels); // stored apart, as transformers does
                }
            }
        }
        return tensors;
    }

    private static boolean belongs(String name, Architecture architecture) {
        return switch (architecture) {
            case CONDITIONAL_GENERATION -> name.startsWith("model.") || name.equals("final_logits_bias");
            case SEQUENCE_CLASSIFICATION -> name.startsWith("model.") || name.startsWith("classification_head.");
            case QUESTION_ANSWERING -> name.startsWith("model.") || name.startsWith("qa_outputs.");
            case BASE -> name.startsWith("model.");
            case CAUSAL_LM -> name.startsWith("model.") && !name.startsWith("model.encoder.");
        };
    }

    private static String nameIn(String name, Architecture architecture) {
        return switch (architecture) {
            case BASE -> name.substring("model.".length());
            case CAUSAL_LM -> name.replace("model.shared.", "model.decoder.embed_tokens.");
            case CONDITIONAL_GENERATION, SEQUENCE_CLASSIFICATION, QUESTION_ANSWERING -> name;
        };
    }

    private static void put(TensorFile tensors, String name, Tensor tensor, int labels) {
        long[] shape = tensor.shape();
        if (name.startsWith("classification_head.out_proj.")) {
            shape[0] = labels;
        }
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        tensor.read(0, values, 0, values.length);
        tensors.put(name, values, shape);
    }
}
