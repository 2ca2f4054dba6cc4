package io.github.longwing.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Set;

/**
 * Tells from the steps of a tokenizer.json whether words are tokenized independently of each other, a word beginning at
 * a space: then a text can be cut into pieces (see {@link DocumentText}). Says no to every step that it does not know.
 */
final class WordRule {
    private static final Set<String> LOCAL_REPLACEMENTS = Set.of(" {2,}", "\n");

    private WordRule() {}

    static boolean holds(JsonElement normalizer, JsonElement preTokenizer) {
        return isLocal(normalizer) && splitsAtSpaces(preTokenizer);
    }

    /** Whether what becomes of a word does not depend on what lies beyond the spaces around it. */
    private static boolean isLocal(JsonElement normalizer) {
        if (isMissing(normalizer)) {
            return true;
        }
        JsonObject step = normalizer.getAsJsonObject();
        return switch (type(step)) {
            case "Precompiled" -> true;
            case "Replace" ->
                " ".equals(string(step.get("content")))
                        && step.get("pattern") instanceof JsonObject pattern
                        && LOCAL_REPLACEMENTS.contains(string(pattern.get("Regex")));
            case "Sequence" ->
                step.get("normalizers") instanceof JsonArray steps
                        && steps.asList().stream().allMatch(WordRule::isLocal);
            default -> false;
        };
    }

    /** Metaspace makes words begin at spaces unless told not to split; a split at white space before it does no harm. */
    private static boolean splitsAtSpaces(JsonElement preTokenizer) {
        if (isMissing(preTokenizer)) {
            return false;
        }
        JsonObject step = preTokenizer.getAsJsonObject();
        return switch (type(step)) {
            case "Metaspace" -> !"false".equals(string(step.get("split")));
            case "Sequence" ->
                step.get("pretokenizers") instanceof JsonArray steps
                        && steps.size() == 2
                        && steps.get(0) instanceof JsonObject first
                        && type(first).equals("WhitespaceSplit")
                        && splitsAtSpaces(steps.get(1));
            default -> false;
        };
    }

    private static boolean isMissing(JsonElement step) {
        return step == null || !step.isJsonObject();
    }

    private static String type(JsonObject step) {
        return string(step.get("type"));
    }

    private static String string(JsonElement value) {
        return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
    }
}
