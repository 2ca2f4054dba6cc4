package io.github.longwing.jobs.input;

import io.github.longwing.spark.files.SourceFile;
import java.util.List;
import java.util.Optional;

/**
 * How an input stands at one moment: equal marks mean that nothing has changed in between. Found without reading documents.
 *
 * @param files in the order of their names; empty for a table
 * @param version of a table, with its name; empty for files, and for a table that has never had rows
 */
public record InputMark(List<SourceFile> files, Optional<String> version) {
    public InputMark {
        files = List.copyOf(files);
    }

    static InputMark of(List<SourceFile> files) {
        return new InputMark(files, Optional.empty());
    }

    static InputMark of(Optional<TableVersion> version) {
        return new InputMark(List.of(), version.map(TableVersion::name));
    }

    /** Whether there is nothing to read yet. */
    public boolean isEmpty() {
        return files.isEmpty() && version.isEmpty();
    }
}
