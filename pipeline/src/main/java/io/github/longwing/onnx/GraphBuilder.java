package io.github.longwing.onnx;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Builds one ONNX graph. Values come from {@link #input}, {@link #parameter} and {@link #constant}; their methods add
 * operations. {@link #scope} gives a view of the same graph that puts a prefix before the names, so that a profile reads
 * like the checkpoint. Not thread-safe.
 */
public final class GraphBuilder {
    private final Parts parts;
    private final String prefix;

    /** What all scopes of one graph share. */
    private static final class Parts {
        private final String name;
        private final List<Value> inputs = new ArrayList<>();
        private final Map<String, Value> outputs = new LinkedHashMap<>(); // by the name inside the graph
        private final List<Node> nodes = new ArrayList<>();
        private final Map<String, TensorData> constants = new LinkedHashMap<>();
        private final Map<String, TensorData> parameters = new LinkedHashMap<>();
        private final Map<String, Value> values = new HashMap<>();
        private final Set<String> names = new HashSet<>();
        private final Map<Object, Object> shared = new HashMap<>();

        private Parts(String name) {
            this.name = name;
        }
    }

    public GraphBuilder(String name) {
        this(new Parts(name), "");
    }

    private GraphBuilder(Parts parts, String prefix) {
        this.parts = parts;
        this.prefix = prefix;
    }

    /** The same graph; operations built through the result are named under the scope. */
    public GraphBuilder scope(String name) {
        return new GraphBuilder(parts, prefix + name + "/");
    }

    /** A value that each run is given. */
    public Value input(String name, DataType type, Dimension... dimensions) {
        Value value = new Value(this, unique(name), type, Shape.of(dimensions));
        parts.inputs.add(value);
        return value;
    }

    /** Declares a result of the graph under a name of its own; the value may be used inside the graph as well. */
    public void output(String name, Value value) {
        boolean computed = parts.nodes.stream().anyMatch(n -> n.outputs().contains(value.name()));
        if (!computed || parts.outputs.containsKey(value.name())) {
            throw new IllegalArgumentException(
                    "Cannot name " + value + " as output " + name + ": expected a computed value with no other name");
        }
        if (!parts.names.add(name)) {
            throw new IllegalArgumentException("Cannot add output " + name + ": the graph has a value of this name");
        }
        parts.outputs.put(value.name(), new Value(this, name, value.type(), value.shape()));
    }

    /** A weight, stored outside the graph's file; graphs of one model directory share it by its name. */
    public Value parameter(String name, TensorData data) {
        return parts.values.computeIfAbsent(name, key -> {
            parts.parameters.put(key, data);
            return new Value(this, key, data.type(), data.shape());
        });
    }

    /** One float32. */
    public Value number(float value) {
        return constant("float " + value, TensorData.of(new float[] {value}));
    }

    /** A vector of int64. */
    public Value integers(long... values) {
        StringBuilder name = new StringBuilder("longs");
        for (long value : values) {
            name.append(' ').append(value);
        }
        return constant(name.toString(), TensorData.of(values, values.length));
    }

    /** One int64 without axes, which takes away the axis that it gathers from. */
    public Value index(long value) {
        return constant("long " + value, TensorData.of(new long[] {value}));
    }

    /** One unsigned byte, as a vector of one element. */
    public Value bytes(int value) {
        return constant("byte " + value, TensorData.of(new byte[] {(byte) value}, 1));
    }

    /** What several layers make of one value or dimension, built at the first call. */
    public <T> T once(Class<T> type, Object of, Supplier<T> build) {
        List<Object> key = List.of(type, of);
        if (!parts.shared.containsKey(key)) {
            parts.shared.put(key, build.get());
        }
        return type.cast(parts.shared.get(key));
    }

    /**
     * The matrix product of unsigned bytes around a zero with signed ones, in whole numbers, times a scale for each row
     * and for each column.
     *
     * @param rows [rows, in]
     * @param rowScales [rows, 1]
     * @param weight [in, out]
     * @param columnScales [out]
     */
    public Value matMulBytes(Value rows, Value rowScales, Value weight, Value columnScales, int zero) {
        return apply(
                        Op.MAT_MUL_INTEGER_TO_FLOAT,
                        DataType.FLOAT,
                        rows.shape().with(-1, weight.shape().at(1)),
                        List.of(rows, weight, number(1), columnScales, bytes(zero)))
                .multiply(rowScales); // which the operator would do as well, but with one thread
    }

    /** A matrix product with an 8-bit weight quantised in blocks along the input, each row of the input by itself. */
    public Value matMulEightBits(Value input, Value weight, Value scales, long in, long out, long blockSize) {
        return apply(
                Op.MAT_MUL_N_BITS,
                input.type(),
                input.shape().with(-1, Dimension.of(out)),
                List.of(input, weight, scales),
                Attribute.of("K", in),
                Attribute.of("N", out),
                Attribute.of("bits", 8),
                Attribute.of("block_size", blockSize),
                Attribute.of("accuracy_level", 4));
    }

    /**
     * Softmax attention of every query over every key in one operation that never holds the matrix of scores: query,
     * key and value as [1, length, heads * head size].
     */
    public Value multiHeadAttention(Value query, Value key, Value value, int heads, float scale) {
        return apply(
                Op.MULTI_HEAD_ATTENTION,
                query.type(),
                query.shape(),
                List.of(query, key, value),
                Attribute.of("num_heads", heads),
                Attribute.of("scale", scale));
    }

    Value apply(Op op, DataType type, Shape shape, List<Value> inputs, Attribute... attributes) {
        String name = unique(prefix + op.onnxName());
        parts.nodes.add(
                new Node(op, name, inputs.stream().map(Value::name).toList(), List.of(name), List.of(attributes)));
        return new Value(this, name, type, shape);
    }

    List<Value> applySplit(Value input, int axis, Value lengths, List<Dimension> partNames) {
        String name = unique(prefix + Op.SPLIT.onnxName());
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < partNames.size(); i++) {
            results.add(new Value(
                    this, unique(name + "/" + i), input.type(), input.shape().with(axis, partNames.get(i))));
        }
        parts.nodes.add(new Node(
                Op.SPLIT,
                name,
                List.of(input.name(), lengths.name()),
                results.stream().map(Value::name).toList(),
                List.of(Attribute.of("axis", axis))));
        return results;
    }

    /** What the graph takes and gives, as far as it is built. */
    public GraphSignature signature() {
        return new GraphSignature(ports(parts.inputs), ports(parts.outputs.values()));
    }

    private static Map<String, GraphSignature.Port> ports(Collection<Value> values) {
        return values.stream()
                .collect(Collectors.toMap(Value::name, value -> new GraphSignature.Port(value.type(), value.shape())));
    }

    String name() {
        return parts.name;
    }

    List<Value> inputs() {
        return parts.inputs;
    }

    Map<String, Value> outputs() {
        return parts.outputs;
    }

    List<Node> nodes() {
        return parts.nodes;
    }

    Map<String, TensorData> constants() {
        return parts.constants;
    }

    Map<String, TensorData> parameters() {
        return parts.parameters;
    }

    private Value constant(String name, TensorData data) {
        return parts.values.computeIfAbsent(name, key -> {
            parts.constants.put(key, data);
            return new Value(this, key, data.type(), data.shape());
        });
    }

    private String unique(String name) {
        String candidate = name;
        for (int i = 1; !parts.names.add(candidate); i++) {
            candidate = name + "_" + i;
        }
        return candidate;
    }
}
