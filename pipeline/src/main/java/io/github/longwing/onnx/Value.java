package io.github.longwing.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A value of a graph under construction: its name, element type and shape. The methods add operations to the graph and
 * check types and shapes at once, so that a mistake names the line of Java that made it.
 */
public final class Value {
    private final GraphBuilder graph;
    private final String name;
    private final DataType type;
    private final Shape shape;

    Value(GraphBuilder graph, String name, DataType type, Shape shape) {
        this.graph = graph;
        this.name = name;
        this.type = type;
        this.shape = shape;
    }

    public String name() {
        return name;
    }

    public DataType type() {
        return type;
    }

    public Shape shape() {
        return shape;
    }

    /** Element-wise sum, with broadcasting. */
    public Value add(Value other) {
        return graph.apply(Op.ADD, type, Shape.broadcast(shape, other.shape), List.of(this, other));
    }

    /** Element-wise difference, with broadcasting. */
    public Value subtract(Value other) {
        return graph.apply(Op.SUB, type, Shape.broadcast(shape, other.shape), List.of(this, other));
    }

    /** Element-wise product, with broadcasting. */
    public Value multiply(Value other) {
        return graph.apply(Op.MUL, type, Shape.broadcast(shape, other.shape), List.of(this, other));
    }

    /** Product with one number. */
    public Value scale(float factor) {
        return multiply(graph.number(factor));
    }

    /** Matrix product over the last two axes; leading axes broadcast. */
    public Value matmul(Value other) {
        requireEqual("matmul", shape.at(-1), other.shape.at(-2), other);
        return graph.apply(Op.MAT_MUL, type, productShape(other.shape, other.shape.at(-1)), List.of(this, other));
    }

    /** Matrix product with the transpose of the other value's last two axes, times a factor, as one operation. */
    public Value matmulTransposed(Value other, float factor) {
        requireEqual("matmulTransposed", shape.at(-1), other.shape.at(-1), other);
        return graph.apply(
                Op.FUSED_MAT_MUL,
                type,
                productShape(other.shape, other.shape.at(-2)),
                List.of(this, other),
                Attribute.of("transB", 1),
                Attribute.of("alpha", factor));
    }

    public Value matmulTransposed(Value other) {
        return matmulTransposed(other, 1f);
    }

    /**
     * The same elements in another shape. At most one axis may be left to be worked out from the number of elements
     *; an axis equal to the input's at the same position is taken over.
     */
    public Value reshape(Dimension... dimensions) {
        long[] target = new long[dimensions.length];
        int inferred = 0;
        for (int i = 0; i < dimensions.length; i++) {
            Dimension dimension = dimensions[i];
            if (dimension instanceof Dimension.Fixed fixed) {
                target[i] = fixed.size();
            } else if (i < shape.rank() && dimension.equals(shape.at(i))) {
                target[i] = 0; // ONNX: as in the input
            } else {
                target[i] = -1;
                inferred++;
            }
        }
        if (inferred > 1) {
            throw new IllegalArgumentException("Cannot reshape " + this + " to " + Shape.of(dimensions) + ": "
                    + inferred + " axes would have to be inferred, expected at most one");
        }
        return graph.apply(Op.RESHAPE, type, Shape.of(dimensions), List.of(this, graph.integers(target)));
    }

    /** The same elements in a shape that a run gives as a value. */
    public Value reshapeTo(Value target, Shape known) {
        return graph.apply(Op.RESHAPE, type, known, List.of(this, target));
    }

    /** The axes in another order. */
    public Value transpose(int... permutation) {
        if (permutation.length != shape.rank()) {
            throw new IllegalArgumentException("Cannot transpose " + this + ": " + permutation.length
                    + " axes are given, expected " + shape.rank());
        }
        Shape result = new Shape(IntStream.of(permutation).mapToObj(shape::at).toList());
        return graph.apply(Op.TRANSPOSE, type, result, List.of(this), Attribute.of("perm", permutation));
    }

    /** The entries of one axis at the given indices; the axes of the indices take its place. */
    public Value gather(Value indices, int axis) {
        List<Dimension> result = new ArrayList<>(shape.dimensions().subList(0, axis));
        result.addAll(indices.shape.dimensions());
        result.addAll(shape.dimensions().subList(axis + 1, shape.rank()));
        return graph.apply(Op.GATHER, type, new Shape(result), List.of(this, indices), Attribute.of("axis", axis));
    }

    /** The part of one axis from {@code begin} to {@code end}; counts from the end where negative. */
    public Value slice(int axis, long begin, long end, Dimension length) {
        return graph.apply(
                Op.SLICE,
                type,
                shape.with(axis, length),
                List.of(this, graph.integers(begin), graph.integers(end), graph.integers(axis)));
    }

    /** The first entries of the outermost axis, as many as a run says. */
    public Value first(Value count, Dimension length) {
        return graph.apply(
                Op.SLICE, type, shape.with(0, length), List.of(this, graph.integers(0), count, graph.integers(0)));
    }

    /** The last entry of the outermost axis, which stays with a length of one. */
    public Value last() {
        return slice(0, -1, Integer.MAX_VALUE, Dimension.ONE);
    }

