package io.github.longwing.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.longwing.io.JsonFields;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What a classifier tells apart.
 *
 * @param names by label id, from 0 up without a gap
 */
public record Labels(List<String> names, ProblemType problemType) {
    /** transformers' number where config.json names none. */
    private static final int DEFAULT_COUNT = 2;

    public Labels {
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("id2label is empty, expected at least one label");
        }
        if (problemType == ProblemType.SINGLE_LABEL && names.size() == 1) {
            throw new IllegalArgumentException("problem_type is " + problemType.configName()
                    + " with one label, expected two labels or more, or " + ProblemType.REGRESSION.configName());
        }
    }

    /** So many labels named by transformers: {@code LABEL_0} and so on. */
    static Labels unnamed(int count) {
        List<String> names =
                IntStream.range(0, count).mapToObj(id -> "LABEL_" + id).toList();
        return new Labels(names, defaultType(count));
    }

    /** The fields {@code id2label}, {@code num_labels} and {@code problem_type}. */
    static Labels of(JsonFields json) {
        List<String> names = json.find("id2label")
                .map(element -> names(json, element))
                .orElseGet(() -> unnamed(json.findInt("num_labels").orElse(DEFAULT_COUNT))
                        .names());
        ProblemType problemType = json.findString("problem_type")
                .map(found -> problemType(json, found))
                .orElseGet(() -> defaultType(names.size()));
        return new Labels(names, problemType);
    }

    /** What transformers takes a model for that does not say: one number is a regression. */
    private static ProblemType defaultType(int count) {
        return count == 1 ? ProblemType.REGRESSION : ProblemType.SINGLE_LABEL;
    }

    private static List<String> names(JsonFields json, JsonElement element) {
        Map<Integer, String> byId = new TreeMap<>();
        if (element instanceof JsonObject object) {
            object.entrySet().stream()
                    .filter(e -> e.getKey().matches("\\d{1,9}") && e.getValue().isJsonPrimitive())
                    .forEach(e ->
                            byId.put(Integer.valueOf(e.getKey()), e.getValue().getAsString()));
            if (!byId.isEmpty()
                    && byId.size() == object.size()
                    && IntStream.range(0, byId.size()).allMatch(byId::containsKey)) {
                return List.copyOf(byId.values());
            }
        }
        throw json.unexpected("id2label", element, "an object that names every label id from 0 up");
    }

    private static ProblemType problemType(JsonFields json, String found) {
        return Arrays.stream(ProblemType.values())
                .filter(type -> type.configName().equals(found))
                .findFirst()
                .orElseThrow(() -> json.unexpected(
                        "problem_type", found, JsonFields.oneOf(ProblemType.values(), ProblemType::configName)));
    }
}
