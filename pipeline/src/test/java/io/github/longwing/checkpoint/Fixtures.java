package io.github.longwing.checkpoint;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** The checkpoints that make_checkpoints.py wrote. */
public final class Fixtures {
    private Fixtures() {}

    public static Path checkpoint(String name) {
        try {
            return Path.of(Objects.requireNonNull(Fixtures.class.getResource("/checkpoint/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static float[] values(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.size())];
        tensor.read(0, values, 0, values.length);
        return values;
    }

    static float[] values(Checkpoint checkpoint, String name) {
        return values(tensor(checkpoint, name));
    }

    static Tensor tensor(Checkpoint checkpoint, String name) {
        return checkpoint.unusedTensors().stream()
                .filter(t -> t.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
