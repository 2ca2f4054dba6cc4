package io.github.longwing.spark.source;

import io.github.longwing.spark.files.FileText;
import io.github.longwing.spark.files.FormatOptions;
import io.github.longwing.spark.files.SourceFile;

/** CSV as RFC 4180 has it, under a header of each file's own. All values are strings as they are written. */
public record CsvFormat(FormatOptions options) implements RecordFormat {

    /** Never a part of a file: only the quotes before tell whether a line begins a record. */
    @Override
    public RecordReader records(FileText text, SourceFile file) {
        return new CsvRecords(text, file, options);
    }
}
