package io.github.longwing.hub;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.longwing.error.UserException;
import io.github.longwing.hub.HubConnection.Request;
import io.github.longwing.io.JsonFields;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The Hub's listing of one revision of a model: its commit and its files. */
final class HubListing {
    private final HubId id;
    private final HubConnection connection;
    private final JsonFields json;
    private final Map<String, JsonObject> files;

    private HubListing(HubId id, HubConnection connection, JsonFields json) {
        this.id = id;
        this.connection = connection;
        this.json = json;
        this.files = files(json);
    }

    /** @param revision the revision of {@code id}, or the commit that it stands for */
    static HubListing fetch(HubConnection connection, HubId id, String revision) throws IOException {
        String text = connection.text(Request.get(HubPaths.listing(id.repository(), revision), id.toString()));
        return new HubListing(id, connection, JsonFields.parse("the Hub's answer about " + id, text));
    }

    String commit() {
        return json.findString("sha")
                .filter(HubId::isCommit)
                .orElseThrow(() -> json.unexpected("sha", "missing", "a commit; check HF_ENDPOINT"));
    }

    boolean has(String name) {
        return files.containsKey(name);
    }

    /** Size and hash of a listed file; where the listing has no hash, another request asks for it. */
    HubFile file(HubModel model, String name) throws IOException {
        Optional<HubFile> listed = listed(name, files.get(name));
        return listed.isPresent() ? listed.get() : described(model, name);
    }

    private static Optional<HubFile> listed(String name, JsonObject file) {
        if (file.get("lfs") instanceof JsonObject lfs) {
            return text(lfs, "sha256")
                    .or(() -> text(lfs, "oid"))
                    .map(sha256 -> new HubFile(name, sha256, size(lfs).isPresent() ? size(lfs) : size(file)));
        }
        return text(file, "blobId").map(blob -> new HubFile(name, blob, size(file)));
    }

    /** The file as the headers of its address describe it. */
    private HubFile described(HubModel model, String name) throws IOException {
        Request request = new Request("HEAD", HubPaths.file(model, name), name + " of " + id, Map.of());
        return connection.send(request, answer -> {
            HttpHeaders headers = answer.description();
            String etag = headers.firstValue("x-linked-etag")
                    .or(() -> headers.firstValue("etag"))
                    .map(e -> e.replaceFirst("^W/", "").replace("\"", ""))
                    .orElseThrow(() -> new UserException("Cannot fetch " + name + " of " + id
                            + ": the Hub gives no ETag, expected one to check the file by; check HF_ENDPOINT"));
            return new HubFile(name, etag, headers.firstValueAsLong("x-linked-size"));
        });
    }

    private static Map<String, JsonObject> files(JsonFields json) {
        JsonElement siblings = json.find("siblings")
                .filter(JsonElement::isJsonArray)
                .orElseThrow(() -> json.unexpected("siblings", "missing", "a list of files; check HF_ENDPOINT"));
        Map<String, JsonObject> files = new LinkedHashMap<>();
        for (JsonElement sibling : siblings.getAsJsonArray()) {
            if (sibling instanceof JsonObject file) {
                text(file, "rfilename").ifPresent(name -> files.put(name, file));
            }
        }
        return files;
    }

    private static Optional<String> text(JsonObject object, String field) {
        JsonElement value = object.get(field);
        return value != null && value.isJsonPrimitive() ? Optional.of(value.getAsString()) : Optional.empty();
    }

    private static OptionalLong size(JsonObject object) {
        return text(object, "size")
                .filter(digits -> digits.matches("[0-9]{1,18}"))
                .map(digits -> OptionalLong.of(Long.parseLong(digits)))
                .orElse(OptionalLong.empty());
    }
}
