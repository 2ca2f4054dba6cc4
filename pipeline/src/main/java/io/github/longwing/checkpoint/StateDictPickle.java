package io.github.longwing.checkpoint;

import io.github.longwing.error.UserException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the pickle inside a PyTorch file. A pickle is a program for a stack machine that may call any Python function;
 * this one can rebuild tensors and fill plain containers, and refuses every other global by its name the moment it is
 * mentioned. Nothing recurses, and what a file can allocate is bounded by its length.
 */
final class StateDictPickle {
    /** More values than any checkpoint keeps at once. */
    private static final int MAX_VALUES = 1 << 20;

    private static final int MAX_DIMENSIONS = 64;
    private static final int HIGHEST_PROTOCOL = 5;

    private static final String REMEDY =
            "expected only tensors and plain containers. Convert it to safetensors, from a source you trust";

    /** Python's None, which must be told apart from an absent value. */
    private enum None {
        NONE;

        @Override
        public String toString() {
            return "None";
        }
    }

    /** The globals that a pickle of tensors needs; the storage classes of torch come on top. */
    private enum Global {
        REBUILD_TENSOR("torch._utils._rebuild_tensor_v2"),
        REBUILD_PARAMETER("torch._utils._rebuild_parameter"),
        ORDERED_DICT("collections.OrderedDict");

        private final String pythonName;

        Global(String pythonName) {
            this.pythonName = pythonName;
        }
    }

    /** One storage of the file, named by its entry. */
    record Storage(ElementType type, String key, long elements) {}

    /** A tensor without its name. */
    record StoredTensor(Storage storage, StridedLayout layout) {}

    private record Tuple(List<Object> items) {}

    private final ByteBuffer pickle;
    private final Function<String, UserException> refusal;
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Long, Object> memo = new HashMap<>();

    private StateDictPickle(ByteBuffer pickle, Function<String, UserException> refusal) {
        this.pickle = pickle;
        this.refusal = refusal;
    }

    /**
     * Runs the pickle of a state dict.
     *
     * @param pickle little-endian
     * @param refusal makes the exception for a problem
     * @return the tensors by name, in the order of the dict
     */
    static Map<String, StoredTensor> stateDict(ByteBuffer pickle, Function<String, UserException> refusal) {
        StateDictPickle machine = new StateDictPickle(pickle, refusal);
        return machine.stateDict(machine.run());
    }

