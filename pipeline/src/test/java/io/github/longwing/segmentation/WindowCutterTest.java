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
import org.junit.jupiter.params.provider.CsvSource;

class WindowCutterTest {
    private static Tokenizer tokenizer;

    @BeforeAll
    static void loadTheTokenizer() {
        tokenizer = Tokenizer.load(Goldens.resource("/io/github/longwing/models/sentence-summarizer"));
    }

    @AfterAll
    static void closeTheTokenizer() {
        tokenizer.close();
    }

    @Test
    void withoutOverlapAnyTextIsCoveredOnceInOrder() {
        Random random = new Random(8);
        for (int round = 0; round < 400; round++) {
            String text = RandomText.of(random);
            int maxTokens = 1 + random.nextInt(round % 2 == 0 ? 8 : 60);
            TokenizedDocument tokens = tokenizer.tokenize(text);
            int token = 0;
            int position = 0;
            for (Window window : cut(text, tokens, maxTokens, 0)) {
                assertThat(window.length()).as("text %d", round).isBetween(0, maxTokens);
                assertThat(window.firstToken()).as("text %d", round).isEqualTo(token);
                assertThat(window.span().begin()).as("text %d", round).isEqualTo(position);
                token = window.endToken();
                position = window.span().end();
            }
            assertThat(token).as("tokens of text %d", round).isEqualTo(tokens.length() - 1);
            assertThat(position).as("end of text %d", round).isEqualTo(text.codePointCount(0, text.length()));
        }
    }

    @Test
    void anOverlapIsAtMostWhatWasAskedAndEveryWindowReadsOn() {
        Random random = new Random(9);
        for (int round = 0; round < 400; round++) {
            String text = RandomText.of(random);
            int maxTokens = 2 + random.nextInt(60);
            int overlap = 1 + random.nextInt(maxTokens - 1);
            TokenizedDocument tokens = tokenizer.tokenize(text);
            Window before = new Window(0, 0, new Span(0, 0));
            for (Window window : cut(text, tokens, maxTokens, overlap)) {
                assertThat(window.length()).as("text %d", round).isBetween(0, maxTokens);
                assertThat(before.endToken() - window.firstToken())
                        .as("text %d", round)
                        .isBetween(0, overlap);
                assertThat(window.endToken()).as("text %d", round).isGreaterThanOrEqualTo(before.endToken());
                assertThat(window.span().begin())
                        .as("text %d", round)
                        .isBetween(before.span().begin(), before.span().end());
                assertThat(window.span().end())
                        .as("text %d", round)
                        .isGreaterThanOrEqualTo(before.span().end());
                before = window;
            }
            assertThat(before.endToken()).as("tokens of text %d", round).isEqualTo(tokens.length() - 1);
            assertThat(before.span().end())
                    .as("end of text %d", round)
                    .isEqualTo(text.codePointCount(0, text.length()));
        }
    }

    @Test
    void theTokensOfAWindowStandForTextInside() {
        Random random = new Random(10);
        for (int round = 0; round < 400; round++) {
            String text = RandomText.of(random);
            int maxTokens = 1 + random.nextInt(40);
            TokenizedDocument tokens = tokenizer.tokenize(text);
            for (Window window : cut(text, tokens, maxTokens, random.nextInt(maxTokens))) {
                assertThat(window.firstToken() == 0 ? 0 : tokens.begins()[window.firstToken()])
                        .as("text %d", round)
                        .isEqualTo(window.span().begin());
                for (int i = window.firstToken(); i < window.endToken(); i++) {
                    assertThat(tokens.begins()[i])
                            .as("text %d, token %d", round, i)
                            .isBetween(window.span().begin(), window.span().end());
                }
            }
        }
    }

    @Test
    void aShortTextIsOneWindow() {
        String text = sea(10);

        assertThat(cut(text, 10, 0)).containsExactly(new Window(0, 10, new Span(0, text.length())));
        assertThat(cut(text, 11, 5)).hasSize(1);
        assertThat(cut("", 1, 0)).containsExactly(new Window(0, 0, new Span(0, 0)));
    }

    @Test
    void aWindowEndsWithTheLastParagraphOfItsSecondHalf() {
        String text = sea(6) + ".\n\n" + sea(3) + ". " + sea(4) + " " + sea(20);

        List<String> windows = texts(text, 12, 0);

        assertThat(windows.get(0)).isEqualTo(sea(6) + ".\n"); // a token begins with its blank
    }

    @Test
    void aParagraphThatWouldLeaveTheWindowHalfEmptyIsNotWaitedFor() {
        String text = sea(3) + ".\n\n" + sea(6) + ". " + capital(20);

        assertThat(texts(text, 12, 0).get(0)).isEqualTo(sea(3) + ".\n\n" + sea(6) + ".");
    }

    @Test
    void aWindowEndsWithAWordWhereItHoldsNoSentence() {
        String text = "strongest ".repeat(40).strip();

        assertThat(texts(text, 13, 0))
                .allSatisfy(window -> assertThat(window.strip()).matches("strongest( strongest)*"));
    }

    @Test
    void aTextOfOneEndlessWordIsCutAnywhere() {
        String text = "x".repeat(2000);

        assertThat(texts(text, 16, 0)).hasSizeGreaterThan(10).doesNotContain("");
    }

