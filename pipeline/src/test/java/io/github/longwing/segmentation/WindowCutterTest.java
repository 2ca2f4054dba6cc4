package io.github.longwing.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.fixture.Goldens;
import io.github.longwing.tokenizer.TokenizedDocument;
import io.github.longwing.tokenizer.Tokenizer;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowCutterTest {
    private static Tokenizer tokenizer;

    @BeforeAll
    static void loadTokenizer() {
        tokenizer = Tokenizer.load(Goldens.resource("/io/github/longwing/models/starter-summarizer"));
    }

    @AfterAll
    static void closeTokenizer() {
        tokenizer.close();
    }

    // What holds for every text

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void windowsWithoutOverlapAreTheWholeTextEachTokenAndCodePointOnce(long seed) {
        Random random = new Random(seed);
        RandomTexts texts = new RandomTexts(seed);
        for (int round = 0; round < 40; round++) {
            Case c = new Case(texts.next(random.nextInt(400)), 1 + random.nextInt(60), 0);
            List<Window> windows = c.windows();

            c.assertWellFormed(windows);
            for (int i = 1; i < windows.size(); i++) {
                assertThat(windows.get(i).firstToken()).isEqualTo(windows.get(i - 1).endToken());
                assertThat(windows.get(i).span().begin())
                        .isEqualTo(windows.get(i - 1).span().end());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void windowsThatOverlapReadNoMoreAgainThanTheyMayAndLeaveNothingOut(long seed) {
        Random random = new Random(seed);
        RandomTexts texts = new RandomTexts(seed);
        for (int round = 0; round < 40; round++) {
            int maxTokens = 2 + random.nextInt(60);
            Case c = new Case(texts.next(random.nextInt(400)), maxTokens, 1 + random.nextInt(maxTokens - 1));
            List<Window> windows = c.windows();

            c.assertWellFormed(windows);
            for (int i = 1; i < windows.size(); i++) {
                Window before = windows.get(i - 1);
                Window window = windows.get(i);
                assertThat(before.endToken() - window.firstToken()).isBetween(0, c.overlapTokens());
                assertThat(window.span().begin()).isLessThanOrEqualTo(before.span().end());
                assertThat(window.firstToken()).as("progress").isGreaterThan(before.firstToken());
                assertThat(window.endToken()).as("progress").isGreaterThan(before.endToken());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyTokenLiesWithinTheSpanOfItsWindow(long seed) {
        Random random = new Random(seed);
        RandomTexts texts = new RandomTexts(seed);
        for (int round = 0; round < 20; round++) { // no word of theirs fills half a window
            Case c = new Case(texts.next(600 + random.nextInt(600)), 600 + random.nextInt(200), random.nextInt(50));
            for (Window window : c.windows()) {
                for (int i = window.firstToken(); i < window.endToken(); i++) {
                    assertThat(c.tokens().begins()[i])
                            .isGreaterThanOrEqualTo(window.span().begin());
                    assertThat(c.tokens().ends()[i])
                            .isLessThanOrEqualTo(window.span().end());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 31, 50})
    void noDocumentEndsInAScrap(int overlap) {
        int maxTokens = 100;
        for (int words = 1; words < 1000; words += 3) {
            Case c = new Case(sentences(words), maxTokens, overlap);
            int count = c.tokens().length() - 1;

            assertThat(c.windows())
                    .as("windows of %d tokens", count)
                    .allSatisfy(window -> assertThat(window.length()).isGreaterThanOrEqualTo(Math.min(count, 25)));
        }
    }

    /** Neither a great number of windows nor one endless paragraph costs more than its length. */
    @ParameterizedTest
    @ValueSource(strings = {". ", " ", "\n\n", "。"})
    void aTextOfAMillionWordsIsCut(String between) {
        Case c = new Case(("The heron stood in the reeds" + between).repeat(170_000), 1023, 64);

        List<Window> windows = c.windows();

        c.assertWellFormed(windows);
        assertThat(windows).hasSizeBetween(c.tokens().length() / 1023, c.tokens().length() / 480);
    }

    // Where windows end

    @Test
    void aTextThatFitsIsOneWindow() {
        String text = "  The heron stood 😀 in the reeds. \n\n It waited.\n";
        int tokens = tokenizer.tokenize(text).length() - 1;

        assertThat(new Case(text, tokens, 0).windows())
                .containsExactly(new Window(0, tokens, new Span(0, text.codePointCount(0, text.length()))));
        assertThat(new Case(text, tokens - 1, 0).windows()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\n\n", "\u0001"})
    void aTextThatSaysNothingIsOneWindow(String text) {
        assertThat(new Case(text, 3, 1).windows())
                .extracting(Window::span)
                .containsExactly(new Span(0, text.length()));
    }

    @Test
    void aWindowEndsAtTheLastParagraphEndOfItsSecondHalf() {
        String window = sentences(36) + "\n\n" + sentences(12) + "\n\n" + sentences(6);
        int maxTokens = tokenizer.tokenize(window).length() + 20;

        assertThat(new Case(window + "\n\n" + sentences(300), maxTokens, 0).texts().get(0))
                .isEqualTo(window + "\n");
    }

    @Test
    void aParagraphEndInItsFirstHalfIsTooEarly() {
        String text = sentences(10) + "\n\n" + sentences(400);

        String first = new Case(text, 100, 0).texts().get(0);

        assertThat(first).contains("\n\n").endsWith(".");
    }

    @Test
    void withoutParagraphsAWindowEndsAtTheLastSentenceEnd() {
        List<String> windows = new Case(sentences(600), 100, 0).texts();

        assertThat(windows).hasSizeGreaterThan(4);
        assertThat(windows.subList(0, windows.size() - 1)).allSatisfy(w -> assertThat(w).endsWith("."));
    }

    @Test
    void withoutSentencesAWindowEndsBetweenWords() {
        String text = IntStream.range(0, 400).mapToObj(i -> "reeds").collect(Collectors.joining(" "));
        Case c = new Case(text, 30, 0);

        assertThat(c.texts()).hasSizeGreaterThan(4).allSatisfy(w -> assertThat(w.strip())
                .matches("reeds( reeds)*"));
    }

    @Test
    void aWordWithoutEndIsCutAnywhereButNotWithinACharacter() {
        String text = "½漢".repeat(200); // the first is one character of three tokens
        Case c = new Case(text, 50, 0);

        c.assertWellFormed(c.windows());
        assertThat(c.windows()).hasSizeGreaterThan(4).allSatisfy(window -> {
            assertThat(window.span().length()).isPositive();
            for (int i = window.firstToken(); i < window.endToken(); i++) {
                assertThat(c.tokens().ends()[i]).isLessThanOrEqualTo(window.span().end());
            }
        });
    }

    @Test
    void aCharacterOfMoreTokensThanAWindowIsCutAllTheSame() {
        Case c = new Case("\uFDFA\uFDFA x", 2, 1);

        c.assertWellFormed(c.windows());
    }

    @Test
    void windowsLineEndsAreNoParagraphs() {
        String line = "The heron stood\r\n";
        List<String> windows = new Case((line.repeat(2) + "in the reeds. ").repeat(60), 100, 0).texts();

        assertThat(windows.subList(0, windows.size() - 1)).allSatisfy(w -> assertThat(w).endsWith("."));
    }

    @Test
    void whatTwoWindowsCanHoldIsSharedBetweenThem() {
        String text = IntStream.range(0, 110).mapToObj(i -> "the").collect(Collectors.joining(" "));

        List<Window> windows = new Case(text, 100, 0).windows();

        assertThat(windows).extracting(Window::length).containsExactly(55, 55);
    }

    @Test
    void windowsThatAreAllButFullStillEndWithAWord() {
        String text = IntStream.range(0, 400).mapToObj(i -> "herons").collect(Collectors.joining(" "));
        int count = tokenizer.tokenize(text).length() - 1;

        for (int maxTokens = count / 2; maxTokens < count / 2 + 20; maxTokens++) {
            assertThat(new Case(text, maxTokens, 0).texts()).allSatisfy(w -> assertThat(w.strip())
                    .matches("herons( herons)*"));
        }
    }

    // Overlap

    @Test
    void whatTwoWindowsCanHoldIsSharedBetweenThemWithTheirOverlap() {
        String text = IntStream.range(0, 140).mapToObj(i -> "the").collect(Collectors.joining(" "));

        List<Window> windows = new Case(text, 100, 20).windows();

        assertThat(windows).containsExactly(
                new Window(0, 80, windows.get(0).span()), new Window(60, 140, windows.get(1).span()));
    }

    @Test
    void aWindowThatOverlapsBeginsAtTheFirstSentenceOfWhatItMayReadAgain() {
        List<String> windows = new Case(sentences(600), 100, 40).texts();

        assertThat(windows).allSatisfy(w -> assertThat(w.strip()).startsWith("The heron"));
    }

    @Test
    void aWindowOverlapsInTheMiddleOfASentenceThatIsLongerThanTheOverlap() {
        Case c = new Case(sentences(600), 100, 4);
        List<Window> windows = c.windows();

        for (int i = 1; i < windows.size(); i++) {
            assertThat(windows.get(i - 1).endToken() - windows.get(i).firstToken()).isBetween(1, 4);
        }
    }

    @Test
    void refusesAnOverlapAsLongAsTheWindow() {
        assertThatThrownBy(() -> new WindowCutter(5, 5, Locale.ENGLISH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot cut windows: the overlap is 5 tokens, expected 0 up to less than the window's 5");
        assertThatThrownBy(() -> new WindowCutter(5, -1, Locale.ENGLISH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot cut windows: the overlap is -1 tokens");
    }

    /** Sentences of six words each, the last one shorter where it must be. */
    private static String sentences(int words) {
        String sentence = "The heron stood in the reeds. ";
        String[] rest = "The heron stood in the".split(" ", -1);
        return sentence.repeat(words / 6) + String.join(" ", List.of(rest).subList(0, words % 6));
    }

    /** A text and how to cut it. */
    private record Case(CodePointText text, TokenizedDocument tokens, int maxTokens, int overlapTokens) {
        Case(String text, int maxTokens, int overlapTokens) {
            this(CodePointText.of(text), tokenizer.tokenize(text), maxTokens, overlapTokens);
        }

        List<Window> windows() {
            return new WindowCutter(maxTokens, overlapTokens, Locale.ENGLISH).cut(text, tokens);
        }

        List<String> texts() {
            return windows().stream().map(w -> text.substring(w.span())).toList();
        }

        /** From the beginning to the end, within the limit, and each span that of its tokens. */
        void assertWellFormed(List<Window> windows) {
            int count = tokens.length() - 1;
            assertThat(windows).isNotEmpty();
            assertThat(windows.get(0).firstToken()).isZero();
            assertThat(windows.get(0).span().begin()).isZero();
            Window last = windows.get(windows.size() - 1);
            assertThat(last.endToken()).isEqualTo(count);
            assertThat(last.span().end()).isEqualTo(text.length());
            for (Window window : windows) {
                assertThat(window.length()).isBetween(count == 0 ? 0 : 1, maxTokens);
                if (window.firstToken() > 0) {
                    assertThat(window.span().begin()).isEqualTo(tokens.begins()[window.firstToken()]);
                }
                if (window.endToken() < count) {
                    assertThat(window.span().end()).isEqualTo(tokens.begins()[window.endToken()]);
                }
            }
        }
    }
}
