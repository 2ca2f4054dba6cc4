package io.github.longwing.spark.typed;

import io.github.longwing.spark.files.Slice;
import io.github.longwing.spark.files.SourceFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.TypeDescription;

/** ORC. It has no checksums, so damage is found where it breaks the compression or the encoding. */
public record OrcFormat() implements TypedFormat {
    @Override
    public String sparkName() {
        return "orc";
    }

    @Override
    public Footer footer(SourceFile file, Configuration hadoop) throws IOException {
        try (Reader reader = open(file, hadoop)) {
            TypeDescription schema = reader.getSchema();
            return new Footer(schema.toString(), schema.getFieldNames(), Set.of());
        }
    }

    @Override
    public void readRows(Slice slice, List<String> columns, Configuration hadoop, Progress progress)
            throws IOException {
        try (Reader reader = open(slice.file(), hadoop)) {
            TypeDescription schema = reader.getSchema();
            boolean[] included = new boolean[schema.getMaximumId() + 1];
            included[0] = true;
            for (int i = 0; i < schema.getFieldNames().size(); i++) {
                TypeDescription field = schema.getChildren().get(i);
                if (columns.contains(schema.getFieldNames().get(i))) {
                    Arrays.fill(included, field.getId(), field.getMaximumId() + 1, true);
                }
            }
            Reader.Options part = reader.options().include(included).range(slice.begin(), slice.end() - slice.begin());
            VectorizedRowBatch batch = schema.createRowBatch();
            try (RecordReader rows = reader.rows(part)) {
                while (rows.nextBatch(batch)) {
                    progress.add(batch.size);
                }
            }
        }
    }

    private static Reader open(SourceFile file, Configuration hadoop) throws IOException {
        return OrcFile.createReader(TypedFormat.hadoopPath(file), OrcFile.readerOptions(hadoop));
    }
}
