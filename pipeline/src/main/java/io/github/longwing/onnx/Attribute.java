package io.github.longwing.onnx;

import java.util.Arrays;
import java.util.List;

/** A constant parameter of an operator. */
sealed interface Attribute {
    String name();

    record Int(String name, long value) implements Attribute {}

    record Ints(String name, List<Long> values) implements Attribute {}

    record Real(String name, float value) implements Attribute {}

    record Text(String name, String value) implements Attribute {}

    static Attribute of(String name, long value) {
        return new Int(name, value);
    }

    static Attribute of(String name, float value) {
        return new Real(name, value);
    }

    static Attribute of(String name, String value) {
        return new Text(name, value);
    }

    static Attribute of(String name, int... values) {
        return new Ints(name, Arrays.stream(values).mapToObj(Long::valueOf).toList());
    }
}
