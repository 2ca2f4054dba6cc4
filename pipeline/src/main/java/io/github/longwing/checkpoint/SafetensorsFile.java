package io.github.longwing.checkpoint;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The safetensors format: the length of a JSON header (unsigned 64 bits, little-endian), the header, and the tensors
 * back to back. Everything that the header claims is checked against the file before a tensor is handed out.
 */
final class SafetensorsFile {
    /** Far more than any checkpoint needs; keeps a hostile header from filling the heap. */
    private static final int MAX_HEADER_BYTES = 16 << 20;

    private static final int LENGTH_BYTES = 8;
    private static final int MAX_DIMENSIONS = 64;

    private final MappedFile file;
    private final long dataBegin;

    private SafetensorsFile(MappedFile file, long dataBegin) {
        this.file = file;
        this.dataBegin = dataBegin;
    }

    /** The tensors, in the order of the file. */
    static List<Tensor> tensors(MappedFile file) {
        if (file.size() < LENGTH_BYTES) {
            throw file.unreadable("it has " + file.size() + " bytes, expected a safetensors file");
        }
        long headerBytes = file.copy(0, LENGTH_BYTES).getLong();
        if (headerBytes < 2 || headerBytes > Math.min(MAX_HEADER_BYTES, file.size() - LENGTH_BYTES)) {
            throw GitLfsPointer.isOne(file)
                    ? GitLfsPointer.refusal(file)
                    : file.unreadable("the header claims " + Long.toUnsignedString(headerBytes) + " of " + file.size()
                            + " bytes, so this is not a safetensors file or it was cut off; fetch it again");
        }
        String header = decode(file, file.copy(LENGTH_BYTES, (int) headerBytes));
        return new SafetensorsFile(file, LENGTH_BYTES + headerBytes).tensors(header);
    }

    private List<Tensor> tensors(String header) {
        List<Entry> entries = parse(header);
        List<Entry> inOrder = new ArrayList<>(entries);
        inOrder.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long dataBytes = file.size() - dataBegin;
        long expected = 0;
        for (Entry entry : inOrder) {
            if (entry.end > dataBytes) {
                throw file.unreadable(entry.name + " ends at byte " + entry.end + " of the data, which has " + dataBytes
                        + " bytes; the file was cut off, fetch it again");
            }
            if (entry.begin != expected) {
                throw file.unreadable(entry.name + " begins at byte " + entry.begin + " of the data, expected "
                        + expected + ", where the tensor before it ends");
            }
            expected = entry.end;
        }
        if (expected != dataBytes) {
            throw file.unreadable("the tensors end at byte " + expected + " of the data, which has " + dataBytes
                    + " bytes, expected no bytes after the last tensor");
        }
        return entries.stream()
                .map(e -> new Tensor(e.name, e.type, e.layout, file.region(dataBegin + e.begin, e.end - e.begin)))
                .toList();
    }

    private List<Entry> parse(String header) {
        try (JsonReader json = new JsonReader(new StringReader(header))) {
            json.setStrictness(Strictness.STRICT);
            List<Entry> entries = new ArrayList<>();
            Set<String> names = new HashSet<>();
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                if (!names.add(name)) {
                    throw file.unreadable("the header names " + UntrustedText.text(name) + " twice");
                }
                if (name.equals("__metadata__")) {
                    skipMetadata(json);
                } else {
                    entries.add(entry(name, json));
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw file.unreadable("the header goes on after its JSON object");
            }
            return entries;
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw file.unreadable("the header is not a valid safetensors header (" + e.getMessage() + ")", e);
        }
    }

    private void skipMetadata(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            String key = json.nextName();
            if (json.peek() != JsonToken.STRING) {
                throw file.unreadable("the metadata " + UntrustedText.text(key) + " is not a text");
            }
            json.skipValue();
        }
        json.endObject();
    }

    private Entry entry(String name, JsonReader json) throws IOException {
        String dtype = null;
        long[] shape = null;
        long[] offsets = null;
        json.beginObject();
        while (json.hasNext()) {
            String field = json.nextName();
            switch (field) {
                case "dtype" -> dtype = json.nextString();
                case "shape" -> shape = longs(name, json);
                case "data_offsets" -> offsets = longs(name, json);
                default ->
                    throw file.unreadable(UntrustedText.text(name) + " has the field " + UntrustedText.text(field)
                            + ", expected dtype, shape and data_offsets");
            }
        }
        json.endObject();
        return checked(UntrustedText.text(name), name, dtype, shape, offsets);
    }

    private Entry checked(String shown, String name, String dtype, long[] shape, long[] offsets) {
        if (dtype == null || shape == null || offsets == null) {
            throw file.unreadable(shown + " lacks one of dtype, shape and data_offsets");
        }
        Optional<ElementType> type = ElementType.ofSafetensors(dtype);
        if (type.isEmpty()) {
            throw file.unreadable("the dtype of " + shown + " is " + UntrustedText.text(dtype) + ", expected one of "
                    + ElementType.safetensorsNames() + "; save the model in one of these");
        }
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw file.unreadable("data_offsets of " + shown + " is " + Arrays.toString(offsets)
                    + ", expected a begin and an end not before it");
        }
        try {
            StridedLayout layout = StridedLayout.rowMajor(shape);
            long bytes = Math.multiplyExact(layout.size(), type.get().bytes());
            if (bytes != offsets[1] - offsets[0]) {
                throw file.unreadable(shown + " has " + (offsets[1] - offsets[0]) + " bytes, expected " + bytes
                        + " for " + dtype + " " + Arrays.toString(shape));
            }
            return new Entry(name, type.get(), layout, offsets[0], offsets[1]);
        } catch (ArithmeticException e) {
            throw file.unreadable(
                    "the shape of " + shown + " is " + Arrays.toString(shape) + ", which is too large", e);
        }
    }

    private long[] longs(String name, JsonReader json) throws IOException {
        List<Long> values = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            String digits = json.peek() == JsonToken.NUMBER ? json.nextString() : "";
            if (!digits.matches("[0-9]{1,18}") || values.size() == MAX_DIMENSIONS) {
                throw file.unreadable("the header describes " + UntrustedText.text(name)
                        + " by something else than lists of non-negative integers");
            }
            values.add(Long.parseLong(digits));
        }
        json.endArray();
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static String decode(MappedFile file, ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw file.unreadable("the header is not UTF-8, so this is not a safetensors file or it is damaged", e);
        }
    }

    private record Entry(String name, ElementType type, StridedLayout layout, long begin, long end) {}
}
