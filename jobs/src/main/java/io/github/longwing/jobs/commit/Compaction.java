package io.github.longwing.jobs.commit;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;

/**
 * Makes one Parquet file of several of the same schema, on the driver: tasks write a file for a few documents each, of
 * which readers would open thousands.
 */
final class Compaction {
    private final Configuration hadoop;

    Compaction(Configuration hadoop) {
        this.hadoop = hadoop;
    }

    /** Writes the rows of the files, in their order, to a new file. */
    void merge(List<Path> files, Path merged) throws IOException {
        ParquetMetadata first;
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(files.get(0), hadoop))) {
            first = reader.getFooter();
        }
        FileMetaData metadata = first.getFileMetaData();
        Map<String, String> extra = new HashMap<>(metadata.getKeyValueMetaData());
        extra.remove(ParquetWriter.OBJECT_MODEL_NAME_PROP); // the writer sets it itself
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(HadoopOutputFile.fromPath(merged, hadoop))
                .withType(metadata.getSchema())
                .withExtraMetaData(extra)
                .withCompressionCodec(codec(first))
                .withConf(hadoop)
                .build()) {
            for (Path file : files) {
                try (ParquetReader<Group> reader = ParquetReader.builder(new GroupReadSupport(), file)
                        .withConf(hadoop)
                        .build()) {
                    for (Group row = reader.read(); row != null; row = reader.read()) {
                        writer.write(row);
                    }
                }
            }
        }
    }

    private static CompressionCodecName codec(ParquetMetadata file) {
        return file.getBlocks().stream()
                .flatMap(block -> block.getColumns().stream())
                .map(column -> column.getCodec())
                .findFirst()
                .orElse(CompressionCodecName.SNAPPY);
    }
}
