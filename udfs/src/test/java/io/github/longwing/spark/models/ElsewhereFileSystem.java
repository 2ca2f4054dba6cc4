package io.github.longwing.spark.models;

import java.net.URI;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** This machine's files under a scheme that nobody but Hadoop knows, as if they were on another machine. */
public final class ElsewhereFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
        return URI.create("elsewhere:///");
    }

    @Override
    public String getScheme() {
        return "elsewhere";
    }
}
