package io.github.longwing.spark.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPathsTest {
    private static final char BACKSLASH = '\\';

    @TempDir
    private Path directory;

    /** As the file system of Windows, which has colons behind drives only. */
    private static Path onWindows(String name) {
        if (name.indexOf(':') > 1) {
            throw new InvalidPathException(name, "Illegal char <:>", name.indexOf(':'));
        }
        return Path.of(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3a://bucket/documents", "hdfs://host:9000/in/*.jsonl", "file:///C:/in", "abfss://a@b/c"})
    void aUriIsNoLocalFileWhereTheFileSystemRefusesColons(String uri) {
        assertThat(LocalPaths.existing(uri, LocalPathsTest::onWindows)).isEmpty();
        assertThat(LocalPaths.isUri(uri)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"C:\\in\\a.jsonl", "C:/in/a.jsonl", "in\\a.jsonl", "in/a:b.jsonl", "a.jsonl", "/in/a.jsonl"})
    void aPathWithADriveIsNoUri(String path) {
        assertThat(LocalPaths.isUri(path)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "C:\\in\\*.jsonl, C:/in/*.jsonl",
        "in\\a.jsonl, in/a.jsonl",
        "file:///C:/in/a.jsonl, C:/in/a.jsonl",
        "file:/C:/in/a.jsonl, C:/in/a.jsonl",
        "/C:/in/a b.jsonl, C:/in/a b.jsonl",
        "\\\\server\\in\\a.jsonl, //server/in/a.jsonl"
    })
    void pathsOfWindowsHaveSlashesAndTheirDriveInFront(String path, String expected) {
        assertThat(LocalPaths.plain(path, BACKSLASH)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/in/a.jsonl, /in/a.jsonl",
        "file:///in/a.jsonl, /in/a.jsonl",
        "file:/in/a.jsonl, /in/a.jsonl",
        "file:a.jsonl, a.jsonl",
        "in/a\\b.jsonl, in/a\\b.jsonl",
        "/C:/a.jsonl, /C:/a.jsonl"
    })
    void pathsElsewhereKeepTheirBackslashes(String path, String expected) {
        assertThat(LocalPaths.plain(path, '/')).isEqualTo(expected);
    }

    @Test
    void aFileBecomesAPatternThatMatchesItAlone() {
        assertThat(LocalPaths.pattern("C:\\in\\a[1]{x}.jsonl", BACKSLASH))
                .isEqualTo("file:/C:/in/a\\[1\\]\\{x\\}.jsonl");
        assertThat(LocalPaths.pattern("/in/a\\b*.jsonl", '/')).isEqualTo("file:/in/a\\\\b\\*.jsonl");
    }

    @Test
    void findsPatternsInFoldersWhoseNamesLookLikePatternsAndUris() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("hdfs:").resolve("in[1]"));
        Path file = Files.writeString(folder.resolve("a.txt"), "a");
        Configuration hadoop = new Configuration(false);

        assertThat(LocalPaths.existing(folder.toString())).contains(folder);
        assertThat(FileLister.list(List.of(directory + "/hdfs:/*/a.*"), hadoop).files())
                .extracting(SourceFile::location)
                .containsExactly(file.toUri().toString());
    }
}
