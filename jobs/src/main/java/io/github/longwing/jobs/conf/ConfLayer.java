package io.github.longwing.jobs.conf;

import io.github.longwing.error.DidYouMean;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.console.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Values of options from one place outside the command line. Keys are the long names of options without their dashes;
 * underscores may replace hyphens. The files are Java properties in UTF-8.
 *
 * @param origin the name of the place when options are printed
 */
public record ConfLayer(String origin, Map<String, String> values) {

    public ConfLayer {
        values = Map.copyOf(values);
    }

    /** Reads a file that must exist. */
    public static ConfLayer read(Path file, Collection<String> keys) {
        try {
            return of(file.toString(), new StringReader(text(Files.readAllBytes(file))), keys);
        } catch (NoSuchFileException e) {
            throw new UserException("Cannot read " + file + ": there is no such file, expected a file of settings", e);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read " + file + ": "
                            + (Files.isDirectory(file) ? "it is a directory" : FileFailure.reason(e))
                            + ", expected a file of settings in UTF-8",
                    e);
        }
    }

    /** In UTF-8, or in the UTF-16 that some editors and shells of Windows write; a mark of either is no setting. */
    private static String text(byte[] bytes) throws CharacterCodingException {
        boolean marked =
                bytes.length >= 2 && (bytes[0] & 0xFF) + (bytes[1] & 0xFF) == 0xFE + 0xFF && (bytes[0] & 0xFF) >= 0xFE;
        return (marked ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8)
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString()
                .replaceFirst("^\uFEFF", "");
    }

    /** The file of a job, such as {@code summarize.properties}: from this directory, else the one that the jar carries. */
    public static ConfLayer ofJob(String job, Optional<Path> directory, Collection<String> keys) {
        String name = job + ".properties";
        Optional<Path> file = directory.map(d -> d.resolve(name)).filter(Files::exists);
        if (file.isPresent()) {
            return read(file.get(), keys);
        }
        String resource = "/io/github/longwing/jobs/conf/" + name;
        try (InputStream stream = ConfLayer.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("The jar has no " + resource);
            }
            return of(resource + " of the jar", new InputStreamReader(stream, StandardCharsets.UTF_8), keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The values of {@code --set key=value}; a later one wins. */
    public static ConfLayer ofSets(List<String> sets, Collection<String> keys) {
        Map<String, String> values = new TreeMap<>();
        for (String set : sets) {
            int equals = set.indexOf('=');
            if (equals < 1) {
                throw new UserException("Cannot use --set " + set + ": expected key=value, such as num-beams=4");
            }
            put(values, "--set", set.substring(0, equals), set.substring(equals + 1), keys);
        }
        return new ConfLayer("--set", values);
    }

    private static ConfLayer of(String origin, Reader reader, Collection<String> keys) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(reader);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    "Cannot read " + origin + ": " + e.getMessage() + ", expected key=value lines with \\\\ for \\", e);
        }
        Map<String, String> values = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            put(values, origin, key, properties.getProperty(key), keys);
        }
        return new ConfLayer(origin, values);
    }

    private static void put(
            Map<String, String> values, String origin, String key, String value, Collection<String> keys) {
        String name = key.strip().replace('_', '-');
        if (name.startsWith("spark.")) {
            throw new UserException("Cannot use " + origin + ": " + key
                    + " is a setting of Spark, expected it as --conf " + key + "=" + Redaction.show(key, value.strip())
                    + " or in conf/spark-defaults.conf");
        }
        if (!keys.contains(name)) {
            throw new UserException("Cannot use " + origin + ": " + key
                    + " is no setting, expected the name of an option without its dashes"
                    + DidYouMean.hint(name, keys));
        }
        values.put(name, value.strip());
    }
}
