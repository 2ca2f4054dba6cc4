package io.github.longwing.task.classify;

import io.github.longwing.batching.FairnessKey;
import io.github.longwing.batching.ForwardEngine;
import io.github.longwing.batching.WindowScheduler;
import io.github.longwing.config.Architecture;
import io.github.longwing.config.Passes;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.EvidencedLogits;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.segmentation.Window;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentWork;
import io.github.longwing.task.Evidence;
import io.github.longwing.task.LoadedTask;
import io.github.longwing.task.Resources;
import io.github.longwing.task.TaskModel;
import io.github.longwing.task.WindowReader;
import io.github.longwing.task.WindowedText;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Classifies documents, or computes the values of a regression. The results of windows are pooled. */
public final class DocumentClassifier implements DocumentWork<Classification> {
    private static final float[] NO_WEIGHTS = {};

    private final TaskModel model;
    private final WindowReader reader;
    private final ClassifierOptions options;
    private final LabelDecision decision;
    private final ForwardEngine engine;

    private DocumentClassifier(TaskModel model, ClassifierOptions options) {
        this.model = model;
        this.reader = new WindowReader(model, options.reading());
        this.options = options;
        this.decision = new LabelDecision(model.config().labels(), options);
        this.engine = new ForwardEngine();
    }

    /** As the other {@code open}, with so many threads and the memory of this machine. */
    public static LoadedTask<Classification> open(Path modelDirectory, ClassifierOptions options, int threads) {
        return open(modelDirectory, options, Resources.ofThisMachine(threads));
    }

    /** Opens a model for this task, as {@link LoadedTask#open} does. */
    public static LoadedTask<Classification> open(Path modelDirectory, ClassifierOptions options, Resources resources) {
        return LoadedTask.open(
                modelDirectory,
                resources,
                "classify",
                Set.of(Architecture.SEQUENCE_CLASSIFICATION),
                Passes.ENCODER_AND_DECODER,
                model -> new DocumentClassifier(model, options));
    }

    @Override
    public CompletableFuture<DocumentResult.Success<Classification>> begin(
            Document document, Cancellation cancellation) {
        WindowedText reading = reader.read(document.text());
        FairnessKey fairnessKey = new FairnessKey();
        return WindowScheduler.of(
                        reading.windows(),
                        cancellation.progress(),
                        window -> engine.submit(
                                fairnessKey, cancellation, () -> logits(reading.inputIds(window), cancellation)))
                .thenApply(logits -> reading.success(model.config(), classification(reading, logits)));
    }

    private EvidencedLogits logits(int[] inputIds, Cancellation cancellation) {
        ModelSessions sessions = model.sessions();
        try (HiddenStates states =
                sessions.encoder().encode(inputIds, sessions.directory().randomBlocks(), cancellation)) {
            return options.evidence() > 0
                    ? sessions.evidence().classify(states, inputIds, cancellation)
                    : new EvidencedLogits(sessions.head().classify(states, inputIds, cancellation), NO_WEIGHTS);
        }
    }

    private Classification classification(WindowedText reading, List<EvidencedLogits> outputs) {
        List<float[]> logits = outputs.stream().map(EvidencedLogits::logits).toList();
        double[] shares = reading.windows().stream().mapToDouble(reading::share).toArray();
        Classification classification = decision.of(logits, shares);
        if (options.evidence() == 0) {
            return classification;
        }
        double[] parts = decision.parts(logits, shares);
        Evidence evidence = new Evidence(reading);
        for (int i = 0; i < outputs.size(); i++) {
            Window window = reading.windows().get(i);
            evidence.add(window, outputs.get(i).weights(), parts[i]);
        }
        return new Classification(
                classification.best(),
                classification.labels(),
                classification.values(),
                evidence.passages(options.evidence(), options.reading().locale()));
    }

    @Override
    public void close() {
        engine.close();
    }
}
