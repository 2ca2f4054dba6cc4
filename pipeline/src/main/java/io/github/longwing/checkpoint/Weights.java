package io.github.longwing.checkpoint;

import io.github.longwing.error.DidYouMean;
import io.github.longwing.error.UserException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tensors below one prefix of a checkpoint, so that each part of the model asks for its weights by the names it
 * knows. Every fetch checks the shape; a complaint gives the full name. Scopes are immutable and share one record of
 * what was asked for; threads may use them at once.
 */
public final class Weights {
    private static final Map<String, String> WRAPPERS = Map.of(
            "module.",
            "as DataParallel and DistributedDataParallel save it; save model.module with save_pretrained(DIRECTORY)",
            "_orig_mod.",
            "as torch.compile saves it; save model._orig_mod with save_pretrained(DIRECTORY)",
            "base_model.model.",
            "as PEFT saves it; merge the adapter with model.merge_and_unload() and save_pretrained(DIRECTORY)");

    private final String origin;
    private final Optional<Map<String, Tensor>> tensors; // empty where there is one of every name
    private final Set<String> used;
    private final String prefix;

    /** By the full names of tensors. */
    private final Map<String, float[]> columnFactors;

    private Weights(
            String origin,
            Optional<Map<String, Tensor>> tensors,
            Set<String> used,
            String prefix,
            Map<String, float[]> columnFactors) {
        this.origin = origin;
        this.tensors = tensors;
        this.used = used;
        this.prefix = prefix;
        this.columnFactors = columnFactors;
    }

    /** @param origin what messages call the checkpoint */
    static Weights root(String origin, Map<String, Tensor> tensors) {
        return new Weights(origin, Optional.of(tensors), ConcurrentHashMap.newKeySet(), "", Map.of());
    }

    /** Weights of every name and shape that is asked for, for graphs that are never written: no value can be read. */
    public static Weights withoutValues() {
        return new Weights("no checkpoint", Optional.empty(), ConcurrentHashMap.newKeySet(), "", Map.of());
    }

    /** The weights below {@code name}, which may be dotted. */
    public Weights scope(String name) {
        return new Weights(origin, tensors, used, prefix + name + ".", columnFactors);
    }

    /** Whether there is a checkpoint whose values can be read. */
    public boolean hasValues() {
        return tensors.isPresent();
    }

    /** The same, where some tensors have the columns of their last axis multiplied: by their names here, as many as columns. */
    public Weights withColumnsTimes(Map<String, float[]> factors) {
        Map<String, float[]> all = new HashMap<>(columnFactors);
        factors.forEach((name, columns) -> all.put(qualifiedName(name), columns.clone()));
        return new Weights(origin, tensors, used, prefix, all);
    }

    /** The weights of one item of a list, such as a layer. */
    public Weights scope(int index) {
        return scope(Integer.toString(index));
    }

    /** The name in the checkpoint of what is called {@code name} here. */
    public String qualifiedName(String name) {
        return prefix + name;
    }

    /** The tensor of this name and shape; a {@link UserException} says if it is missing or of another shape. */
    public Tensor get(String name, long... shape) {
        return find(name, shape).orElseThrow(() -> missing(List.of(name), shape));
    }

    /** As {@link #get}, but empty where the checkpoint has no tensor of this name. */
    public Optional<Tensor> find(String name, long... shape) {
        if (tensors.isEmpty()) {
            return Optional.of(Tensor.withoutValues(qualifiedName(name), shape));
        }
        Tensor tensor = tensors.get().get(qualifiedName(name));
        if (tensor == null) {
            return Optional.empty();
        }
        used.add(tensor.name());
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new UserException("Cannot load " + origin + ": " + tensor.name() + " is "
                    + Arrays.toString(tensor.shape()) + ", expected " + Arrays.toString(shape)
                    + "; config.json and the weights are of different models");
        }
        float[] factors = columnFactors.get(tensor.name());
        return Optional.of(factors == null ? tensor : tensor.withColumnsTimes(factors));
    }

    /**
     * A tensor that may be stored under several names because they are tied: the first that is there. All the others
     * count as asked for too and must have the same values.
     */
    public Tensor getFirst(List<String> names, long... shape) {
        List<Tensor> stored =
                names.stream().flatMap(name -> find(name, shape).stream()).toList();
        if (stored.isEmpty()) {
            throw missing(names, shape);
        }
        Tensor first = stored.get(0);
        for (Tensor other : stored.subList(1, stored.size())) {
            long difference = first.firstDifference(other);
            if (difference >= 0) {
                throw new UserException("Cannot load " + origin + ": " + first.name() + " and " + other.name()
                        + " differ at element " + difference + " (" + value(first, difference) + " and "
                        + value(other, difference) + "), expected them to be the same tied tensor");
            }
        }
        return first;
    }

    boolean isUsed(Tensor tensor) {
        return used.contains(tensor.name());
    }

    private UserException missing(List<String> names, long[] shape) {
        String wanted =
                String.join(" or ", names.stream().map(this::qualifiedName).toList());
        List<String> near = DidYouMean.of(
                        qualifiedName(names.get(0)), tensors.orElseThrow().keySet())
                .stream()
                .map(UntrustedText::text)
                .toList();
        return new UserException("Cannot load " + origin + ": " + wanted + " is missing, expected a tensor "
                + Arrays.toString(shape)
                + wrapper(names)
                        .map(Weights::remedy)
                        .orElseGet(() -> near.isEmpty() ? "" : "; names near it are " + String.join(", ", near)));
    }

    /** What stands before the names where a model was saved inside of an object that is known to do so. */
    private Optional<String> wrapper(List<String> names) {
        for (String name : names) {
            String suffix = "." + qualifiedName(name);
            Optional<String> wrapped = tensors.orElseThrow().keySet().stream()
                    .filter(t ->
                            t.endsWith(suffix) && WRAPPERS.keySet().stream().anyMatch(t::startsWith))
                    .findFirst();
            if (wrapped.isPresent()) {
                return wrapped.map(t -> t.substring(0, t.length() - suffix.length() + 1));
            }
        }
        return Optional.empty();
    }

    private static String remedy(String prefix) {
        return "; it is there as " + UntrustedText.text(prefix) + "..., "
                + WRAPPERS.entrySet().stream()
                        .filter(wrapper -> prefix.startsWith(wrapper.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElseThrow();
    }

    private static float value(Tensor tensor, long element) {
        float[] value = new float[1];
        tensor.read(element, value, 0, 1);
        return value[0];
    }
}
