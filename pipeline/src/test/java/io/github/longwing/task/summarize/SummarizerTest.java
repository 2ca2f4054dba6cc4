package io.github.longwing.task.summarize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import io.github.longwing.ProcessorTime;
import io.github.longwing.config.AttentionType;
import io.github.longwing.config.GenerationOption;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.fixture.Goldens;
import io.github.longwing.generation.FinishReason;
import io.github.longwing.runtime.WorkProgress;
import io.github.longwing.store.ImportOptions;
import io.github.longwing.store.ModelImporter;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentError;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.GeneratedText;
import io.github.longwing.task.LoadedTask;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.tokenizer.Newlines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On the model that Longwing carries; expected summaries by transformers: make_summaries.py. */
class SummarizerTest {
    private static final Map<String, String> SHORT = Map.of("num_beams", "2", "min_length", "0", "max_new_tokens", "8");
    private static final String SENTENCE = "The wind is strong and the birds fly low over the sea. ";

    @TempDir
    private static Path directory;

    private static Path model;
    private static LoadedTask<Summaries> summarizer;

    private record Expected(
            String id,
            String text,
            int tokens,
            Map<String, String> options,
            String summary,
            int output_tokens,
            Double score) {
        @Override
        public String toString() {
            return id;
        }
    }

    @BeforeAll
    static void loadTheModel() {
        model = directory.resolve("model");
        ModelImporter.run(
                Goldens.resource("/io/github/longwing/models/sentence-summarizer"),
                model,
                new ImportOptions("sentences", Precision.FLOAT32, RandomBlocks.REFERENCE));
        summarizer = open(SHORT);
    }

    @AfterAll
    static void closeTheModel() {
        summarizer.close();
    }

