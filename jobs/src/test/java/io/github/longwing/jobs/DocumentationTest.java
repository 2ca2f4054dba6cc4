package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.longwing.config.Architecture;
import io.github.longwing.error.DocumentException;
import io.github.longwing.jobs.DocumentedCode.Command;
import io.github.longwing.jobs.command.Backend;
import io.github.longwing.jobs.conf.OptionNames;
import io.github.longwing.jobs.console.Terminal;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.execution.SparkSqlParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * What the pages for readers tell them to type. A command of Longwing runs, with a fake in the place of a model's
 * arithmetic and a few documents; one with a mark before its block is only parsed.
 */
class DocumentationTest {
    /** What a block may need that a test has not. */
    private static final Set<String> MARKS = Set.of(
            "needs a cluster",
            "needs the network",
            "takes long",
            "needs a model of your own",
            "needs files of your own");

    private static final Map<String, Architecture> JOBS = Map.of(
            "summarize", Architecture.CONDITIONAL_GENERATION,
            "classify", Architecture.SEQUENCE_CLASSIFICATION,
            "answer", Architecture.QUESTION_ANSWERING,
            "generate", Architecture.CAUSAL_LM,
            "embed", Architecture.CONDITIONAL_GENERATION);

    private static final Set<String> MAVEN_GOALS = Set.of("verify", "package", "test", "spotless:apply");
    private static final Set<String> INPUTS =
            Set.of("--input", "--model", "--cases", "--conf-file", "--train-input", "--against-output", "--compare");
    private static final Set<String> OUTPUTS = Set.of("--output", "--report", "--scores");
    private static final int MAX_WORDS_OF_README = 1_000;
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    /** Where the commands of each page run, one after the other as a reader would run them. */
    @TempDir
    private static Path directory;

    @BeforeAll
    static void startSpark() {
        TestCommands.spark();
    }

