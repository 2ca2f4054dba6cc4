package io.github.longwing.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.LongwingFunctions;
import io.github.longwing.spark.task.SparkTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every task of the one list has all that a task needs; nothing else has. */
class TaskListsTest {
    private static final Path ROOT = Path.of("..");

    private static final List<SparkTask<?, ?>> TASKS =
            TaskArguments.all().stream().<SparkTask<?, ?>>map(TaskArguments::task).toList();

    private static final List<String> NAMES = TASKS.stream().map(SparkTask::name).toList();

    @TempDir
    private Path directory;

    @Test
    void everyTaskHasACommandAndATransformation() {
        String help = TestCommands.in(directory).run("--help").out();

        assertThat(NAMES).doesNotHaveDuplicates().allSatisfy(name -> assertThat(help)
                .containsPattern("(?m)^  " + name + " "));
        assertThat(Stream.of(
                        DocumentTransformation.SUMMARIZE,
                        DocumentTransformation.CLASSIFY,
                        DocumentTransformation.ANSWER,
                        DocumentTransformation.GENERATE,
                        DocumentTransformation.EMBED)
                .<SparkTask<?, ?>>map(DocumentTransformation::task))
                .containsExactlyElementsOf(TASKS);
    }

    @Test
    void everyTaskHasASqlFunctionByItsNameAndByItsClass() throws ReflectiveOperationException {
        for (SparkTask<?, ?> task : TASKS) {
            String name = task.name().substring(0, 1).toUpperCase(Locale.ROOT) + task.name().substring(1);
            Class<?> function = Class.forName("io.github.longwing.spark." + name + "Function");

            assertThat(function.getField("MODEL").get(null)).isEqualTo(task.modelSetting());
            assertThat(function.getConstructor().newInstance())
                    .isInstanceOf(
                            switch (task.sqlArguments()) {
                                case TEXT -> UDF1.class;
                                case QUESTION_AND_TEXT -> UDF2.class;
                            });
            assertThat(LongwingFunctions.class
                            .getField(task.name().toUpperCase(Locale.ROOT))
                            .get(null))
                    .isEqualTo(task.sqlFunction());
            assertThat(Arrays.stream(LongwingFunctions.class.getMethods()).map(method -> method.getName()))
                    .contains("register" + name);
        }
    }

    @Test
    void everyTaskHasAFileOfOptions() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("conf"))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(file -> !file.equals("log4j2.properties") && file.endsWith(".properties")))
                    .containsExactlyInAnyOrderElementsOf(
                            NAMES.stream().map(name -> name + ".properties").toList());
        }
    }

    @Test
    void everyTaskIsARowOfTheTableOfJobs() throws IOException {
        StringBuilder pages = new StringBuilder(Files.readString(ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            for (Path page : docs.filter(file -> file.toString().endsWith(".md")).toList()) {
                pages.append('\n').append(Files.readString(page));
            }
        }

        assertThat(TASKS)
                .allSatisfy(task -> assertThat(pages.toString())
                        .as("a row that names the task and a model for it")
                        .containsPattern("(?m)^\\| `" + task.name() + "` \\|.*BigBirdPegasus\\w+"));
    }
}
