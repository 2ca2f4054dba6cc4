package io.github.longwing.spark.source;

import io.github.longwing.error.DocumentException;
import java.util.Map;
import java.util.Optional;

/**
 * A record of a file, or why there is none.
 *
 * @param values by column; what is known of a record that cannot be read
 */
record SourceRecord(Map<String, Object> values, Optional<DocumentException> failure) {
    static SourceRecord of(Map<String, Object> values) {
        return new SourceRecord(values, Optional.empty());
    }

    static SourceRecord failed(DocumentException failure) {
        return new SourceRecord(Map.of(), Optional.of(failure));
    }
}
