package io.github.longwing.hub;

import io.github.longwing.checkpoint.UntrustedText;
import io.github.longwing.error.UserException;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * One file of a model on the Hub.
 *
 * @param etag names its content: the SHA-256 of a large file, the git hash of a small one
 */
record HubFile(String name, String etag, OptionalLong size) {
    private static final Pattern ETAG = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");

    HubFile {
        // it becomes a file name in the cache
        if (!ETAG.matcher(etag).matches()) {
            throw new UserException("Cannot fetch " + name + ": its ETag is " + UntrustedText.text(etag)
                    + ", expected a hash; check HF_ENDPOINT");
        }
    }
}
