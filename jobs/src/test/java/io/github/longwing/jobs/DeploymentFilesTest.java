package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.command.Backend;
import io.github.longwing.jobs.console.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files for schedulers in deploy/: what they tell Longwing to do. That schedulers take them, deploy/check checks. */
class DeploymentFilesTest {
    private static final Path DEPLOY = DocumentedCode.ROOT.resolve("deploy");
    private static final Pattern YAML_LIST = Pattern.compile("(?m)^ *(?:parameters|arguments):\\n((?: +- .*\\n)+)");
    private static final Pattern PYTHON_LIST = Pattern.compile("(?s)ARGUMENTS = \\[(.*?)]");
    private static final Pattern PYTHON_STRING = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern CHANGE = Pattern.compile("# CHANGE ([0-9]):");

    record Command(String file, List<String> arguments) {
        @Override
        public String toString() {
            return file + ": " + String.join(" ", arguments);
        }

        String value(String option) {
            return arguments.get(arguments.indexOf(option) + 1);
        }
    }

    static List<Command> commands() {
        List<Command> commands = new ArrayList<>();
        for (String file :
                List.of("databricks/databricks.yml", "kubernetes/spark-application.yaml", "kubernetes/nightly.yaml")) {
            Matcher list = YAML_LIST.matcher(text(file));
            while (list.find()) {
                commands.add(new Command(
                        file,
                        list.group(1)
                                .lines()
                                .map(line -> line.strip().substring(2))
                                .toList()));
            }
        }
        Matcher python = PYTHON_LIST.matcher(text("airflow/longwing_nightly.py"));
        assertThat(python.find()).isTrue();
        commands.add(new Command(
                "airflow/longwing_nightly.py",
                PYTHON_STRING
                        .matcher(python.group(1))
                        .results()
                        .map(string -> string.group(1))
                        .toList()));
        String cron = text("cron/longwing")
                .lines()
                .filter(line -> line.startsWith("0 1"))
                .collect(Collectors.joining());
        String program = "/bin/longwing ";
        commands.add(new Command(
                "cron/longwing",
                List.of(cron.substring(cron.indexOf(program) + program.length()).split(" ", -1))));
        return commands;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theCommandIsOneThatLongwingTakes(Command command) {
        Longwing.commandLine(Terminal.ofProcess(), Backend.standard())
                .parseArgs(command.arguments().toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theCommandComputesOnlyWhatIsNew(Command command) {
        if (command.arguments().contains("--output")) {
            assertThat(command.arguments()).contains("--incremental", "--stop-after");
        } else { // a table takes no --incremental: a view holds what is new
            assertThat(command.value("--mode")).isEqualTo("append");
            assertThat(text("README.md")).contains("CREATE VIEW " + command.value("--table") + " AS");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "databricks/databricks.yml",
                "airflow/longwing_nightly.py",
                "kubernetes/spark-application.yaml",
                "kubernetes/nightly.yaml",
                "docker/Dockerfile",
                "cron/longwing"
            })
    void marksThreeThingsToChange(String file) {
        Stream<Integer> marks = CHANGE.matcher(text(file)).results().map(mark -> Integer.parseInt(mark.group(1)));

        assertThat(marks)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 3).boxed().toList());
    }

    private static String text(String file) {
        return DocumentedCode.text(DEPLOY.resolve(file));
    }
}
