package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.classic.Dataset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.Console;
import scala.Function0;

/** The tours in the pages for readers, with the model that the jar carries: each block gives the output that follows it. */
@Timeout(900)
class ToursTest {
    private static final String IMPORTS = """
            import io.github.longwing.spark.ml.*;
            import org.apache.spark.ml.*;
            import org.apache.spark.ml.classification.*;
            import org.apache.spark.ml.evaluation.*;
            import org.apache.spark.ml.feature.*;
            import org.apache.spark.ml.tuning.*;
            import org.apache.spark.sql.*;
            """;

    @TempDir
    private Path directory;

    @Test
    void sqlGivesWhatThePageShows() {
        SparkSession spark = TestCommands.spark().newSession();
        List<DocumentedCode> blocks = blocks("sql.md");
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).language().equals("sql")) {
                org.apache.spark.sql.Dataset<Row> rows =
                        spark.sql(inTree(blocks.get(i).text()));
                if (shows(blocks, i)) {
                    compare(shown(rows), blocks.get(i + 1), differences);
                }
            }
        }
        spark.catalog().dropTempView("papers");
        spark.catalog().dropTempView("chapters");
        assertThat(differences).isEmpty();
    }

    private static String shown(org.apache.spark.sql.Dataset<Row> rows) {
        if (rows.columns().length == 1 && rows.columns()[0].equals("plan")) {
            String plan = rows.head().getString(0).strip();
            return plan.replaceAll("#\\d+L?", "#")
                    .replaceAll("\\[plan_id=\\d+]", "")
                    .replaceAll("file:[^,\\]]*/examples", "examples");
        }
        return ((Dataset<Row>) rows).showString(20, 80, /* vertical */ false).strip();
    }

    @Test
    void javaGivesWhatThePageShows() throws Exception {
        SparkSession spark = TestCommands.spark().newSession();
        List<DocumentedCode> blocks = blocks("ml.md");
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).language().equals("java")) {
                String printed =
                        printed(program("Tour" + i, inTree(blocks.get(i).text())), spark);
                assertThat(shows(blocks, i))
                        .as("output after line %d", blocks.get(i).line())
                        .isTrue();
                compare(printed, blocks.get(i + 1), differences);
            }
        }
        assertThat(differences).isEmpty();
    }

    private Consumer<SparkSession> program(String name, String block) throws Exception {
        Path source = directory.resolve(name + ".java");
        Files.writeString(
                source,
                IMPORTS + "public final class " + name
                        + " implements java.util.function.Consumer<SparkSession> {\npublic void accept(SparkSession spark) {\n"
                        + block + "\n}\n}\n");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("-cp", System.getProperty("java.class.path"), "-d", directory.toString(), "-proc:none"),
                        null,
                        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)
                                .getJavaFileObjects(source))
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
        URLClassLoader loader = new URLClassLoader(
                new URL[] {directory.toUri().toURL()}, getClass().getClassLoader());
        @SuppressWarnings("unchecked") // as it is written above
        Consumer<SparkSession> program = (Consumer<SparkSession>)
                loader.loadClass(name).getDeclaredConstructor().newInstance();
        return program;
    }

    private static String printed(Consumer<SparkSession> program, SparkSession spark) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        System.setOut(out);
        try {
            Object unused = Console.withOut(out, (Function0<Object>) () -> {
                program.accept(spark);
                return null;
            });
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).strip();
    }

    private static List<DocumentedCode> blocks(String page) {
        return DocumentedCode.all().stream()
                .filter(block -> block.page().endsWith(Path.of("docs", page)))
                .toList();
    }

    private static boolean shows(List<DocumentedCode> blocks, int index) {
        return index + 1 < blocks.size() && blocks.get(index + 1).language().isEmpty();
    }

    private static String inTree(String code) {
        return code.replace("examples/", DocumentedCode.ROOT + "/examples/");
    }

    /** All differences at once, as they would stand in the page. */
    private static void compare(String found, DocumentedCode shown, List<String> differences) {
        String tree = DocumentedCode.ROOT + "/";
        String trimmed =
                found.replace(tree, "").lines().map(String::stripTrailing).collect(Collectors.joining("\n"));
        String expected = shown.text().lines().map(String::stripTrailing).collect(Collectors.joining("\n"));
        if (!trimmed.equals(expected)) {
            differences.add("line " + shown.line() + ":\n" + trimmed + "\n");
        }
    }
}
