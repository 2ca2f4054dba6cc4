package io.github.longwing.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A block of code in a page for readers.
 *
 * @param mark what an HTML comment before the block says that it needs
 */
record DocumentedCode(Path page, int line, String language, Optional<String> mark, String text) {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern MARK = Pattern.compile("<!-- (.*) -->");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)");

    /** One line of a shell. */
    record Command(DocumentedCode block, List<String> words) {
        @Override
        public String toString() {
            return ROOT.relativize(block.page()) + ": " + String.join(" ", words);
        }
    }

    static List<Path> pages() {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<DocumentedCode> all() {
        return pages().stream().flatMap(page -> of(page).stream()).toList();
    }

    static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines that a reader would type. */
    List<Command> commands() {
        return Arrays.stream(text.replaceAll("\\\\\\n\\s*", " ").split("\n"))
                .map(DocumentedCode::words)
                .filter(words -> !words.isEmpty())
                .map(words -> new Command(this, words))
                .toList();
    }

    private static List<DocumentedCode> of(Path page) {
        List<DocumentedCode> blocks = new ArrayList<>();
        List<String> lines = text(page).lines().toList();
        int begin = -1;
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith("```")) {
                continue;
            }
            if (begin < 0) {
                begin = i;
                continue;
            }
            Matcher mark = MARK.matcher(begin == 0 ? "" : lines.get(begin - 1));
            blocks.add(new DocumentedCode(
                    page,
                    begin + 1,
                    lines.get(begin).substring(3).strip(),
                    mark.matches() ? Optional.of(mark.group(1)) : Optional.empty(),
                    String.join("\n", lines.subList(begin + 1, i))));
            begin = -1;
        }
        return blocks;
    }

    /** Without comments, and without quotes around words. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            if (word.group().startsWith("#")) {
                break;
            }
            words.add(Stream.of(word.group(1), word.group(2), word.group(3))
                    .filter(group -> group != null)
                    .findFirst()
                    .orElseThrow());
        }
        return words;
    }
}