    private Map<String, StoredTensor> stateDict(Object result) {
        if (!(result instanceof Map<?, ?> dict)) {
            throw refusal.apply("it holds " + describe(result) + ", expected a dict of tensors by name");
        }
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        dict.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                throw refusal.apply("its dict has a key that is " + describe(key) + ", expected the name of a tensor");
            }
            if (!(value instanceof StoredTensor tensor)) {
                throw refusal.apply("its entry " + UntrustedText.text(name) + " is " + describe(value)
                        + ", expected a tensor; save the model with save_pretrained");
            }
            tensors.put(name, tensor);
        });
        return tensors;
    }

    private Object run() {
        while (true) {
            int opcode = nextByte();
            if (opcode == '.') {
                return pop();
            }
            execute(opcode);
            if (stack.size() + marks.size() + memo.size() > MAX_VALUES) {
                throw refusal.apply("its pickle keeps more than " + MAX_VALUES + " values");
            }
        }
    }

    private void execute(int opcode) {
        switch (opcode) {
            case 0x80 -> requireProtocol(nextByte()); // PROTO
            case 0x95 -> skip(Long.BYTES); // FRAME
            case '(' -> marks.add(stack.size()); // MARK
            case '0' -> discard(); // POP
            case '1' -> popToMark(); // POP_MARK
            case '2' -> push(peek()); // DUP
            case 'N' -> push(None.NONE); // NONE
            case 0x88 -> push(true); // NEWTRUE
            case 0x89 -> push(false); // NEWFALSE
            case 'K' -> push((long) nextByte()); // BININT1
            case 'M' -> push((long) Short.toUnsignedInt(need(Short.BYTES).getShort())); // BININT2
            case 'J' -> push((long) need(Integer.BYTES).getInt()); // BININT
            case 0x8a -> push(littleEndian(nextByte())); // LONG1
            case 0x8b -> push(littleEndian(need(Integer.BYTES).getInt())); // LONG4
            case 'G' ->
                push(Double.longBitsToDouble(Long.reverseBytes(need(Long.BYTES).getLong()))); // BINFLOAT
            case 'X' -> push(text(Integer.toUnsignedLong(need(Integer.BYTES).getInt()))); // BINUNICODE
            case 0x8c -> push(text(nextByte())); // SHORT_BINUNICODE
            case 0x8d -> push(text(need(Long.BYTES).getLong())); // BINUNICODE8
            case 'U' -> push(text(nextByte())); // SHORT_BINSTRING, of Python 2
            case 'T' -> push(text(Integer.toUnsignedLong(need(Integer.BYTES).getInt()))); // BINSTRING, of Python 2
            case '}' -> push(new LinkedHashMap<>()); // EMPTY_DICT
            case ']' -> push(new ArrayList<>()); // EMPTY_LIST
            case ')' -> push(new Tuple(List.of())); // EMPTY_TUPLE
            case 0x85 -> push(new Tuple(pop(1))); // TUPLE1
            case 0x86 -> push(new Tuple(pop(2))); // TUPLE2
            case 0x87 -> push(new Tuple(pop(3))); // TUPLE3
            case 't' -> push(new Tuple(popToMark())); // TUPLE
            case 'l' -> push(popToMark()); // LIST
            case 'd' -> push(fill(new LinkedHashMap<>(), popToMark())); // DICT
            case 'a' -> append(pop(1)); // APPEND
            case 'e' -> append(popToMark()); // APPENDS
            case 's' -> setItems(pop(2)); // SETITEM
            case 'u' -> setItems(popToMark()); // SETITEMS
            case 'q' -> memo.put((long) nextByte(), peek()); // BINPUT
            case 'r' -> memo.put(Integer.toUnsignedLong(need(Integer.BYTES).getInt()), peek()); // LONG_BINPUT
            case 0x94 -> memo.put((long) memo.size(), peek()); // MEMOIZE
            case 'h' -> push(remembered(nextByte())); // BINGET
            case 'j' ->
                push(remembered(Integer.toUnsignedLong(need(Integer.BYTES).getInt()))); // LONG_BINGET
            case 'c' -> push(global(line(), line())); // GLOBAL
            case 0x93 -> stackGlobal();
            case 'i' -> global(line(), line()); // INST: always refused, its class cannot be one of the functions
            case 'R' -> reduce();
            case 'b' -> build();
            case 'Q' -> push(storage(pop())); // BINPERSID
            default ->
                throw refusal.apply("its pickle has the instruction 0x" + Integer.toHexString(opcode) + " at byte "
                        + (pickle.position() - 1) + ", " + REMEDY);
        }
    }

    private void requireProtocol(int protocol) {
        if (protocol > HIGHEST_PROTOCOL) {
            throw refusal.apply("its pickle has protocol " + protocol + ", expected at most " + HIGHEST_PROTOCOL);
        }
    }

    /** What a name of Python stands for here: a {@link Global}, or the {@link ElementType} of a storage class. */
    private Object global(String module, String name) {
        String pythonName = module + "." + name;
        Optional<? extends Object> known = module.equals("torch")
                ? ElementType.ofTorchStorage(name)
                : Arrays.stream(Global.values())
                        .filter(g -> g.pythonName.equals(pythonName))
                        .findFirst();
        return known.orElseThrow(
                () -> refusal.apply("it asks for the Python global " + UntrustedText.text(pythonName) + ", " + REMEDY));
    }

    private void stackGlobal() {
        List<Object> names = pop(2);
        if (!(names.get(0) instanceof String module && names.get(1) instanceof String name)) {
            throw refusal.apply("its pickle names a global by " + describe(names.get(0)) + ", " + REMEDY);
        }
        push(global(module, name));
    }

    private void reduce() {
        Object arguments = pop();
        Object callable = pop();
        if (!(callable instanceof Global global && arguments instanceof Tuple tuple)) {
            throw refusal.apply("its pickle calls " + describe(callable) + ", " + REMEDY);
        }
        push(
                switch (global) {
                    case REBUILD_TENSOR -> rebuildTensor(tuple.items);
                    case REBUILD_PARAMETER -> rebuildParameter(tuple.items);
                    case ORDERED_DICT -> orderedDict(tuple.items);
                });
    }

    /** Arguments: storage, storage_offset, size, stride, then what only training needs. */
    private StoredTensor rebuildTensor(List<Object> arguments) {
        if (arguments.size() < 4
                || !(arguments.get(0) instanceof Storage storage)
                || !(arguments.get(1) instanceof Long offset)
                || !(arguments.get(2) instanceof Tuple size)
                || !(arguments.get(3) instanceof Tuple stride)) {
            throw refusal.apply("its pickle rebuilds a tensor from something else than storage, offset, size, stride");
        }
        long[] shape = dimensions(size);
        long[] strides = dimensions(stride);
        if (offset < 0 || shape.length != strides.length) {
            throw refusal.apply("its pickle has a tensor with offset " + offset + ", shape " + Arrays.toString(shape)
                    + " and strides " + Arrays.toString(strides));
        }
        try {
            StridedLayout layout = StridedLayout.strided(offset, shape, strides);
            if (layout.extent() > storage.elements) {
                throw refusal.apply("its pickle has a tensor " + Arrays.toString(shape) + " that needs "
                        + layout.extent() + " elements of storage " + UntrustedText.text(storage.key) + ", which has "
                        + storage.elements);
            }
            return new StoredTensor(storage, layout);
        } catch (ArithmeticException e) {
            throw refusal.apply("its pickle has a tensor " + Arrays.toString(shape) + ", which is too large");
        }
    }

    private long[] dimensions(Tuple tuple) {
        boolean valid = tuple.items.size() <= MAX_DIMENSIONS
                && tuple.items.stream().allMatch(i -> i instanceof Long n && n >= 0);
        if (!valid) {
            throw refusal.apply("its pickle has a tensor whose size or stride is not a list of non-negative integers");
        }
        return tuple.items.stream().mapToLong(Long.class::cast).toArray();
    }

    private StoredTensor rebuildParameter(List<Object> arguments) {
        if (arguments.isEmpty() || !(arguments.get(0) instanceof StoredTensor tensor)) {
            throw refusal.apply("its pickle rebuilds a parameter from something else than a tensor");
        }
        return tensor;
    }

    /** Empty, or (by Python 2) a list of [key, value]. */
    private Map<Object, Object> orderedDict(List<Object> arguments) {
        Map<Object, Object> dict = new LinkedHashMap<>();
        if (!arguments.isEmpty()) {
            List<?> pairs = arguments.get(0) instanceof List<?> list ? list : List.of(None.NONE);
            for (Object pair : pairs) {
                List<?> items = pair instanceof Tuple tuple ? tuple.items : pair instanceof List<?> l ? l : List.of();
                if (items.size() != 2) {
                    throw refusal.apply("its pickle makes an OrderedDict of something else than pairs");
                }
                fill(dict, items);
            }
        }
        return dict;
    }

    /** Attributes of an OrderedDict are the versions of the modules ({@code _metadata}), which no weight depends on. */
    private void build() {
        pop();
        if (!(peek() instanceof Map<?, ?>)) {
            throw refusal.apply("its pickle sets attributes of " + describe(peek()) + ", " + REMEDY);
        }
    }

    /** The identity of a storage is ('storage', class, key, location, number of elements). */
    private Storage storage(Object identity) {
        if (identity instanceof Tuple tuple
                && tuple.items.size() >= 5
                && "storage".equals(tuple.items.get(0))
                && tuple.items.get(1) instanceof ElementType type
                && tuple.items.get(2) instanceof String key
                && tuple.items.get(4) instanceof Long elements
                && elements >= 0) {
            return new Storage(type, key, elements);
        }
        throw refusal.apply("its pickle refers to something outside of it that is not a storage of tensors");
    }

    private Object remembered(long index) {
        Object value = memo.get(index);
        if (value == null) {
            throw refusal.apply("its pickle recalls value " + index + ", which it never kept");
        }
        return value;
    }

    private void append(List<Object> items) {
        if (!(peek() instanceof List<?>)) {
            throw refusal.apply("its pickle appends to " + describe(peek()) + ", expected a list");
        }
        listOnTop().addAll(items);
    }

    private void setItems(List<Object> items) {
        if (!(peek() instanceof Map<?, ?>)) {
            throw refusal.apply("its pickle sets items of " + describe(peek()) + ", expected a dict");
        }
        fill(dictOnTop(), items);
    }

    @SuppressWarnings("unchecked") // every List on the stack was made here
    private List<Object> listOnTop() {
        return (List<Object>) peek();
    }

    @SuppressWarnings("unchecked") // every Map on the stack was made here
    private Map<Object, Object> dictOnTop() {
        return (Map<Object, Object>) peek();
    }

    /** Keys are names or numbers: a container as a key would be hashed, thus walked, however deep it is. */
    private Map<Object, Object> fill(Map<Object, Object> dict, List<?> keysAndValues) {
        if (keysAndValues.size() % 2 != 0) {
            throw refusal.apply("its pickle gives a dict a key without a value");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            Object key = keysAndValues.get(i);
            if (!(key instanceof String || key instanceof Long || key instanceof Boolean)) {
                throw refusal.apply("its pickle gives a dict a key that is " + describe(key));
            }
            dict.put(key, keysAndValues.get(i + 1));
        }
        return dict;
    }

    private void push(Object value) {
        stack.add(value);
    }

    private int floor() {
        return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    }

    private Object peek() {
        if (stack.size() <= floor()) {
            throw refusal.apply("its pickle takes a value from an empty stack");
        }
        return stack.get(stack.size() - 1);
    }

    private Object pop() {
        Object value = peek();
        stack.remove(stack.size() - 1);
        return value;
    }

    private List<Object> pop(int count) {
        if (stack.size() - count < floor()) {
            throw refusal.apply("its pickle takes a value from an empty stack");
        }
        return popFrom(stack.size() - count);
    }

    private List<Object> popToMark() {
        if (marks.isEmpty()) {
            throw refusal.apply("its pickle takes values down to a mark that is not there");
        }
        return popFrom(marks.remove(marks.size() - 1));
    }

    private List<Object> popFrom(int begin) {
        List<Object> top = stack.subList(begin, stack.size());
        List<Object> values = new ArrayList<>(top);
        top.clear();
        return values;
    }

    private void discard() {
        if (stack.size() > floor()) {
            pop();
        } else {
            popToMark();
        }
    }

    private ByteBuffer need(int bytes) {
        if (pickle.remaining() < bytes) {
            throw refusal.apply("its pickle was cut off at byte " + pickle.limit());
        }
        return pickle;
    }

    private int nextByte() {
        return Byte.toUnsignedInt(need(1).get());
    }

    private void skip(int bytes) {
        need(bytes).position(pickle.position() + bytes);
    }

    private long littleEndian(int bytes) {
        if (bytes < 0 || bytes > Long.BYTES) {
            throw refusal.apply("its pickle has an integer of " + bytes + " bytes, expected at most " + Long.BYTES);
        }
        need(bytes);
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (pickle.get() & 0xffL) << (8 * i);
        }
        int unused = Long.SIZE - 8 * bytes;
        return bytes == 0 ? 0 : value << unused >> unused; // two's complement
    }

    private String text(long bytes) {
        if (bytes < 0 || bytes > pickle.remaining()) {
            throw refusal.apply("its pickle has a text of " + Long.toUnsignedString(bytes) + " bytes at byte "
                    + pickle.position() + " of " + pickle.limit());
        }
        ByteBuffer encoded = pickle.slice(pickle.position(), (int) bytes);
        pickle.position(pickle.position() + (int) bytes);
        return decode(encoded);
    }

    private String line() {
        for (int end = pickle.position(); end < pickle.limit(); end++) {
            if (pickle.get(end) == '\n') {
                ByteBuffer encoded = pickle.slice(pickle.position(), end - pickle.position());
                pickle.position(end + 1);
                return decode(encoded);
            }
        }
        throw refusal.apply("its pickle was cut off at byte " + pickle.limit());
    }

    private String decode(ByteBuffer encoded) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
        } catch (CharacterCodingException e) {
            throw refusal.apply("its pickle has a text that is not UTF-8 before byte " + pickle.position());
        }
    }

    private static String describe(Object value) {
        if (value instanceof Global global) {
            return "the function " + global.pythonName;
        }
        if (value instanceof ElementType type) {
            return "the storage class of " + type.name().toLowerCase(Locale.ROOT);
        }
        if (value instanceof StoredTensor) {
            return "a tensor";
        }
        if (value instanceof Storage) {
            return "a storage";
        }
        if (value instanceof Map<?, ?>) {
            return "a dict";
        }
        if (value instanceof List<?> || value instanceof Tuple) {
            return "a list";
        }
        return value instanceof String text ? "the text " + UntrustedText.text(text) : "the value " + value;
    }
}
