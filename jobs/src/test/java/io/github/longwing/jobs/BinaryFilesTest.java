package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.fileformat.DocumentReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --format binaryFile} with {@link FakeReader}: how what a reader says comes into the rows. */
class BinaryFilesTest {
    private static SparkSession spark;

    @TempDir
    private Path directory;

    private TestCommands commands;
    private Path files;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void prepare() throws IOException {
        commands = TestCommands.in(directory);
        files = Files.createDirectory(directory.resolve("my files"));
        FakeReader.READ.clear();
    }

    @Test
    void eachFileIsADocumentUnderItsPathWithTitleAndPages() throws IOException {
        write("a b%20.pdf", "A title\none two");
        write("c.txt", "three");
        write("empty.pdf", "");
        write(".hidden", "four");

        assertThat(rows("title", "pages", "length"))
                .containsExactlyInAnyOrder(
                        files + "/a b%20.pdf: 2 words, A title, 2, 15",
                        files + "/c.txt: 1 words, null, null, 5",
                        files + "/empty.pdf: EmptyText, null, null, 0");
    }

    @Test
    void aFileThatCannotBeReadIsAnErrorRow() throws IOException {
        write("a.pdf", "damaged");
        write("b.pdf", "one");

        assertThat(rows()).containsExactlyInAnyOrder(files + "/a.pdf: UnreadableFile", files + "/b.pdf: 1 words");
        assertThat(messages()).containsExactly("Cannot read the file: it is damaged");
    }

    @Test
    void eachFileIsReadOnce() throws IOException {
        for (int i = 0; i < 5; i++) {
            write(i + ".pdf", "title\ntext");
        }

        assertThat(rows("title", "pages")).hasSize(5);
        assertThat(FakeReader.READ).containsExactlyInAnyOrder("0.pdf", "1.pdf", "2.pdf", "3.pdf", "4.pdf");
    }

    @Test
    void aFileThatIsTooLargeIsAnErrorRowAndNeverRead() throws IOException {
        try (RandomAccessFile large =
                new RandomAccessFile(files.resolve("large.pdf").toFile(), "rw")) {
            large.setLength(3L << 30); // more than Spark's source can read
        }
        write("b.pdf", "one");

        assertThat(rows()).containsExactlyInAnyOrder(files + "/large.pdf: FileTooLarge", files + "/b.pdf: 1 words");
        assertThat(FakeReader.READ).containsExactly("b.pdf");
        assertThat(messages())
                .containsExactly("Cannot read the file: it is larger than 134217728 bytes, expected at most as many;"
                        + " split it before");
    }

    @Test
    void failfastAndDropmalformedHoldForFilesToo() throws IOException {
        write("a.pdf", "damaged");
        write("b.pdf", "one");

        TestCommands.Outcome failfast = run("--on-error", "failfast");
        assertThat(failfast.status()).isEqualTo(1);
        assertThat(failfast.err())
                .contains("Cannot process document " + files + "/a.pdf (UnreadableFile): Cannot read the file: it is"
                        + " damaged");
        assertThat(run("--on-error", "dropmalformed", "--mode", "overwrite").status())
                .isZero();
        assertThat(results(List.of())).containsExactly(files + "/b.pdf: 1 words");
    }

    @Test
    void columnsMayHaveOtherNames() throws IOException {
        write("a.pdf", "one two");

        TestCommands.Outcome outcome = run("--id-column", "file", "--text-column", "body");

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(spark.read()
                        .parquet(output())
                        .selectExpr("concat(file, ': ', summary)")
                        .collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactly(files + "/a.pdf: 2 words");
    }

    @Test
    void aTableOfTheUsersMayHaveAColumnOfTheNameThatFailuresHave() {
        spark.sql("SELECT 'a' AS id, 'one' AS text, 'mine' AS `longwing reading failure`")
                .write()
                .parquet(files + "/table");

        TestCommands.Outcome outcome =
                commands.run("summarize", "--input", files + "/table", "--output", output(), "--format", "parquet");

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(results(List.of())).containsExactly("a: 1 words");
    }

    @Test
    void withoutAReaderItIsRefusedWithTheRemedy() throws IOException {
        write("a.pdf", "one");
        Thread thread = Thread.currentThread();
        ClassLoader usual = thread.getContextClassLoader();
        thread.setContextClassLoader(new WithoutReaders(usual));
        try {
            TestCommands.Outcome outcome = run();

            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.err().strip())
                    .matches("Cannot read --input \\Q" + files
                            + "\\E as binaryFile: the class path has no reader of PDF, HTML and DOCX, expected"
                            + " (longwing-readers-\\S+\\.jar); give it to spark-submit with --jars"
                            + " readers/target/\\1, or say --format binaryFile on the command line of bin/longwing,"
                            + " which does so");
        } finally {
            thread.setContextClassLoader(usual);
        }
    }

    /** Sees all but the service. */
    private static final class WithoutReaders extends ClassLoader {
        private WithoutReaders(ClassLoader parent) {
            super(parent);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return name.equals("META-INF/services/" + DocumentReader.class.getName())
                    ? Collections.emptyEnumeration()
                    : super.getResources(name);
        }
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(files.resolve(name), content);
    }

    private String output() {
        return directory + "/out";
    }

    private TestCommands.Outcome run(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("summarize", "--input", files.toString(), "--format", "binaryfile", "--output", output()));
        arguments.addAll(List.of(more));
        return commands.run(arguments.toArray(String[]::new));
    }

    /** Summarizes the files and gives each row in short, with kept columns behind. */
    private List<String> rows(String... kept) {
        TestCommands.Outcome outcome = kept.length == 0 ? run() : run("--keep-columns", String.join(",", kept));
        assertThat(outcome.status()).as(outcome.err()).isZero();
        return results(List.of(kept));
    }

    private List<String> results(List<String> kept) {
        StringBuilder row = new StringBuilder("concat(id, ': ', coalesce(summary, error.class)");
        kept.forEach(name -> row.append(", ', ', coalesce(cast(" + name + " as string), 'null')"));
        return spark.read().parquet(output()).selectExpr(row.append(")").toString()).collectAsList().stream()
                .map(result -> result.getString(0))
                .toList();
    }

    private List<String> messages() {
        return spark
                .read()
                .parquet(output())
                .where("error IS NOT NULL")
                .selectExpr("error.message")
                .collectAsList()
                .stream()
                .map(result -> result.getString(0))
                .toList();
    }
}
