package io.github.longwing.task.embed;

import io.github.longwing.batching.FairnessKey;
import io.github.longwing.batching.ForwardEngine;
import io.github.longwing.batching.WindowScheduler;
import io.github.longwing.config.Architecture;
import io.github.longwing.config.Passes;
import io.github.longwing.error.DocumentException;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentWork;
import io.github.longwing.task.LoadedTask;
import io.github.longwing.task.Resources;
import io.github.longwing.task.TaskModel;
import io.github.longwing.task.WindowReader;
import io.github.longwing.task.WindowedText;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Embeds documents by the hidden states of any encoder. Windows are weighted by their tokens. */
public final class Embedder implements DocumentWork<Embedding> {
    private final TaskModel model;
    private final WindowReader reader;
    private final EmbedderOptions options;
    private final ForwardEngine engine;

    private Embedder(TaskModel model, EmbedderOptions options) {
        this.model = model;
        this.reader = new WindowReader(model, options.reading());
        this.options = options;
        this.engine = new ForwardEngine();
    }

    /** As the other {@code open}, with so many threads and the memory of this machine. */
    public static LoadedTask<Embedding> open(Path modelDirectory, EmbedderOptions options, int threads) {
        return open(modelDirectory, options, Resources.ofThisMachine(threads));
    }

    /** Opens a model for this task, as {@link LoadedTask#open} does. */
    public static LoadedTask<Embedding> open(Path modelDirectory, EmbedderOptions options, Resources resources) {
        Set<Architecture> encoders = Arrays.stream(Architecture.values())
                .filter(Architecture::hasEncoder)
                .collect(Collectors.toSet());
        return LoadedTask.open(
                modelDirectory, resources, "embed", encoders, Passes.ENCODER, model -> new Embedder(model, options));
    }

    @Override
    public CompletableFuture<DocumentResult.Success<Embedding>> begin(Document document, Cancellation cancellation) {
        WindowedText reading = reader.read(document.text());
        FairnessKey fairnessKey = new FairnessKey();
        return WindowScheduler.of(
                        reading.windows(),
                        cancellation.progress(),
                        window -> engine.submit(
                                fairnessKey, cancellation, () -> vector(reading.inputIds(window), cancellation)))
                .thenApply(vectors -> reading.success(model.config(), embedding(reading, vectors)));
    }

    /** One window's vector, [d]. */
    private double[] vector(int[] inputIds, Cancellation cancellation) {
        ModelSessions sessions = model.sessions();
        try (HiddenStates states =
                sessions.encoder().encode(inputIds, sessions.directory().randomBlocks(), cancellation)) {
            int d = model.config().dModel();
            float[] values = states.toArray(); // [S, d]
            int first =
                    switch (options.pooling()) {
                        case MEAN -> 0;
                        case EOS -> inputIds.length - 1;
                    };
            double[] sum = new double[d];
            for (int i = first * d; i < values.length; i++) {
                sum[i % d] += values[i];
            }
            return scaled(sum, 1.0 / (inputIds.length - first));
        }
    }

    private Embedding embedding(WindowedText reading, List<double[]> vectors) {
        double[] mean = new double[model.config().dModel()];
        for (int w = 0; w < vectors.size(); w++) {
            double share = reading.share(reading.windows().get(w));
            for (int i = 0; i < mean.length; i++) {
                mean[i] += share * vectors.get(w)[i];
            }
        }
        double length = Math.sqrt(Arrays.stream(mean).map(v -> v * v).sum());
        if (!Double.isFinite(length)) {
            throw new DocumentException(
                    DocumentException.Kind.NonFiniteOutput,
                    "Cannot embed: the length of the vector is " + length + ", expected a finite number");
        }
        double[] vector =
                switch (options.norm()) {
                    case AS_IS -> mean;
                    case UNIT -> length == 0 ? mean : scaled(mean, 1 / length);
                };
        float[] values = new float[vector.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) vector[i];
        }
        return new Embedding(values);
    }

    private static double[] scaled(double[] vector, double factor) {
        return Arrays.stream(vector).map(v -> v * factor).toArray();
    }

    @Override
    public void close() {
        engine.close();
    }
}
