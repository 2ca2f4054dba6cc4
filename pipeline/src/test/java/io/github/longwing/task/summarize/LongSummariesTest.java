package io.github.longwing.task.summarize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.AttentionType;
import io.github.longwing.config.GenerationOption;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.fixture.Goldens;
import io.github.longwing.generation.FinishReason;
import io.github.longwing.store.ImportOptions;
import io.github.longwing.store.ModelImporter;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentResult.Success;
import io.github.longwing.task.DocumentResult.Truncation;
import io.github.longwing.task.GeneratedText;
import io.github.longwing.task.LoadedTask;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.tokenizer.Newlines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents longer than a run, on the model that Longwing carries. */
class LongSummariesTest {
    /** A paragraph fits into a window, and two do not. */
    private static final int WINDOW = 52;

    private static final String[] SENTENCES = {
        "The wind is strong and the birds fly low over the sea.",
        "A small boat left the port in the morning with three men.",
        "The city will open a new school near the river next year.",
        "Two teams played in the rain and nobody won the game.",
        "The company said that its sales rose again this quarter.",
        "Doctors found that the patients slept better after the treatment."
    };
    private static final Map<String, String> BEAMS = Map.of("num_beams", "2", "min_length", "0", "max_new_tokens", "8");
    private static final Map<String, String> SAMPLING =
            Map.of("do_sample", "true", "temperature", "3", "num_beams", "1", "max_new_tokens", "8", "seed", "3");

    @TempDir
    private static Path directory;

    private static Path model;

    @BeforeAll
    static void importTheModel() {
        model = directory.resolve("model");
        ModelImporter.run(
                Goldens.resource("/io/github/longwing/models/sentence-summarizer"),
                model,
                new ImportOptions("sentences", Precision.FLOAT32, RandomBlocks.REFERENCE));
    }

    @ParameterizedTest
    @EnumSource
    void aDocumentOfOneWindowIsSummarizedAsItAlwaysWas(LongDocuments longDocuments) throws Exception {
        for (Map<String, String> generation : List.of(BEAMS, SAMPLING)) {
            try (LoadedTask<Summaries> whole =
                            open(generation, LongDocuments.TRUNCATE, WindowOptions.ALL_POSITIONS, 0);
                    LoadedTask<Summaries> inWindows = open(generation, longDocuments, WINDOW, 5)) {
                Success<Summaries> result = success(inWindows, paragraph(1));

                assertThat(result).isEqualTo(success(whole, paragraph(1)));
                assertThat(result.windows()).isEqualTo(1);
                assertThat(result.output().levels()).isEqualTo(1);
                assertThat(result.truncation()).isEqualTo(Truncation.WHOLE);
            }
        }
    }

