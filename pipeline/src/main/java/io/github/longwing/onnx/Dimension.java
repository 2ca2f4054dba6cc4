package io.github.longwing.onnx;

/** One axis of a shape: a size that the graph knows, or the name of one that only a run knows. */
public sealed interface Dimension {
    /** The number 1, which broadcasts. */
    Dimension ONE = new Fixed(1);

    /** A size known when the graph is built. */
    record Fixed(long size) implements Dimension {
        @Override
        public String toString() {
            return Long.toString(size);
        }
    }

    /** A size known when the graph runs; equal names are equal sizes. */
    record Named(String name) implements Dimension {
        @Override
        public String toString() {
            return name;
        }
    }

    static Dimension of(long size) {
        return new Fixed(size);
    }

    static Dimension of(String name) {
        return new Named(name);
    }
}
