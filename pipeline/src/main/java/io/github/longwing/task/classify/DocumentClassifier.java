package io.github.longwing.task.classify;

import io.github.longwing.batching.FairnessKey;
import io.github.longwing.batching.ForwardEngine;
import io.github.longwing.batching.WindowScheduler;
import io.github.longwing.config.Architecture;
import io.github.longwing.error.UserException;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.EvidencedLogits;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.segmentation.Window;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.DocumentWork;
import io.github.longwing.task.Evidence;
import io.github.longwing.task.TaskModel;
import io.github.longwing.task.WindowReader;
import io.github.longwing.task.WindowedText;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Labels documents, or gives them numbers where the model is a regression. Windows are pooled. */
public final class DocumentClassifier implements DocumentTask<Classification> {
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

    /**
     * Loads a model directory and starts its engine.
     *
     * @param threads of ONNX Runtime, at least 1
     * @throws UserException if the directory is incomplete or damaged, or an option does not fit the model
     */
    public static DocumentClassifier open(Path modelDirectory, ClassifierOptions options, int threads) {
        TaskModel model =
                TaskModel.open(modelDirectory, threads, "classify", Set.of(Architecture.SEQUENCE_CLASSIFICATION));
        try {
            return new DocumentClassifier(model, options);
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    @Override
    public String model() {
        return model.label();
    }

    @Override
    public CompletableFuture<DocumentResult<Classification>> submit(Document document) {
        return DocumentWork.submit(cancellation -> begin(document, cancellation));
    }

    private CompletableFuture<DocumentResult.Success<Classification>> begin(
            Document document, Cancellation cancellation) {
        WindowedText reading = reader.read(document.text());
        FairnessKey turn = new FairnessKey();
        return WindowScheduler.of(
                        reading.windows(),
                        window ->
                                engine.submit(turn, cancellation, () -> logits(reading.inputIds(window), cancellation)))
                .thenApply(logits -> reading.success(model.config(), classification(reading, logits)));
    }

    private EvidencedLogits logits(int[] inputIds, Cancellation cancellation) {
        ModelSessions bundle = model.bundle();
        try (HiddenStates states =
                bundle.encoder().encode(inputIds, bundle.directory().randomBlocks(), cancellation)) {
            return options.evidence() > 0
                    ? bundle.evidence().classify(states, inputIds, cancellation)
                    : new EvidencedLogits(bundle.head().classify(states, inputIds, cancellation), NO_WEIGHTS);
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
        model.close();
    }
}