    static List<Command> commands() {
        return DocumentedCode.all().stream()
                .filter(block -> block.language().equals("bash"))
                .flatMap(block -> block.commands().stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void commandsAreWhatTheProgramsTake(Command command) throws IOException {
        assertThat(command.block().mark().orElse(MARKS.iterator().next()))
                .as("mark before line %d", command.block().line())
                .isIn(MARKS);
        List<String> words = command.words();
        List<String> arguments = words.subList(1, words.size());
        switch (words.get(0)) {
            case "bin/longwing" -> {
                if (runs(command)) {
                    run(command.block().page(), arguments);
                } else {
                    parse(arguments);
                }
            }
            case "spark-submit" -> {
                int jar = arguments.indexOf("jobs/target/longwing-" + version() + ".jar");
                assertThat(arguments.subList(0, jar)).containsSequence("--class", Longwing.class.getName());
                parse(arguments.subList(jar + 1, arguments.size()));
            }
            case "./mvnw" -> maven(arguments);
            case "pip" -> {
                String project = DocumentedCode.text(DocumentedCode.ROOT.resolve("python/pyproject.toml"));
                assertThat(arguments.get(0)).isEqualTo("install");
                assertThat(arguments.subList(1, arguments.size())).allSatisfy(word -> assertThat(word)
                        .satisfiesAnyOf(
                                name -> assertThat(name).startsWith("target/python/wheels/longwing"),
                                name -> assertThat(project).contains("\"" + name.replaceAll("\\[.*", ""))));
            }
            case "benchmarks/run" -> {
                String options = DocumentedCode.text(DocumentedCode.ROOT.resolve("benchmarks/compare.py"));
                assertThat(arguments)
                        .filteredOn(word -> word.startsWith("--"))
                        .allMatch(option -> options.contains("\"" + option + "\""));
            }
            default ->
                assertThat(DocumentedCode.ROOT.resolve(words.get(0)))
                        .as("a program of the repository")
                        .isExecutable();
        }
    }

    @Test
    void saysHowManyCommandsRanAndHowManyWereParsedOnly() {
        long run = commands().stream().filter(DocumentationTest::runs).count();

        System.out.println("Commands in README and docs: " + commands().size() + ", of which " + run
                + " run (models are fakes) and " + (commands().size() - run) + " are parsed only");
        assertThat(run).isGreaterThanOrEqualTo(8);
    }

    @Test
    void otherCodeIsWellFormed() throws Exception {
        for (DocumentedCode block : DocumentedCode.all()) {
            switch (block.language()) {
                case "bash", "python", "java", "mermaid", "" -> {} // ToursTest compiles and runs Java
                case "json" -> json(block.text());
                case "properties" -> properties(block.text());
                case "sql" ->
                    assertThat(new SparkSqlParser().parsePlan(block.text())).isNotNull();
                default ->
                    assertThat(block.language())
                            .as("%s, line %d", block.page(), block.line())
                            .isIn("bash", "python", "java", "json", "properties", "sql", "mermaid", "");
            }
        }
    }

    @Test
    void pythonIsWellFormed() throws Exception {
        assumeTrue(hasPython(), "python3 is not installed, so that the Python code in the pages is not checked");
        for (DocumentedCode block : DocumentedCode.all()) {
            if (block.language().equals("python")) {
                Process python = new ProcessBuilder("python3", "-c", "import ast, sys; ast.parse(sys.stdin.read())")
                        .redirectErrorStream(true)
                        .start();
                try (var in = python.getOutputStream()) {
                    in.write(block.text().getBytes(StandardCharsets.UTF_8));
                }
                String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(python.waitFor())
                        .as("%s, line %d: %s", block.page(), block.line(), said)
                        .isZero();
            }
        }
    }

    @Test
    void linksLeadToFilesAndHeadings() {
        for (Path page : DocumentedCode.pages()) {
            Matcher link = LINK.matcher(DocumentedCode.text(page));
            while (link.find()) {
                String[] parts = link.group(1).split("#", 2);
                if (parts[0].contains(":")) {
                    continue;
                }
                Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
                assertThat(target).as("link of %s to %s", page, link.group(1)).exists();
                if (parts.length > 1) {
                    assertThat(headings(target))
                            .as("link of %s to %s", page, link.group(1))
                            .contains(parts[1]);
                }
            }
        }
    }

    @Test
    void everyErrorClassIsExplained() {
        String page = DocumentedCode.text(DocumentedCode.ROOT.resolve("docs/output.md"));

        assertThat(Arrays.stream(DocumentException.Kind.values()).map(kind -> "| `" + kind + "` |"))
                .allMatch(page::contains, "docs/output.md has a row for it");
    }

    @Test
    void readmeStaysShort() {
        String readme = DocumentedCode.text(DocumentedCode.ROOT.resolve("README.md"));

        assertThat(readme.replaceAll("(?s)```.*?```", "").split("[\\s|]+")).hasSizeLessThan(MAX_WORDS_OF_README);
    }

    private static boolean runs(Command command) {
        return command.block().mark().isEmpty() && command.words().get(0).equals("bin/longwing");
    }

    private static CommandLine commandLine() {
        return Longwing.commandLine(Terminal.ofProcess(), Backend.standard());
    }

    private static CommandLine.ParseResult parse(List<String> arguments) {
        return commandLine().parseArgs(arguments.toArray(String[]::new));
    }

    private static void run(Path page, List<String> typed) throws IOException {
        Path place = Files.createDirectories(directory.resolve(
                DocumentedCode.ROOT.relativize(page).toString().replace('/', '-')));
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < typed.size(); i++) {
            String before = i == 0 ? "" : typed.get(i - 1);
            String word = typed.get(i);
            Path inPlace = place.resolve(word);
            if (OUTPUTS.contains(before) || before.equals("show")) {
                arguments.add(inPlace.toString());
            } else if (INPUTS.contains(before) && !word.startsWith("longwing:")) { // which the jar carries
                Path path = Files.exists(inPlace) ? inPlace : DocumentedCode.ROOT.resolve(word);
                assertThat(path).as(word).exists();
                arguments.add(path.toString());
            } else {
                arguments.add(word);
            }
        }
        String name = typed.get(typed.get(0).equals("evaluate") ? 1 : 0);
        if (JOBS.containsKey(name) && Stream.of("--limit", "--stream", "--help").noneMatch(typed::contains)) {
            arguments.addAll(List.of("--limit", "2"));
        }
        Path models = Files.createTempDirectory(directory, "model");
        TestCommands.Outcome outcome = TestCommands.in(models)
                .withArchitecture(JOBS.getOrDefault(name, Architecture.CONDITIONAL_GENERATION))
                .run(arguments.toArray(String[]::new));

        assertThat(outcome.status()).as(outcome.err()).isZero();
    }

    private static void maven(List<String> arguments) throws IOException {
        String poms = "";
        try (Stream<Path> files = Files.walk(DocumentedCode.ROOT, 2)) {
            for (Path pom : files.filter(file -> file.endsWith("pom.xml")).toList()) {
                poms += Files.readString(pom);
            }
        }
        for (String word : arguments) {
            if (word.startsWith("-P")) {
                assertThat(poms).contains("<id>" + word.substring(2) + "</id>");
            } else if (!word.startsWith("-")) {
                assertThat(word).isIn(MAVEN_GOALS);
            }
        }
    }

    /** Some of it is the command line of a job. */
    private static void json(String text) {
        JsonElement element = JsonParser.parseString(text);
        JsonElement parameters = element.isJsonArray()
                ? element
                : element.getAsJsonObject().getAsJsonObject("spark_jar_task").get("parameters");
        JsonArray arguments = parameters.getAsJsonArray();
        parse(arguments.asList().stream().map(JsonElement::getAsString).toList());
    }

    private static void properties(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        assertThat(OptionNames.keys(
                        commandLine().getSubcommands().get("summarize").getCommandSpec()))
                .containsAll(properties.stringPropertyNames());
    }

    /** As a host of repositories names them in addresses. */
    private static List<String> headings(Path page) {
        return DocumentedCode.text(page)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String version() {
        return Optional.of(commandLine().getCommandSpec().version()[0])
                .map(line -> line.split(" ", -1)[1])
                .orElseThrow();
    }
}
