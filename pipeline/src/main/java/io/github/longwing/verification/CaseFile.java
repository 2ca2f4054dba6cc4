package io.github.longwing.verification;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.longwing.checkpoint.Checkpoint;
import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The cases of a directory: {@code cases.json}, a list of objects, and {@code cases.safetensors}, whose tensors are named
 * {@code case.tensor}. Remembers which tensors were used. Not thread-safe.
 */
final class CaseFile implements AutoCloseable {
    private final List<JsonObject> cases;
    private final Checkpoint tensors;
    private final Set<String> used = new HashSet<>();

    private CaseFile(List<JsonObject> cases, Checkpoint tensors) {
        this.cases = cases;
        this.tensors = tensors;
    }

    static CaseFile open(Path directory) {
        Path json = directory.resolve("cases.json");
        try {
            JsonArray array = JsonParser.parseString(Files.readString(json)).getAsJsonArray();
            List<JsonObject> cases =
                    array.asList().stream().map(JsonElement::getAsJsonObject).toList();
            if (cases.isEmpty()) {
                throw new UserException("Cannot verify: " + json + " lists no case, expected at least one");
            }
            for (JsonObject each : cases) {
                if (!each.has("case") || !each.has("kind")) {
                    throw new UserException(
                            "Cannot verify: an entry of " + json + " is " + each + ", expected fields case and kind");
                }
            }
            Path safetensors = directory.resolve("cases.safetensors");
            return new CaseFile(cases, Files.exists(safetensors) ? Checkpoint.openFile(safetensors) : null);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot verify: " + json + " cannot be read (" + e + "), expected a list of cases", e);
        } catch (JsonParseException | IllegalStateException e) {
            throw new UserException(
                    "Cannot verify: " + json + " is not a JSON list of objects (" + e.getMessage() + ")", e);
        }
    }

    List<JsonObject> cases() {
        return cases;
    }

    /** A case's tensor; throws where it is missing. */
    float[] floats(String caseName, String tensorName) {
        String name = caseName + "." + tensorName;
        if (tensors == null || !tensors.tensorNames().contains(name)) {
            throw new IllegalArgumentException("cases.safetensors has no tensor " + name);
        }
        used.add(name);
        Tensor tensor = tensors.tensor(name);
        float[] values = new float[Math.toIntExact(tensor.size())];
        tensor.read(0, values, 0, values.length);
        return values;
    }

    /** A case's tensor of ids; float32 holds every id of a vocabulary below 16 million exactly. */
    int[] ints(String caseName, String tensorName) {
        float[] values = floats(caseName, tensorName);
        int[] ids = new int[values.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (int) values[i];
        }
        return ids;
    }

    /** Rows of a matrix. */
    long rows(String caseName, String tensorName) {
        return tensors.tensor(caseName + "." + tensorName).shape()[0];
    }

    /** The tensors of a case that nobody asked for: results that were not compared. */
    List<String> unused(String caseName) {
        List<String> unused = new ArrayList<>();
        for (String name : tensorNames()) {
            if (caseOf(name).equals(caseName) && !used.contains(name)) {
                unused.add(name);
            }
        }
        return unused;
    }

    /** Tensors of no case. */
    Set<String> orphans() {
        Set<String> orphans = new TreeSet<>(tensorNames());
        cases.forEach(
                c -> orphans.removeIf(name -> caseOf(name).equals(c.get("case").getAsString())));
        return orphans;
    }

    private Set<String> tensorNames() {
        return tensors == null ? Set.of() : tensors.tensorNames();
    }

    private static String caseOf(String tensorName) {
        int dot = tensorName.lastIndexOf('.');
        return dot < 0 ? "" : tensorName.substring(0, dot);
    }

    @Override
    public void close() {
        if (tensors != null) {
            tensors.close();
        }
    }
}
