package io.github.longwing.hub;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The addresses of the Hub, below its endpoint. */
final class HubPaths {
    private HubPaths() {}

    /** The listing of a revision, as JSON, with sizes and hashes. */
    static String listing(String repository, String revision) {
        return "/api/models/" + repository + "/revision/" + encoded(revision) + "?blobs=true";
    }

    static String file(HubModel model, String name) {
        return "/" + model.id().repository() + "/resolve/" + model.commit() + "/" + encoded(name);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
