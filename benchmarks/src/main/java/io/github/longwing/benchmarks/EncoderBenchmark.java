package io.github.longwing.benchmarks;

import io.github.longwing.config.RandomBlocks;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Times the encoder, and the projection of its states to the keys and values of cross-attention. */
final class EncoderBenchmark {
    private final ModelSessions bundle;
    private final TokenIds ids;

    EncoderBenchmark(ModelSessions bundle, TokenIds ids) {
        this.bundle = bundle;
        this.ids = ids;
    }

    /** Medians, in seconds, for a document of so many tokens. */
    record Result(int tokens, double encoderSeconds, double crossAttentionSeconds, List<Double> encoderRuns) {}

    /** Once unmeasured, then so many times measured. */
    Result measure(int tokens, int runs) {
        int[] document = ids.cutTo(tokens);
        Timings encoder = Timings.of(1, runs, () -> encode(document).close());
        Timings crossAttention;
        try (HiddenStates states = encode(document)) {
            crossAttention = Timings.of(1, runs, () -> bundle.crossAttention()
                    .project(states, new Cancellation())
                    .close());
        }
        return new Result(tokens, encoder.median(), crossAttention.median(), encoder.seconds());
    }

    List<Result> measure(List<Integer> lengths, int runs) {
        List<Result> results = new ArrayList<>();
        for (int tokens : lengths) {
            results.add(measure(tokens, runs));
        }
        return results;
    }

    /** Writes the states of a document, [tokens, size], as little-endian floats. */
    void writeStates(int tokens, Path file) {
        float[] states;
        try (HiddenStates encoded = encode(ids.cutTo(tokens))) {
            states = encoded.toArray();
        }
        ByteBuffer bytes = ByteBuffer.allocate(states.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(states);
        try {
            Files.write(file, bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the states to " + file, e);
        }
    }

    private HiddenStates encode(int[] document) {
        return bundle.encoder().encode(document, RandomBlocks.REFERENCE, new Cancellation());
    }
}
