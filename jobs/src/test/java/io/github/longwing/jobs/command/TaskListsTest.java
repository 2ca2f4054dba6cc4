package io.github.longwing.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.LongwingFunctions;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.task.OptionTexts;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.spark.task.SparkTasks;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every task of the one list has all that a task needs; nothing else has. */
class TaskListsTest {
    private static final Path ROOT = Path.of("..");

    private static final List<SparkTask<?, ?>> TASKS = TaskArguments.all().stream()
            .<SparkTask<?, ?>>map(TaskArguments::task)
            .toList();

    private static final List<String> NAMES =
            TASKS.stream().map(SparkTask::name).toList();

    @TempDir
    private Path directory;

    @Test
    void everyTaskIsACommand() {
        String help = TestCommands.in(directory).run("--help").out();

        assertThat(NAMES).doesNotHaveDuplicates().allSatisfy(name -> assertThat(help)
                .containsPattern("(?m)^  " + name + " "));
    }

    @Test
    void everyTaskIsASqlFunction() {
        SparkSession spark = TestCommands.spark();

        TaskArguments.all().forEach(arguments -> register(spark, arguments.task()));

        assertThat(TASKS).allSatisfy(task -> assertThat(spark.catalog().functionExists(task.sqlFunction()))
                .as(task.sqlFunction())
                .isTrue());
    }

    private static <S extends Serializable, T> void register(SparkSession spark, SparkTask<S, T> task) {
        ModelReference any = ModelReference.at("."); // is not opened before the function runs
        LongwingFunctions.register(spark, task, TaskOptions.of(any, DocumentColumns.standard(), task.defaults()));
    }

    @Test
    void everyTaskIsInTheListOfTheLibrary() {
        assertThat(SparkTasks.all()).isEqualTo(TASKS);
    }

    /** The command line has its own parser; names and defaults are the same. */
    @Test
    void everyOptionOfACommandIsInTheTableOfItsTask() {
        for (TaskArguments<?, ?> arguments : TaskArguments.all()) {
            SparkTask<?, ?> task = arguments.task();
            CommandLine.Model.CommandSpec own = CommandLine.Model.CommandSpec.forAnnotatedObject(arguments);
            arguments.addSharedOptions(own);
            List<String> names = own.options().stream()
                    .map(option -> option.longestName().substring(2))
                    .filter(name -> !List.of("no-extractive", "question-column", "questions-column")
                            .contains(name))
                    .toList();

            assertThat(task.optionTable().keys()).as(task.name()).containsExactlyInAnyOrderElementsOf(names);
            assertThat((Object) task.optionTable()
                            .reader()
                            .read(OptionTexts.of(Map.of(), task.optionTable().keys()), Optional.empty()))
                    .as("defaults")
                    .isEqualTo(task.defaults());
        }
    }

    @Test
    void everyNamedTransformationIsOfATaskInTheList() {
        assertThat(TASKS)
                .contains(
                        DocumentTransformation.SUMMARIZE.task(),
                        DocumentTransformation.CLASSIFY.task(),
                        DocumentTransformation.ANSWER.task(),
                        DocumentTransformation.GENERATE.task(),
                        DocumentTransformation.EMBED.task());
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
            for (Path page :
                    docs.filter(file -> file.toString().endsWith(".md")).toList()) {
                pages.append('\n').append(Files.readString(page));
            }
        }

        assertThat(TASKS).allSatisfy(task -> assertThat(pages.toString())
                .as("a row that names the task and a model for it")
                .containsPattern("(?m)^\\| `" + task.name() + "` \\|.*BigBirdPegasus\\w+"));
    }
}
