package io.github.longwing.spark.source;

import io.github.longwing.spark.files.FileText;
import io.github.longwing.spark.files.FormatOptions;
import io.github.longwing.spark.files.SourceFile;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;

/** CSV as RFC 4180 has it, under a header of each file's own. All values are strings as they are written. */
public record CsvFormat(FormatOptions options) implements RecordFormat {

    @Override
    public Optional<StructType> columns() {
        return Optional.empty();
    }

    @Override
    public boolean readsEmptyFiles() {
        return false;
    }

    /** Only the quotes before tell whether a line begins a record. */
    @Override
    public boolean isSplittable(SourceFile file, Configuration hadoop) {
        return false;
    }

    @Override
    public RecordReader records(FileText text, SourceFile file) {
        return new CsvRecords(text, file, options);
    }
}
