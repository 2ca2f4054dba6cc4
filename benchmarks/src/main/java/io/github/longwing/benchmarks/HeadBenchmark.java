package io.github.longwing.benchmarks;

import io.github.longwing.config.RandomBlocks;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.runtime.SpanLogits;
import java.util.ArrayList;
import java.util.List;

/** Times a classifier or a question answering model on whole documents: the encoder, then the decoder over all of it. */
final class HeadBenchmark {
    private final ModelSessions bundle;

    HeadBenchmark(ModelSessions bundle) {
        this.bundle = bundle;
    }

    /**
     * Where the time of a document went: medians in seconds.
     *
     * @param outputs the logits of the labels, or of all starts and then of all ends
     */
    record Result(int tokens, double seconds, double encoderSeconds, List<Double> runs, float[] outputs) {}

    /** Once unmeasured, then so many times measured. */
    Result measure(int[] document, int runs) {
        List<Double> encoder = new ArrayList<>();
        float[][] outputs = new float[1][];
        Timings whole = Timings.of(1, runs, () -> {
            Cancellation cancellation = new Cancellation();
            long start = System.nanoTime();
            try (HiddenStates states = bundle.encoder().encode(document, RandomBlocks.REFERENCE, cancellation)) {
                encoder.add(Timings.secondsSince(start));
                outputs[0] = outputs(states, document, cancellation);
            }
        });
        double encoderSeconds = new Timings(encoder.subList(1, encoder.size())).median();
        return new Result(document.length, whole.median(), encoderSeconds, whole.seconds(), outputs[0]);
    }

    private float[] outputs(HiddenStates states, int[] document, Cancellation cancellation) {
        return switch (bundle.directory().config().architecture()) {
            case SEQUENCE_CLASSIFICATION -> bundle.head().classify(states, document, cancellation);
            case QUESTION_ANSWERING -> {
                SpanLogits logits = bundle.head().answer(states, document, cancellation);
                float[] all = new float[2 * document.length];
                System.arraycopy(logits.start(), 0, all, 0, document.length);
                System.arraycopy(logits.end(), 0, all, document.length, document.length);
                yield all;
            }
            default ->
                throw new IllegalArgumentException("The model is a "
                        + bundle.directory().config().architecture().configName()
                        + ", expected a classifier or question answering");
        };
    }
}
