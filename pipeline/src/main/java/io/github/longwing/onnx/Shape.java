package io.github.longwing.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The axes of a value, outermost first. */
public record Shape(List<Dimension> dimensions) {
    public Shape {
        dimensions = List.copyOf(dimensions);
    }

    public static Shape of(Dimension... dimensions) {
        return new Shape(List.of(dimensions));
    }

    public static Shape of(long... sizes) {
        return new Shape(Arrays.stream(sizes).mapToObj(Dimension::of).toList());
    }

    public int rank() {
        return dimensions.size();
    }

    /** The axis at a position; negative positions count from the end. */
    public Dimension at(int axis) {
        return dimensions.get(position(axis));
    }

    /** This shape with one axis changed. */
    public Shape with(int axis, Dimension dimension) {
        List<Dimension> changed = new ArrayList<>(dimensions);
        changed.set(position(axis), dimension);
        return new Shape(changed);
    }

    private int position(int axis) {
        return axis < 0 ? rank() + axis : axis;
    }

    /** The shape of an element-wise operation on two values, after numpy's broadcasting rule. */
    static Shape broadcast(Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        List<Dimension> result = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            Dimension x = i < rank - a.rank() ? Dimension.ONE : a.at(i - (rank - a.rank()));
            Dimension y = i < rank - b.rank() ? Dimension.ONE : b.at(i - (rank - b.rank()));
            if (!x.equals(y) && !x.equals(Dimension.ONE) && !y.equals(Dimension.ONE)) {
                throw new IllegalArgumentException("Cannot broadcast " + a + " with " + b + ": axis " + i + " is " + x
                        + " on one side and " + y + " on the other");
            }
            result.add(x.equals(Dimension.ONE) ? y : x);
        }
        return new Shape(result);
    }

    @Override
    public String toString() {
        return dimensions.stream().map(Object::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
