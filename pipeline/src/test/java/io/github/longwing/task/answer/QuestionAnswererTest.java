package io.github.longwing.task.answer;

import static io.github.longwing.task.Submitting.failure;
import static io.github.longwing.task.Submitting.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import io.github.longwing.config.Architecture;
import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.fixture.Goldens;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentError;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.LoadedTask;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.TinyFamily;
import io.github.longwing.task.WindowOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionAnswererTest {
    private static final String QUESTION = "Which ships come home?";
    private static final String[] TEXTS = {
        "Rockets \ud83d\ude80\ud83d\ude80 fly over the sea, and \ud83d\ude80 lands.",
        "A family \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 waves a flag \ud83c\uddeb\ud83c\uddf7 from the pier.",
        "Cafe\u0301 and nai\u0308ve a\u0323\u0302 are written with marks; e\u0301 is one sign of two.",
        "\u8239\u304c\u6e2f\u306b\u5e30\u308b\u3002\u5d50\u306e\u524d\u306b\u3001\u3059\u3079\u3066\u306e\u8239\u304c\u3002",
        "Line one\r\nline two\r\n\r\nA paragraph\r\nof two lines.\r\n",
        "\ufb01sh and \u00bd of a \u2460 \u33a5 at \u2122 \uff21\uff22\uff23",
        "  \u00a0 leading \u3000 and trailing \u2003 ",
        "\ud835\udcd7\ud835\udcee\ud835\udcf5\ud835\udcf5\ud835\udcf8 in letters beyond sixteen bits \ud83d half a pair",
        "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd \u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35 \u043f\u0440\u0438\u0432\u0435\u0442"
    };

    @TempDir
    private static Path directory;

    private static Path model;

    private record Article(String id, String text, List<String> questions, String source, String licence) {
        @Override
        public String toString() {
            return id;
        }
    }

    @BeforeAll
    static void makeTheModel() {
        model = TinyFamily.model(directory, Architecture.QUESTION_ANSWERING);
    }

    static Stream<Article> articles() throws IOException {
        return Files.readAllLines(Goldens.resource("/task/qa.jsonl")).stream()
                .map(line -> new Gson().fromJson(line, Article.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("articles")
    void theOffsetsOfAnswersCountCodePointsOfTheArticle(Article article) throws Exception {
        for (int tokens : new int[] {60, 256}) {
            for (String question : article.questions()) {
                Answers answers = assertOffsets(options(tokens, tokens / 4), article.text(), question);
                assertThat(answers.nBest()).hasSize(20);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"16, 0", "16, 3", "24, 8", "256, 0"})
    void theOffsetsOfAnswersCountCodePointsOfAnyText(int maxSourceTokens, int overlap) throws Exception {
        for (String text : TEXTS) {
            assertOffsets(options(maxSourceTokens, overlap), text, QUESTION);
        }
        assertOffsets(options(maxSourceTokens, overlap), String.join("\n\n", TEXTS), QUESTION);
        assertOffsets(options(maxSourceTokens, overlap), String.join(" ", TEXTS).repeat(3), "\ud83d\ude80?");
    }

    private static Answers assertOffsets(AnswererOptions options, String text, String question) throws Exception {
        try (LoadedTask<Answers> answerer = QuestionAnswerer.open(model, options, 1)) {
            Answers answers = success(answerer, asking(text, question)).output();
            int[] codePoints = text.codePoints().toArray();
            for (Answer answer : answers.nBest()) {
                assertThat(new String(codePoints, answer.begin(), answer.end() - answer.begin()))
                        .isNotBlank()
                        .isEqualTo(answer.text());
            }
            assertThat(answers.nBest())
                    .isNotEmpty()
                    .isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
            for (Answer a : answers.nBest()) {
                assertThat(answers.nBest())
                        .filteredOn(b -> !b.equals(a))
                        .noneMatch(b -> a.begin() < b.end() && b.begin() < a.end());
            }
            return answers;
        }
    }

    @Test
    void anAnswerIsNeverTakenFromTheQuestion() throws Exception {
        try (LoadedTask<Answers> answerer = QuestionAnswerer.open(model, options(256, 0), 1)) {
            Answers answers =
                    success(answerer, asking("Owls.", QUESTION.repeat(10))).output();

            assertThat(answers.nBest()).allSatisfy(a -> assertThat("Owls.").contains(a.text()));
        }
    }

    @Test
    void theNextQuestionAboutADocumentIsAnsweredAsByItself() throws Exception {
        String other = "The owls hunt mice in the fields. ".repeat(20);
        try (LoadedTask<Answers> answerer = QuestionAnswerer.open(model, options(64, 8), 1)) {
            DocumentResult.Success<Answers> first = success(answerer, asking(TEXTS[0], QUESTION));
            DocumentResult.Success<Answers> second = success(answerer, asking(TEXTS[0], "Where?"));
            DocumentResult.Success<Answers> third = success(answerer, asking(other, "Where?"));

            assertThat(second.output()).isNotEqualTo(first.output());
            try (LoadedTask<Answers> fresh = QuestionAnswerer.open(model, options(64, 8), 1)) {
                assertThat(success(fresh, asking(other, "Where?"))).isEqualTo(third);
                assertThat(success(fresh, asking(TEXTS[0], "Where?"))).isEqualTo(second);
                assertThat(success(fresh, asking(TEXTS[0], QUESTION))).isEqualTo(first);
            }
        }
    }

    @Test
    void theThresholdSaysByHowMuchNoAnswerMustBeBetter() throws Exception {
        Answers always = answers(AnswererOptions.NO_THRESHOLD);
        double difference = always.noAnswerScore() - always.nBest().get(0).score();

        assertThat(always.best()).contains(always.nBest().get(0));
        assertThat(answers(difference + 1e-9)).isEqualTo(always);
        Answers none = answers(difference - 1e-9);
        assertThat(none.best()).isEmpty();
        assertThat(none.nBest()).as("they stay to be looked at").isEqualTo(always.nBest());
        assertThat(answers(Double.NEGATIVE_INFINITY).best()).isEmpty();
    }

    @Test
    void whatNobodySaysIsAsTheModelsFilesSay(@TempDir Path other) throws Exception {
        Answers always = answers(AnswererOptions.NO_THRESHOLD);
        double difference = always.noAnswerScore() - always.nBest().get(0).score();
        AnswererOptions unsaid = new AnswererOptions(
                WindowOptions.of(LongDocuments.WINDOWS),
                5,
                AnswererOptions.MODELS_OWN_LENGTH,
                AnswererOptions.MODELS_OWN_THRESHOLD);

        assertThat(answers(model, unsaid).best()).as("its files say nothing").isPresent();

        Path strict = saying(other.resolve("strict"), "\"no_answer_threshold\": " + (difference - 1e-6));
        assertThat(answers(strict, unsaid).best()).isEmpty();
        assertThat(answers(strict, AnswererOptions.standard()).best()).isEmpty();
        assertThat(answers(strict, with(10, AnswererOptions.NO_THRESHOLD)))
                .as("what is said counts")
                .isEqualTo(always);

        Path shorter = saying(other.resolve("shorter"), "\"max_answer_length\": 1, \"no_answer_threshold\": 1000");
        assertThat(answers(shorter, unsaid)).isEqualTo(answers(model, with(1, 1000)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"no_answer_threshold\": \"high\" | no_answer_threshold is \"high\", expected a number",
                "\"max_answer_length\": 0 | max_answer_length is 0, expected a whole number from 1 up",
            })
    void aModelWhoseFilesSayNonsenseIsRefused(String preset, String message, @TempDir Path other) throws Exception {
        Path nonsense = saying(other.resolve("nonsense"), preset);

        assertThatThrownBy(() -> QuestionAnswerer.open(nonsense, AnswererOptions.standard(), 1))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use " + nonsense.resolve("generation_config.json") + ": " + message);
    }

    /** The model with a generation_config.json of these fields. */
    private static Path saying(Path directory, String fields) throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        Files.writeString(directory.resolve("generation_config.json"), "{" + fields + "}");
        return directory;
    }

    private static AnswererOptions with(int maxAnswerTokens, double threshold) {
        return new AnswererOptions(WindowOptions.of(LongDocuments.WINDOWS), 5, maxAnswerTokens, threshold);
    }

    private static Answers answers(double threshold) throws Exception {
        return answers(model, with(10, threshold));
    }

    private static Answers answers(Path model, AnswererOptions options) throws Exception {
        try (LoadedTask<Answers> answerer = QuestionAnswerer.open(model, options, 1)) {
            return success(answerer, asking(TEXTS[4], QUESTION)).output();
        }
    }

    @Test
    void inputTokensAreThoseOfTheDocument() throws Exception {
        try (LoadedTask<Answers> answerer = QuestionAnswerer.open(model, options(64, 0), 1)) {
            assertThat(success(answerer, asking("bread", QUESTION)).inputTokens())
                    .isEqualTo(success(answerer, asking("bread", "Where?")).inputTokens())
                    .isLessThan(6);
        }
    }

    @Test
    void onlyTheDocumentIsCutWhereTheRestIsNotWanted() throws Exception {
        WindowOptions first = WindowOptions.first(32);
        AnswererOptions options = new AnswererOptions(first, 50, 5, AnswererOptions.NO_THRESHOLD);
        String text = "The owls hunt mice in the fields. ".repeat(20);
        try (LoadedTask<Answers> answerer = QuestionAnswerer.open(model, options, 1)) {
            DocumentResult.Success<Answers> result = success(answerer, asking(text, QUESTION));

            assertThat(result.truncation()).isEqualTo(DocumentResult.Truncation.TRUNCATED);
            assertThat(result.windows()).isEqualTo(1);
            assertThat(result.output().nBest()).isNotEmpty().allSatisfy(a -> assertThat(a.end())
                    .isLessThan(120));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \t\n", "\u00a0\u3000", "\u0001"})
    void aDocumentWithoutAQuestionIsAnError(String question) throws Exception {
        try (LoadedTask<Answers> answerer = QuestionAnswerer.open(model, options(64, 0), 1)) {
            assertThat(failure(answerer, asking("bread", question)))
                    .isEqualTo(new DocumentError(
                            DocumentException.Kind.EmptyQuestion,
                            "Cannot answer: the question is empty, expected words"));
            assertThat(failure(answerer, new Document("d", "bread")))
                    .isEqualTo(new DocumentError(
                            DocumentException.Kind.EmptyQuestion,
                            "Cannot answer: the question is null, expected words"));
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 31", "65, 32", "3, 1", "4, 1"})
    void aQuestionLeavesHalfOfWhatTheModelReadsToTheDocument(int maxSourceTokens, int most) throws Exception {
        try (LoadedTask<Answers> answerer = QuestionAnswerer.open(model, options(maxSourceTokens, 0), 1)) {
            success(answerer, asking("bread sea bread", sea(most)));

            assertThat(failure(answerer, asking("bread", sea(most + 1))))
                    .isEqualTo(new DocumentError(
                            DocumentException.Kind.TextTooLong,
                            "Cannot answer: the question has " + (most + 1) + " tokens, expected at most " + most
                                    + ", half of what the model reads at once; shorten it"));
        }
    }

    @Test
    void whereNoQuestionFitsEveryOneIsAnError() throws Exception {
        try (LoadedTask<Answers> answerer = QuestionAnswerer.open(model, options(2, 0), 1)) {
            assertThat(failure(answerer, asking("bread sea", "sea")).kind())
                    .isEqualTo(DocumentException.Kind.TextTooLong);
        }
    }

    @Test
    void anOverlapMeansNothingWhereOneWindowIsRead() throws Exception {
        WindowOptions first = new WindowOptions(LongDocuments.TRUNCATE, 64, 128, Locale.ROOT);
        AnswererOptions options = new AnswererOptions(first, 5, 5, AnswererOptions.NO_THRESHOLD);
        try (LoadedTask<Answers> answerer = QuestionAnswerer.open(model, options, 1)) {
            assertThat(success(answerer, asking("bread", QUESTION)).windows()).isEqualTo(1);
        }
    }

    @Test
    void refusesAnOverlapThatLeavesNothingNew() {
        assertThatThrownBy(() -> QuestionAnswerer.open(model, options(64, 63), 1))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot answer: window-overlap is 63, expected less than 63, the tokens of a window"
                        + " without its eos");
    }

    /** Words of one token each. */
    private static String sea(int words) {
        return "sea ".repeat(words).strip();
    }

    private static AnswererOptions options(int maxSourceTokens, int overlap) {
        return new AnswererOptions(
                new WindowOptions(LongDocuments.WINDOWS, maxSourceTokens, overlap, Locale.ROOT),
                20,
                12,
                AnswererOptions.NO_THRESHOLD);
    }

    private static Document asking(String text, String question) {
        return new Document("d", text, Optional.of(question));
    }
}