    /** Cuts one axis into parts whose lengths a run gives; one name for each part. */
    public List<Value> split(int axis, Value lengths, List<Dimension> parts) {
        return graph.applySplit(this, axis, lengths, parts);
    }

    /** Joins this value and others along one axis. */
    public Value concat(int axis, Dimension length, List<Value> others) {
        List<Value> all = new ArrayList<>();
        all.add(this);
        all.addAll(others);
        return graph.apply(Op.CONCAT, type, shape.with(axis, length), all, Attribute.of("axis", axis));
    }

    /** Softmax over the last axis. */
    public Value softmax() {
        return graph.apply(Op.SOFTMAX, type, shape, List.of(this), Attribute.of("axis", -1));
    }

    /** Logarithm of the softmax over the last axis. */
    public Value logSoftmax() {
        return graph.apply(Op.LOG_SOFTMAX, type, shape, List.of(this), Attribute.of("axis", -1));
    }

    /** {@code this @ weight^T + bias}, with the weight as [out, in] and the bias as [1, out]. */
    public Value gemmTransposed(Value weight, Value bias) {
        requireEqual("gemmTransposed", shape.at(-1), weight.shape.at(-1), weight);
        return graph.apply(
                Op.GEMM,
                type,
                shape.with(-1, weight.shape.at(0)),
                List.of(this, weight, bias),
                Attribute.of("transB", 1));
    }

    /** The elements as float32. */
    public Value toFloat() {
        return graph.apply(
                Op.CAST, DataType.FLOAT, shape, List.of(this), Attribute.of("to", DataType.FLOAT.onnxCode()));
    }

    /** Every element that is larger becomes the limit. */
    public Value atMost(float limit) {
        return graph.apply(Op.MIN, type, shape, List.of(this, graph.number(limit)));
    }

    /** Every element that is smaller becomes the limit. */
    public Value atLeast(float limit) {
        return graph.apply(Op.MAX, type, shape, List.of(this, graph.number(limit)));
    }

    /** The mean over one axis, which goes away. */
    public Value mean(int axis) {
        return reduce(Op.REDUCE_MEAN, axis);
    }

    /** The largest element of one axis, which goes away. */
    public Value max(int axis) {
        return reduce(Op.REDUCE_MAX, axis);
    }

    private Value reduce(Op op, int axis) {
        List<Dimension> left = new ArrayList<>(shape.dimensions());
        left.remove(axis);
        return graph.apply(op, type, new Shape(left), List.of(this, graph.integers(axis)), Attribute.of("keepdims", 0));
    }

    public Value abs() {
        return graph.apply(Op.ABS, type, shape, List.of(this));
    }

    /** How long one axis is in a run, as a vector of one int64. */
    public Value size(int axis) {
        return graph.apply(
                Op.SHAPE,
                DataType.INT64,
                Shape.of(Dimension.ONE),
                List.of(this),
                Attribute.of("start", axis),
                Attribute.of("end", axis + 1));
    }

    /** A vector of so many times this value, which has one element. */
    public Value expandTo(Value size, Dimension length) {
        return graph.apply(Op.EXPAND, type, Shape.of(length), List.of(this, size));
    }

    /**
     * Bytes for the rows of a matrix: each element divided by the scale of its row, rounded to even, plus the zero of its
     * row.
     */
    public Value quantizeRows(Value scales, Value zeros) {
        return graph.apply(
                Op.QUANTIZE_LINEAR, zeros.type, shape, List.of(this, scales, zeros), Attribute.of("axis", 0));
    }

    public Value sqrt() {
        return graph.apply(Op.SQRT, type, shape, List.of(this));
    }

    /** One divided by each element. */
    public Value reciprocal() {
        return graph.apply(Op.RECIPROCAL, type, shape, List.of(this));
    }

    public Value tanh() {
        return graph.apply(Op.TANH, type, shape, List.of(this));
    }

    public Value relu() {
        return graph.apply(Op.RELU, type, shape, List.of(this));
    }

    public Value sigmoid() {
        return graph.apply(Op.SIGMOID, type, shape, List.of(this));
    }

    /** Gelu through the error function. */
    public Value gelu() {
        return graph.apply(Op.GELU, type, shape, List.of(this), Attribute.of("approximate", "none"));
    }

    /** Gelu in its tanh form. */
    public Value geluTanh() {
        return graph.apply(Op.GELU, type, shape, List.of(this), Attribute.of("approximate", "tanh"));
    }

    private Shape productShape(Shape other, Dimension columns) {
        Shape left = new Shape(shape.dimensions().subList(0, shape.rank() - 2));
        Shape right = new Shape(other.dimensions().subList(0, other.rank() - 2));
        List<Dimension> result = new ArrayList<>(Shape.broadcast(left, right).dimensions());
        result.add(shape.at(-2));
        result.add(columns);
        return new Shape(result);
    }

    private void requireEqual(String act, Dimension mine, Dimension theirs, Value other) {
        if (!mine.equals(theirs)) {
            throw new IllegalArgumentException("Cannot build " + act + " of " + this + " and " + other
                    + ": the inner axes are " + mine + " and " + theirs + ", expected equal");
        }
    }

    @Override
    public String toString() {
        return name + " " + type + shape;
    }
}