    static Stream<Expected> expected() throws IOException {
        List<Expected> expected = new Gson()
                .fromJson(
                        Files.readString(Goldens.resource("/task/summaries.json")),
                        new TypeToken<List<Expected>>() {}.getType());
        return expected.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("expected")
    void writesTheSummaryThatTransformersWrites(Expected expected) throws Exception {
        try (LoadedTask<Summaries> other = open(expected.options())) {
            DocumentResult.Success<Summaries> result = success(other, expected.text());

            assertThat(result.inputTokens()).isEqualTo(expected.tokens());
            assertThat(result.truncation()).isEqualTo(DocumentResult.Truncation.WHOLE);
            assertThat(result.windows()).isEqualTo(1);
            assertThat(result.attention())
                    .isEqualTo(expected.tokens() > 704 ? AttentionType.BLOCK_SPARSE : AttentionType.ORIGINAL_FULL);
            GeneratedText summary = result.output().best();
            assertThat(summary.text()).isEqualTo(expected.summary());
            assertThat(summary.outputTokens()).isEqualTo(expected.output_tokens());
            if (expected.score() == null) {
                assertThat(summary.score()).isEmpty();
            } else {
                assertThat(summary.score().getAsDouble()).isCloseTo(expected.score(), Offset.offset(1e-3));
            }
        }
    }

    @Test
    void saysWhichModelItIs() {
        assertThat(summarizer.model()).matches("sentences@[0-9a-f]{12}");
    }

    @Test
    void aDocumentWithoutTextIsAnError() throws Exception {
        assertThat(failure(null))
                .isEqualTo(new DocumentError(
                        DocumentException.Kind.EmptyText, "Cannot summarize: the text is null, expected words"));
        for (String text : List.of("", " ", "\n\t \r\n", "\u2003")) {
            assertThat(failure(text))
                    .isEqualTo(new DocumentError(
                            DocumentException.Kind.EmptyText, "Cannot summarize: the text is empty, expected words"));
        }
    }

    @Test
    void aTextOfAbsurdLengthIsAnError() throws Exception {
        assertThat(failure("a ".repeat(50_000_001)))
                .isEqualTo(new DocumentError(
                        DocumentException.Kind.TextTooLong,
                        "Cannot summarize: the text has 100000002 characters, expected at most 100000000; split the"
                                + " document"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "\u0000\u0001\u0002 bell \u0007 and escape \u001b[31m",
                "\u0000",
                "\uFEFFA byte-order mark stands before this text.",
                "\uFEFF",
                "half a pair \ud83d of surrogates \udc00 twice",
                "\ud800",
                "\ud83d\ude80\ud83d\ude80 rockets and a family \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
                "</s> <pad> <mask_1> <unk_7> <s> [MASK]",
                "\u0627\u0644\u0633\u0644\u0627\u0645 \u4f60\u597d \u043f\u0440\u0438\u0432\u0435\u0442",
                "line one\r\nline two\u2028line three"
            })
    void anyTextHasASummaryThatIsTheSameTheNextTime(String text) throws Exception {
        DocumentResult.Success<Summaries> result = success(summarizer, text);

        assertThat(result.inputTokens()).isPositive();
        assertThat(result.output().best().outputTokens()).isBetween(1, 8);
        assertThat(success(summarizer, text)).isEqualTo(result);
    }

    @Test
    void aByteOrderMarkChangesNothing() throws Exception {
        assertThat(success(summarizer, "\uFEFF" + SENTENCE)).isEqualTo(success(summarizer, SENTENCE));
    }

    @Test
    void theAttentionFollowsTheLengthOfTheDocument() throws Exception {
        int perWord = success(summarizer, sea(10)).inputTokens() - 1;
        assertThat(perWord).as("one token a word").isEqualTo(10);

        assertThat(success(summarizer, sea(703)))
                .satisfies(r -> assertThat(r.inputTokens()).isEqualTo(704))
                .satisfies(r -> assertThat(r.attention()).isEqualTo(AttentionType.ORIGINAL_FULL));
        assertThat(success(summarizer, sea(704)))
                .satisfies(r -> assertThat(r.inputTokens()).isEqualTo(705))
                .satisfies(r -> assertThat(r.attention()).isEqualTo(AttentionType.BLOCK_SPARSE));
    }

    @Test
    void aLongDocumentIsCutAtTheModelsPositionsAndSaysSo() throws Exception {
        String text = sea(4095);
        DocumentResult.Success<Summaries> whole = success(summarizer, text);
        DocumentResult.Success<Summaries> longer = success(summarizer, text + " " + SENTENCE.repeat(100));

        assertThat(whole.inputTokens()).isEqualTo(4096);
        assertThat(whole.truncation()).isEqualTo(DocumentResult.Truncation.WHOLE);
        assertThat(longer.inputTokens()).isGreaterThan(5000);
        assertThat(longer.truncation()).isEqualTo(DocumentResult.Truncation.TRUNCATED);
        assertThat(longer.output()).as("the cut text with its eos").isEqualTo(whole.output());
    }

    @Test
    void maxSourceTokensCutsEarlierAndKeepsTheEos() throws Exception {
        try (LoadedTask<Summaries> cutting = Summarizer.open(model, truncating(SHORT, 20), 1)) {
            DocumentResult.Success<Summaries> whole = success(cutting, sea(19));
            DocumentResult.Success<Summaries> cut = success(cutting, sea(900));

            assertThat(whole.truncation()).isEqualTo(DocumentResult.Truncation.WHOLE);
            assertThat(cut.truncation()).isEqualTo(DocumentResult.Truncation.TRUNCATED);
            assertThat(cut.inputTokens()).isEqualTo(901);
            assertThat(cut.attention()).as("that of what was read").isEqualTo(AttentionType.ORIGINAL_FULL);
            assertThat(cut.output()).isEqualTo(whole.output());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4097})
    void refusesToReadMoreTokensThanTheModelHasOrTooFewForAText(int tokens) {
        assertThatThrownBy(() -> Summarizer.open(model, truncating(SHORT, tokens), 1))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot summarize: max-source-tokens is " + tokens
                        + ", expected 2 to 4096, the positions of the model");
    }

    @Test
    void refusesToRunWithoutThreads() {
        assertThatThrownBy(() -> Summarizer.open(model, SummarizerOptions.of(SHORT), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads is 0, expected at least 1");
    }

    @Test
    void overridesGoOverTheModelsOwnSettings() throws Exception {
        try (LoadedTask<Summaries> changed =
                open(Map.of("num-beams", "3", "num-return-sequences", "3", "min-length", "0", "max-new-tokens", "5"))) {
            List<GeneratedText> texts = success(changed, SENTENCE).output().texts();

            assertThat(texts).hasSize(3).allSatisfy(text -> {
                assertThat(text.outputTokens()).isBetween(1, 5);
                assertThat(text.score()).isPresent();
                assertThat(text.finishReason())
                        .isEqualTo(text.outputTokens() == 5 ? FinishReason.LENGTH : FinishReason.EOS);
            });
            assertThat(texts)
                    .isSortedAccordingTo((a, b) ->
                            Double.compare(b.score().getAsDouble(), a.score().getAsDouble()));
        }
    }

    @Test
    void theModelsOwnSettingsHoldWhereNothingIsOverridden() throws Exception {
        try (LoadedTask<Summaries> own = open(Map.of("num_beams", "1"))) {
            GeneratedText text = success(own, SENTENCE).output().best();

            assertThat(text.outputTokens())
                    .as("min_length and max_length of the model")
                    .isBetween(59, 174);
            assertThat(text.score()).isEmpty();
        }
    }

    @Test
    void refusesOverridesThatAreUnknownOrWrongOrDoNotFitTheModel() {
        assertThatThrownBy(() -> open(Map.of("beams", "2")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use the generation options: beams is unknown, expected one of ");
        assertThatThrownBy(() -> open(Map.of("num_beams", "two")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use the generation options: num_beams is \"two\", expected ");
        assertThatThrownBy(() -> open(Map.of("max_length", "5000")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "max_length 5000 makes sequences of 5000 tokens with the start token, expected at most 4096");
    }

    @Test
    void refusesAModelWithoutATokenizer() {
        Path bare = directory.resolve("bare");
        ModelImporter.run(
                Goldens.goldens("shapes/relu-one-head"),
                bare,
                new ImportOptions("bare", Precision.FLOAT32, RandomBlocks.REFERENCE));

        assertThatThrownBy(() -> Summarizer.open(bare, SummarizerOptions.of(Map.of()), 1))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot load a tokenizer from " + bare + ": there is neither ");
    }

    @Test
    void everyDocumentGetsTheSameAloneAndInCompany() throws Exception {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            texts.add(SENTENCE.repeat(1 + i * i) + "Document " + i + " says something of its own.");
        }
        List<DocumentResult<Summaries>> alone = new ArrayList<>();
        for (String text : texts) {
            alone.add(summarizer.submit(new Document("d", text)).get());
        }
        List<Future<DocumentResult<Summaries>>> together = new ArrayList<>();
        for (int i = texts.size() - 1; i >= 0; i--) {
            together.add(0, summarizer.submit(new Document("d", texts.get(i))));
            assertThat(summarizer.submit(new Document("empty", null))).isDone();
        }
        for (int i = 0; i < texts.size(); i++) {
            assertThat(together.get(i).get()).as(texts.get(i)).isEqualTo(alone.get(i));
        }
    }

    @Test
    void tellsHowFarADocumentIsAndHowLongItWasWorkedOn() throws Exception {
        WorkProgress progress = new WorkProgress();
        Set<String> stages = new LinkedHashSet<>(List.of(progress.words()));
        long start = System.nanoTime();

        Future<DocumentResult<Summaries>> result = summarizer.submit(new Document("a", SENTENCE.repeat(100)), progress);
        while (!result.isDone()) {
            stages.add(progress.words());
        }

        assertThat(stages).contains("waiting", "encoding", "decoding");
        assertThat(progress.worked()).isBetween(Duration.ofMillis(1), Duration.ofNanos(System.nanoTime() - start));
    }

    @Test
    void cancellingADocumentLeavesTheOthers() throws Exception {
        DocumentResult<Summaries> expected =
                summarizer.submit(new Document("a", SENTENCE)).get();
        Future<DocumentResult<Summaries>> cancelled = summarizer.submit(new Document("b", SENTENCE.repeat(400)));
        Future<DocumentResult<Summaries>> other = summarizer.submit(new Document("a", SENTENCE));

        assertThat(cancelled.cancel(true)).isTrue();

        assertThat(cancelled.isCancelled()).isTrue();
        assertThat(cancelled.isDone()).isTrue();
        assertThatThrownBy(cancelled::get).isInstanceOf(CancellationException.class);
        assertThat(other.get(300, TimeUnit.SECONDS)).isEqualTo(expected);
    }

    @Test
    void closingEndsWhatIsUnderWay() throws Exception {
        LoadedTask<Summaries> closing = open(Map.of("num_beams", "4"));
        List<Future<DocumentResult<Summaries>>> results = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            results.add(closing.submit(new Document("d" + i, SENTENCE.repeat(300))));
        }

        double begin = ProcessorTime.seconds();
        closing.close();

        assertThat(ProcessorTime.seconds() - begin).isLessThan(2);
        assertThat(results).allSatisfy(result -> {
            assertThat(result.isDone()).isTrue();
            assertThatThrownBy(result::get).hasRootCauseInstanceOf(Exception.class);
        });
    }

    /** Words of one token each. */
    private static String sea(int words) {
        return "sea ".repeat(words).strip();
    }

    private static LoadedTask<Summaries> open(Map<String, String> generation) {
        return Summarizer.open(model, truncating(generation, WindowOptions.ALL_POSITIONS), 1);
    }

    private static SummarizerOptions truncating(Map<String, String> generation, int maxSourceTokens) {
        return new SummarizerOptions(
                GenerationOverrides.parse(generation).with(GenerationOption.EXTRACTIVE, false),
                WindowOptions.first(maxSourceTokens),
                Newlines.NEWLINE,
                0);
    }

    private static DocumentResult.Success<Summaries> success(LoadedTask<Summaries> summarizer, String text)
            throws Exception {
        DocumentResult<Summaries> result =
                summarizer.submit(new Document("document", text)).get(300, TimeUnit.SECONDS);
        assertThat(result).isInstanceOf(DocumentResult.Success.class);
        return (DocumentResult.Success<Summaries>) result;
    }

    private static DocumentError failure(String text) throws Exception {
        DocumentResult<Summaries> result =
                summarizer.submit(new Document("document", text)).get(300, TimeUnit.SECONDS);
        assertThat(result).isInstanceOf(DocumentResult.Failure.class);
        return ((DocumentResult.Failure<Summaries>) result).error();
    }
}