    @Test
    void theSummariesOfWindowsAreJoinedLineByLine() throws Exception {
        try (LoadedTask<Summaries> windows = open(BEAMS, LongDocuments.WINDOWS)) {
            List<GeneratedText> parts = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                parts.add(success(windows, paragraph(i)).output().best());
            }

            Success<Summaries> result = success(windows, document(5));

            assertThat(result.windows()).isEqualTo(5);
            assertThat(result.truncation()).isEqualTo(Truncation.WHOLE);
            assertThat(result.inputTokens()).isGreaterThan(3 * WINDOW);
            assertThat(result.output().levels()).isEqualTo(1);
            GeneratedText joined = result.output().best();
            assertThat(joined.text())
                    .isEqualTo(parts.stream().map(GeneratedText::text).collect(Collectors.joining("\n")));
            assertThat(joined.outputTokens())
                    .isEqualTo(
                            parts.stream().mapToInt(GeneratedText::outputTokens).sum());
            assertThat(joined.score()).as("nobody scored the whole").isEmpty();
            assertThat(parts).extracting(GeneratedText::finishReason).contains(FinishReason.LENGTH);
            assertThat(joined.finishReason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void aJoinedSummaryEndsWellIfAllItsPartsDo() throws Exception {
        Map<String, String> ending = Map.of("num_beams", "1", "max_new_tokens", "4", "forced_eos_token_id", "1");
        try (LoadedTask<Summaries> windows = open(ending, LongDocuments.WINDOWS)) {
            assertThat(success(windows, document(3)).output().best().finishReason())
                    .isEqualTo(FinishReason.EOS);
        }
    }

    @Test
    void ofSeveralSequencesThoseOfOneRankAreJoined() throws Exception {
        Map<String, String> three =
                Map.of("num_beams", "3", "num_return_sequences", "3", "min_length", "0", "max_new_tokens", "6");
        try (LoadedTask<Summaries> windows = open(three, LongDocuments.WINDOWS)) {
            List<GeneratedText> first = success(windows, paragraph(0)).output().texts();
            List<GeneratedText> second = success(windows, paragraph(1)).output().texts();

            List<GeneratedText> joined = success(windows, document(2)).output().texts();

            assertThat(joined).hasSize(3);
            for (int k = 0; k < 3; k++) {
                assertThat(joined.get(k).text())
                        .isEqualTo(first.get(k).text() + "\n" + second.get(k).text());
            }
        }
    }

    @Test
    void summariesAreSummarizedAgainUntilTheyFitIntoOneWindow() throws Exception {
        try (LoadedTask<Summaries> hierarchical = open(BEAMS, LongDocuments.HIERARCHICAL);
                LoadedTask<Summaries> windows = open(BEAMS, LongDocuments.WINDOWS)) {
            String text = document(20);
            int levels = 1;
            Success<Summaries> level = success(windows, text);
            while (level.windows() > 1) {
                level = success(windows, level.output().best().text());
                levels++;
            }
            assertThat(levels).isGreaterThan(2);

            Success<Summaries> result = success(hierarchical, text);

            assertThat(result.output().texts()).isEqualTo(level.output().texts());
            assertThat(result.output().levels()).isEqualTo(levels);
            assertThat(result.output().best().score())
                    .as("that of the last level")
                    .isPresent();
            assertThat(result.windows())
                    .as("those of the document")
                    .isEqualTo(success(windows, text).windows());
            assertThat(result.inputTokens()).isEqualTo(success(windows, text).inputTokens());
            assertThat(result.truncation()).isEqualTo(Truncation.WHOLE);
        }
    }

    @Test
    void theBestSummariesGoUpAndAllSequencesOfTheLastLevelComeBack() throws Exception {
        Map<String, String> two =
                Map.of("num_beams", "2", "num_return_sequences", "2", "min_length", "0", "max_new_tokens", "8");
        try (LoadedTask<Summaries> hierarchical = open(two, LongDocuments.HIERARCHICAL);
                LoadedTask<Summaries> best = open(BEAMS, LongDocuments.HIERARCHICAL)) {
            List<GeneratedText> texts =
                    success(hierarchical, document(6)).output().texts();

            assertThat(texts).hasSize(2);
            assertThat(texts.get(0))
                    .isEqualTo(success(best, document(6)).output().best());
        }
    }

    @Test
    void summariesThatDoNotGetShorterAreCutInTheEnd() throws Exception {
        Map<String, String> talkative = Map.of("num_beams", "1", "min_length", "60", "max_new_tokens", "60");
        try (LoadedTask<Summaries> hierarchical = open(talkative, LongDocuments.HIERARCHICAL);
                LoadedTask<Summaries> windows = open(talkative, LongDocuments.WINDOWS);
                LoadedTask<Summaries> cutting = open(talkative, LongDocuments.TRUNCATE)) {
            Success<Summaries> result = success(hierarchical, document(4));

            assertThat(result.truncation()).isEqualTo(Truncation.TRUNCATED);
            assertThat(result.windows()).isEqualTo(4);
            assertThat(result.output().levels()).isEqualTo(2);
            String joined = success(windows, document(4)).output().best().text();
            assertThat(result.output().texts())
                    .isEqualTo(success(cutting, joined).output().texts());
        }
    }

    @Test
    void theAttentionIsThatOfTheLongestWindow() throws Exception {
        String text = "sea ".repeat(1300);
        Map<String, String> brief = Map.of("num_beams", "1", "min_length", "0", "max_new_tokens", "2");
        try (LoadedTask<Summaries> sparse = open(brief, LongDocuments.WINDOWS, 800, 0);
                LoadedTask<Summaries> full = open(brief, LongDocuments.WINDOWS, 704, 0)) {
            assertThat(success(sparse, "A few words. \n\n" + text))
                    .satisfies(r -> assertThat(r.windows()).isEqualTo(2))
                    .satisfies(r -> assertThat(r.attention()).isEqualTo(AttentionType.ORIGINAL_FULL));
            assertThat(success(sparse, text + text))
                    .satisfies(r -> assertThat(r.windows()).isEqualTo(4))
                    .satisfies(r -> assertThat(r.attention()).isEqualTo(AttentionType.BLOCK_SPARSE));
            assertThat(success(full, text + text).attention()).isEqualTo(AttentionType.ORIGINAL_FULL);
        }
    }

    @Test
    void windowsThatOverlapAreMoreWindows() throws Exception {
        String text = sea(300);
        try (LoadedTask<Summaries> apart = open(BEAMS, LongDocuments.WINDOWS, 31, 0);
                LoadedTask<Summaries> overlapping = open(BEAMS, LongDocuments.WINDOWS, 31, 10)) {
            assertThat(success(apart, text).windows()).isEqualTo(10);
            assertThat(success(overlapping, text).windows()).isEqualTo(15);
            assertThat(success(overlapping, text).inputTokens()).isEqualTo(301);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {51, 100})
    void refusesAnOverlapAsLongAsAWindow(int overlap) {
        assertThatThrownBy(() -> open(BEAMS, LongDocuments.WINDOWS, WINDOW, overlap))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot summarize: window-overlap is " + overlap
                        + ", expected less than 51, the tokens of a window without its eos");
    }

    /** Alone, all together and the other way round, each on an engine of its own: rows to the bit. */
    @ParameterizedTest
    @ValueSource(strings = {"beams", "sampling"})
    void everyDocumentGetsTheSameAloneTogetherAndInReverse(String search) throws Exception {
        Map<String, String> generation = search.equals("beams") ? BEAMS : SAMPLING;
        List<Document> documents = corpus();
        List<DocumentResult<Summaries>> alone = new ArrayList<>();
        for (Document document : documents) {
            try (LoadedTask<Summaries> summarizer = open(generation, LongDocuments.HIERARCHICAL, WINDOW, 8)) {
                alone.add(summarizer.submit(document).get(300, TimeUnit.SECONDS));
            }
        }
        assertThat(Set.copyOf(alone)).as("different outcomes").hasSizeGreaterThan(5);

        assertThat(all(generation, documents)).isEqualTo(alone);
        Collections.reverse(documents);
        Collections.reverse(alone);
        assertThat(all(generation, documents)).isEqualTo(alone);
    }

    @Test
    void windowsOfTheSameTextAreDrawnApart() throws Exception {
        String text = paragraph(0) + "\n\n" + paragraph(0);
        try (LoadedTask<Summaries> sampling = open(SAMPLING, LongDocuments.WINDOWS)) {
            String[] lines = success(sampling, text).output().best().text().split("\n", -1);

            assertThat(lines).hasSize(2);
            assertThat(lines[0]).isNotEqualTo(lines[1]);
        }
    }

    @Test
    void shortDocumentsDoNotWaitForALongOne() throws Exception {
        try (LoadedTask<Summaries> summarizer = open(BEAMS, LongDocuments.HIERARCHICAL)) {
            Future<DocumentResult<Summaries>> ofManyWindows = summarizer.submit(new Document("long", document(200)));
            List<Future<DocumentResult<Summaries>>> others = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                others.add(summarizer.submit(new Document("short " + i, paragraph(i))));
            }
            for (Future<DocumentResult<Summaries>> other : others) {
                assertThat(other.get(300, TimeUnit.SECONDS)).isInstanceOf(Success.class);
            }

            assertThat(ofManyWindows.isDone()).isFalse();
            assertThat(ofManyWindows.cancel(true)).isTrue();
        }
    }

    @Test
    void cancellingALongDocumentEndsAllItsWindows() throws Exception {
        try (LoadedTask<Summaries> summarizer = open(BEAMS, LongDocuments.HIERARCHICAL)) {
            Success<Summaries> expected = success(summarizer, paragraph(0));
            Future<DocumentResult<Summaries>> cancelled = summarizer.submit(new Document("long", document(400)));
            success(summarizer, paragraph(1)); // so the long one is under way

            assertThat(cancelled.cancel(true)).isTrue();

            assertThatThrownBy(cancelled::get).isInstanceOf(CancellationException.class);
            assertThat(success(summarizer, paragraph(0))).isEqualTo(expected);
        }
    }

    @Test
    void closingEndsALongDocument() throws Exception {
        LoadedTask<Summaries> closing = open(BEAMS, LongDocuments.HIERARCHICAL);
        Future<DocumentResult<Summaries>> result = closing.submit(new Document("long", document(400)));
        success(closing, paragraph(0));

        closing.close();

        assertThatThrownBy(() -> result.get(300, TimeUnit.SECONDS)).hasRootCauseInstanceOf(Exception.class);
    }

    /** A window holds 3 MiB of cross-attention while it is under way; a book's 100 must not all at once. */
    @Test
    void aBookTakesNoMoreNativeMemoryThanAChapter() throws Exception {
        Map<String, String> brief = Map.of("num_beams", "1", "min_length", "0", "max_new_tokens", "2");
        try (LoadedTask<Summaries> summarizer = open(brief, LongDocuments.HIERARCHICAL, 512, 0)) {
            assertThat(success(summarizer, sea(511 * 10)).windows()).isEqualTo(10);
            long before = mostResidentKilobytes();

            assertThat(success(summarizer, sea(511 * 100)).windows()).isEqualTo(100);

            assertThat(mostResidentKilobytes() - before).as("growth in kB").isLessThan(150_000);
        }
    }

    private static long mostResidentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static List<Document> corpus() {
        List<Document> documents = new ArrayList<>();
        Random random = new Random(4);
        for (int i = 0; i < 8; i++) {
            String text = document(1 + random.nextInt(i == 3 ? 30 : 6));
            documents.add(new Document("document " + i, i + " " + text + (i == 5 ? " \uD83E\uDD8B".repeat(60) : "")));
        }
        return documents;
    }

    private static List<DocumentResult<Summaries>> all(Map<String, String> generation, List<Document> documents)
            throws Exception {
        try (LoadedTask<Summaries> summarizer = open(generation, LongDocuments.HIERARCHICAL, WINDOW, 8)) {
            List<Future<DocumentResult<Summaries>>> futures = new ArrayList<>();
            for (Document document : documents) {
                futures.add(summarizer.submit(document));
            }
            List<DocumentResult<Summaries>> results = new ArrayList<>();
            for (Future<DocumentResult<Summaries>> future : futures) {
                results.add(future.get(300, TimeUnit.SECONDS));
            }
            return results;
        }
    }

    /** Words of one token each. */
    private static String sea(int words) {
        return "sea ".repeat(words).strip();
    }

    private static String document(int paragraphs) {
        return IntStream.range(0, paragraphs)
                .mapToObj(LongSummariesTest::paragraph)
                .collect(Collectors.joining("\n\n"));
    }

    private static String paragraph(int number) {
        return IntStream.range(0, 3)
                .mapToObj(i -> SENTENCES[(number + i * (1 + number / 6)) % SENTENCES.length])
                .collect(Collectors.joining(" "));
    }

    private static LoadedTask<Summaries> open(Map<String, String> generation, LongDocuments longDocuments) {
        return open(generation, longDocuments, WINDOW, 0);
    }

    private static LoadedTask<Summaries> open(
            Map<String, String> generation, LongDocuments longDocuments, int maxSourceTokens, int overlap) {
        WindowOptions reading = new WindowOptions(longDocuments, maxSourceTokens, overlap, Locale.ENGLISH);
        return Summarizer.open(model, new SummarizerOptions(free(generation), reading, Newlines.NEWLINE, 0), 1);
    }

    /** Written freely, which the model by itself would not do. */
    private static GenerationOverrides free(Map<String, String> generation) {
        return GenerationOverrides.parse(generation).with(GenerationOption.EXTRACTIVE, false);
    }

    private static Success<Summaries> success(LoadedTask<Summaries> summarizer, String text) throws Exception {
        DocumentResult<Summaries> result =
                summarizer.submit(new Document("document", text)).get(300, TimeUnit.SECONDS);
        assertThat(result).isInstanceOf(Success.class);
        return (Success<Summaries>) result;
    }
}