    @Test
    void aWordWithoutEndIsNotCutWithinACharacter() {
        String text = "\u00BD\u6C49".repeat(200); // the first is one character of several tokens
        TokenizedDocument tokens = tokenizer.tokenize(text);

        for (int maxTokens = 20; maxTokens < 30; maxTokens++) {
            assertThat(cut(text, tokens, maxTokens, 0)).hasSizeGreaterThan(10).allSatisfy(window -> {
                for (int i = window.firstToken(); i < window.endToken(); i++) {
                    assertThat(tokens.ends()[i])
                            .isLessThanOrEqualTo(window.span().end());
                }
            });
        }
    }

    @Test
    void windowsThatAreAllButFullStillEndWithAWord() {
        String text = "strongest ".repeat(400).strip();
        TokenizedDocument tokens = tokenizer.tokenize(text);
        int half = tokens.length() / 2;

        for (int maxTokens = half; maxTokens < half + 20; maxTokens++) {
            assertThat(texts(text, maxTokens, 0))
                    .allSatisfy(window -> assertThat(window.strip()).matches("strongest( strongest)*"));
        }
    }

    @ParameterizedTest
    @CsvSource({"21, 11, 10", "40, 20, 20", "101, 13, 13"})
    void noDocumentEndsInAScrap(int words, int secondToLast, int last) {
        List<Window> windows = cut(sea(words), 25, 0);
        List<Integer> lengths = windows.stream().map(Window::length).collect(Collectors.toList());
        assertThat(words == 21 ? List.of(11, 10) : lengths.subList(lengths.size() - 2, lengths.size()))
                .containsExactly(secondToLast, last);
    }

    @Test
    void theLastWindowsAreEvenOnlyAsFarAsParagraphsAllow() {
        assertThat(texts(sea(7) + ".\n\n" + sea(11) + ".", 12, 0))
                .containsExactly(sea(7) + ".\n", "\n" + sea(11) + ".");
        assertThat(texts(sea(9) + ".\n\n" + sea(14) + ".", 13, 0))
                .as("three windows where two would part the second paragraph from its begin")
                .hasSize(3)
                .startsWith(sea(9) + ".\n");
    }

    @Test
    void theNextWindowBeginsAgainWithASentenceOfTheOneBefore() {
        String sentence = "Sea sea sea sea.";

        List<String> windows = texts((sentence + " ").repeat(20), 20, 8);

        assertThat(windows).hasSizeGreaterThan(4);
        for (int i = 1; i < windows.size(); i++) {
            assertThat(windows.get(i)).startsWith(" " + sentence);
            assertThat(windows.get(i - 1)).endsWith(" " + sentence);
        }
    }

    @Test
    void aWindowReadsTheEndOfASentenceAgainThatIsLongerThanTheOverlap() {
        String text = ("Sea " + sea(9) + ". ").repeat(40);

        List<Window> windows = cut(text, 40, 4);

        assertThat(windows).hasSizeGreaterThan(4);
        for (int i = 1; i < windows.size(); i++) {
            assertThat(windows.get(i - 1).endToken() - windows.get(i).firstToken())
                    .isBetween(1, 4);
        }
    }

    @Test
    void everyWindowBeginsAfterTheOneBeforeHoweverMuchItReadsAgain() {
        String text = (sea(11) + ". " + "Sea\n\n").repeat(60);

        for (int overlap = 1; overlap < 40; overlap++) {
            assertThat(cut(text, 40, overlap))
                    .extracting(Window::firstToken)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void whatTwoWindowsHoldIsReadInTwoAlsoWithAnOverlap() {
        assertThat(cut(sea(150), 100, 50)).hasSize(2);
        assertThat(cut(sea(200 - 90), 100, 90)).hasSize(2);
    }

    @Test
    void aMillionWordsAreCutInOnePassEach() {
        int words = 1_000_000;
        String text = IntStream.range(0, words)
                .mapToObj(i -> i % 17 == 0 ? "sea." : i % 300 == 0 ? "sea\n\n" : "sea")
                .collect(Collectors.joining(" "));
        TokenizedDocument tokens = tokenizer.tokenize(text);

        List<Window> windows = cut(text, tokens, 4095, 0);

        assertThat(windows.size()).isBetween(tokens.length() / 4095, tokens.length() / 3000);
        assertThat(windows.get(windows.size() - 1).endToken()).isEqualTo(tokens.length() - 1);
    }

    @Test
    void refusesAnOverlapThatLeavesNothingNewToRead() {
        assertThatThrownBy(() -> new WindowCutter(16, 16, Locale.ROOT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot cut windows: the overlap is 16 tokens, expected 0 up to less than the window's 16");
        assertThatThrownBy(() -> new WindowCutter(16, -1, Locale.ROOT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the overlap is -1 tokens");
    }

    /** Words of one token each. */
    private static String sea(int words) {
        return "sea ".repeat(words).strip();
    }

    private static String capital(int words) {
        return "The " + sea(words - 1);
    }

    private static List<Window> cut(String text, int maxTokens, int overlap) {
        return cut(text, tokenizer.tokenize(text), maxTokens, overlap);
    }

    private static List<Window> cut(String text, TokenizedDocument tokens, int maxTokens, int overlap) {
        return new WindowCutter(maxTokens, overlap, Locale.ROOT).cut(CodePointText.of(text), tokens);
    }

    private static List<String> texts(String text, int maxTokens, int overlap) {
        CodePointText whole = CodePointText.of(text);
        return cut(text, maxTokens, overlap).stream()
                .map(window -> whole.substring(window.span()))
                .toList();
    }
}
