package io.github.longwing.jobs.input;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.files.FileListing;
import io.github.longwing.spark.files.FileListing.LeftOut;
import io.github.longwing.spark.files.FileNames;
import io.github.longwing.spark.files.SourceFile;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The format that the names of files agree on.
 *
 * @param listing the files whose names say so; the others are left out
 */
record FormatGuess(InputFormat format, FileListing listing) {
    static FormatGuess of(FileListing all) {
        Map<InputFormat, SourceFile> formats = new LinkedHashMap<>();
        List<SourceFile> known = new ArrayList<>();
        for (SourceFile file : all.files()) {
            Optional<InputFormat> format = InputFormat.ofFile(file.name());
            if (format.isPresent()) {
                formats.putIfAbsent(format.get(), file);
                known.add(file);
            } else if (FileNames.isArchive(file.name())) {
                throw new UserException("Cannot read --input " + file.shown()
                        + ": nothing here opens what its name ends in, expected a file as it is, or .gz, .bz2, .xz, .zst,"
                        + " .lz4 or .snappy; unpack it before");
            }
        }
        if (formats.isEmpty()) {
            throw new UserException("Cannot guess the format of "
                    + all.files().get(0).shown() + ": expected a name that ends in "
                    + String.join(", ", InputFormat.guessedEndings()) + "; name it with --format");
        }
        if (formats.containsKey(InputFormat.BINARY_FILE)) {
            throw new UserException("Cannot read --input "
                    + formats.get(InputFormat.BINARY_FILE).shown()
                    + " without a format: its name is that of a document for people, expected --format binaryFile,"
                    + " which reads PDF, HTML, Word and text files; name it");
        }
        if (formats.size() > 1) {
            String list = formats.entrySet().stream()
                    .map(e -> e.getValue().name() + " is " + e.getKey().name())
                    .collect(Collectors.joining(" and "));
            throw new UserException("Cannot guess the format of the input: " + list
                    + ", expected one format; name it with --format or give the files to runs of their own");
        }
        Map<LeftOut, Long> leftOut = new EnumMap<>(LeftOut.class);
        leftOut.putAll(all.leftOut());
        if (known.size() < all.files().size()) {
            leftOut.put(LeftOut.UNKNOWN, (long) all.files().size() - known.size());
        }
        return new FormatGuess(
                formats.keySet().iterator().next(), new FileListing(known, all.partitionColumns(), leftOut));
    }
}
