package io.github.longwing.readers.office;

import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.readers.text.LeftOut;
import io.github.longwing.readers.text.ParagraphText;
import io.github.longwing.readers.text.Titles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads RTF, as it is once all tracked changes are accepted. */
public final class RtfReader {
    /** Groups that hold no text of the document. */
    private static final Set<String> NO_TEXT = Set.of(
            "fonttbl",
            "colortbl",
            "stylesheet",
            "pict",
            "objdata",
            "nonshppict",
            "themedata",
            "datastore",
            "generator",
            "rsidtbl",
            "listtable",
            "listoverridetable",
            "xmlnstbl",
            "mmathPr",
            "latentstyles",
            "revtbl",
            "fldinst",
            "shprslt",
            "nonesttables",
            "filetbl",
            "info",
            "bkmkstart",
            "bkmkend",
            "xe",
            "tc",
            "rxe",
            "atnid",
            "atnauthor",
            "atntime",
            "atndate",
            "atnref",
            "atrfstart",
            "atrfend",
            "aftnsep",
            "ftnsep",
            "ftnsepc",
            "aftnsepc",
            "pgptbl",
            "protusertbl",
            "userprops",
            "wgrffmtfilter",
            "template",
            "background",
            "sp");

    /** Groups that are counted, and what they are. */
    private static final Map<String, String> LEFT_OUT = Map.ofEntries(
            Map.entry("header", "headers and footers"),
            Map.entry("headerl", "headers and footers"),
            Map.entry("headerr", "headers and footers"),
            Map.entry("headerf", "headers and footers"),
            Map.entry("footer", "headers and footers"),
            Map.entry("footerl", "headers and footers"),
            Map.entry("footerr", "headers and footers"),
            Map.entry("footerf", "headers and footers"),
            Map.entry("annotation", "comments"));

    /** Groups that are read although others of their kind may be passed over. */
    private static final Set<String> READ = Set.of("shpinst", "shptxt", "ud", "listtext", "pntext", "pntxta", "pntxtb");

    private static final Map<String, String> SIGNS = Map.ofEntries(
            Map.entry("emdash", "—"),
            Map.entry("endash", "–"),
            Map.entry("lquote", "‘"),
            Map.entry("rquote", "’"),
            Map.entry("ldblquote", "“"),
            Map.entry("rdblquote", "”"),
            Map.entry("bullet", "•"),
            Map.entry("emspace", " "),
            Map.entry("enspace", " "),
            Map.entry("qmspace", " "),
            Map.entry("~", " "),
            Map.entry("_", "-"));

    /** Of fonts, by the number of their charset. */
    private static final Map<Integer, String> CHARSETS = Map.ofEntries(
            Map.entry(77, "x-MacRoman"),
            Map.entry(128, "windows-31j"),
            Map.entry(129, "x-windows-949"),
            Map.entry(134, "GBK"),
            Map.entry(136, "Big5"),
            Map.entry(161, "windows-1253"),
            Map.entry(162, "windows-1254"),
            Map.entry(163, "windows-1258"),
            Map.entry(177, "windows-1255"),
            Map.entry(178, "windows-1256"),
            Map.entry(186, "windows-1257"),
            Map.entry(204, "windows-1251"),
            Map.entry(222, "x-windows-874"),
            Map.entry(238, "windows-1250"),
            Map.entry(254, "IBM437"),
            Map.entry(255, "IBM850"));

    /** Signs of symbol fonts, mostly bullets. */
    private static final Pattern PRIVATE = Pattern.compile("[\\uE000-\\uF8FF]");

    private final byte[] content;
    private final LeftOut leftOut = new LeftOut();
    private final Deque<ParagraphText> texts = new ArrayDeque<>();
    private final Deque<Group> groups = new ArrayDeque<>();
    private final Map<Integer, Charset> fonts = new HashMap<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final StringBuilder title = new StringBuilder();
    private Charset charset = Charset.forName("windows-1252");
    private int position;
    private int toSkip;
    private boolean inRow;
    private boolean inTable;

    private RtfReader(byte[] content) {
        this.content = content;
    }

    /** What holds until the end of a group. */
    private static final class Group {
        private boolean begins = true;
        private boolean optional;
        private boolean passedOver;
        private boolean note;
        private boolean fontTable;
        private boolean title;
        private boolean hidden;
        private boolean deleted;
        private boolean ofCells;
        private boolean label;
        private int skippedAfterUnicode = 1;
        private int font = -1;

        private Group inner() {
            Group inner = new Group();
            inner.passedOver = passedOver;
            inner.fontTable = fontTable;
            inner.title = title;
            inner.hidden = hidden;
            inner.deleted = deleted;
            inner.ofCells = ofCells;
            inner.label = label;
            inner.skippedAfterUnicode = skippedAfterUnicode;
            inner.font = font;
            return inner;
        }
    }

    /**
     * Reads one file.
     *
     * @throws IOException where it has no end
     */
    public static ReadDocument read(byte[] content) throws IOException {
        RtfReader reader = new RtfReader(content);
        reader.read();
        return new ReadDocument(
                reader.texts.getLast().text(),
                Titles.of(reader.title.toString()),
                OptionalInt.empty(),
                reader.leftOut.counts());
    }

    private void read() throws IOException {
        texts.push(new ParagraphText());
        while (position < content.length) {
            int b = content[position++] & 0xFF;
            switch (b) {
                case '{' -> {
                    flush();
                    groups.push(groups.isEmpty() ? new Group() : groups.peek().inner());
                }
                case '}' -> {
                    flush();
                    close();
                    if (groups.isEmpty()) {
                        return;
                    }
                }
                case '\\' -> control();
                case '\r', '\n', 0 -> {}
                default -> plain(b);
            }
        }
        throw new IOException("its end is missing");
    }

    private void close() throws IOException {
        if (groups.isEmpty()) {
            throw new IOException("it does not begin as RTF");
        }
        Group closed = groups.pop();
        if (closed.note) {
            String note = texts.pop().text();
            texts.peek().addBehind(note);
        }
        toSkip = 0;
    }

    private void control() throws IOException {
        if (position >= content.length) {
            return;
        }
        int first = content[position] & 0xFF;
        if (!isLetter(first)) {
            position++;
            symbol((char) first);
            return;
        }
        int start = position;
        while (position < content.length && isLetter(content[position] & 0xFF)) {
            position++;
        }
        String word = new String(content, start, position - start, StandardCharsets.US_ASCII);
        int numberStart = position;
        if (position < content.length && content[position] == '-') {
            position++;
        }
        while (position < content.length
                && content[position] >= '0'
                && content[position] <= '9'
                && position - numberStart < 20) {
            position++;
        }
        String digits = new String(content, numberStart, position - numberStart, StandardCharsets.US_ASCII);
        if (position < content.length && content[position] == ' ') {
            position++;
        }
        boolean numbered = digits.matches("-?\\d{1,9}");
        word(word, numbered, numbered ? Integer.parseInt(digits) : 0);
    }

    private static boolean isLetter(int b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
    }

    private void symbol(char symbol) {
        switch (symbol) {
            case '\'' -> {
                String hex = new String(
                        content, position, Math.min(2, content.length - position), StandardCharsets.US_ASCII);
                if (hex.matches("[0-9a-fA-F]{2}")) {
                    position += 2;
                    plain(Integer.parseInt(hex, 16));
                }
            }
            case '*' -> group().optional = true;
            case '\\', '{', '}' -> plain(symbol);
            case '\r', '\n' -> paragraph();
            case '~', '_' -> add(SIGNS.get(String.valueOf(symbol)));
            default -> {} // such as a hyphen where a word may be divided
        }
    }

    private Group group() {
        if (groups.isEmpty()) {
            groups.push(new Group());
        }
        return groups.peek();
    }

    private void word(String word, boolean numbered, int number) {
        if (!word.equals("u")) {
            flush();
        }
        Group group = group();
        boolean begins = group.begins;
        group.begins = false;
        if (begins && destination(group, word)) {
            return;
        }
        boolean on = !numbered || number != 0;
        switch (word) {
            case "par", "sect", "page" -> paragraph();
            case "line", "lbr" -> visible(() -> texts.peek().start("br"));
            case "tab" ->
                visible(() -> {
                    if (group.label) {
                        texts.peek().add(" ");
                    } else {
                        texts.peek().tab();
                    }
                });
            case "intbl", "trowd" -> group.ofCells = true;
            case "pard" -> group.ofCells = false;
            case "cell", "nestcell" -> cell();
            case "row", "nestrow" -> row();
            case "plain" -> {
                group.hidden = false;
                group.deleted = false;
            }
            case "v" -> group.hidden = on;
            case "deleted" -> {
                if (on && !group.passedOver) {
                    leftOut.add("deletions", 1);
                }
                group.deleted = on;
            }
            case "u" -> unicode(number);
            case "uc" -> group.skippedAfterUnicode = number;
            case "f" -> group.font = number;
            case "fcharset" -> {
                if (group.fontTable && CHARSETS.containsKey(number)) {
                    fonts.put(group.font, Charset.forName(CHARSETS.get(number)));
                }
            }
            case "ansicpg" -> codePage(number);
            case "mac" -> charset = Charset.forName("x-MacRoman");
            case "pc" -> charset = Charset.forName("IBM437");
            case "pca" -> charset = Charset.forName("IBM850");
            case "bin" -> position = (int) Math.min(content.length, (long) position + Math.max(0, number));
            default -> {
                if (SIGNS.containsKey(word)) {
                    add(SIGNS.get(word));
                }
            }
        }
    }

    /** Whether the word says what the group is for. */
    private boolean destination(Group group, String word) {
        if (word.equals("title")) {
            group.title = true;
            return true;
        }
        if (word.equals("fonttbl")) {
            group.fontTable = true;
        }
        if (LEFT_OUT.containsKey(word)) {
            leftOut.add(LEFT_OUT.get(word), group.passedOver ? 0 : 1);
            group.passedOver = true;
            return true;
        }
        if (word.equals("footnote") || word.equals("shptxt") || word.equals("dptxbxtext")) {
            if (!group.passedOver) {
                group.note = true;
                group.ofCells = false;
                texts.push(new ParagraphText());
            }
            return true;
        }
        group.label = group.label || word.equals("listtext") || word.equals("pntext");
        if (NO_TEXT.contains(word) || (group.optional && !READ.contains(word))) {
            group.passedOver = true;
            return true;
        }
        return false;
    }

    private void codePage(int number) {
        for (String name : new String[] {"windows-" + number, "IBM" + number, "x-windows-" + number, "MS" + number}) {
            if (Charset.isSupported(name)) {
                charset = Charset.forName(name);
                return;
            }
        }
    }

    private void unicode(int number) {
        flush();
        add(String.valueOf((char) number));
        toSkip = group().skippedAfterUnicode;
    }

    private void plain(int b) {
        if (!groups.isEmpty()) {
            groups.peek().begins = false;
        }
        if (toSkip > 0) {
            toSkip--;
            return;
        }
        bytes.write(b);
    }

    /** Adds the bytes that stand together, in the charset of their font. */
    private void flush() {
        if (bytes.size() > 0) {
            String text = bytes.toString(fonts.getOrDefault(group().font, charset));
            bytes.reset();
            add(text);
        }
    }

    private void add(String text) {
        flush();
        Group group = group();
        if (group.title) {
            title.append(text);
        }
        visible(() -> {
            begin(group);
            texts.peek().add(PRIVATE.matcher(text).replaceAll("•"));
        });
    }

    private void visible(Runnable action) {
        Group group = group();
        flush();
        if (!group.passedOver && !group.hidden && !group.deleted) {
            action.run();
        }
    }

    /** Begins a row, or ends a table, as the paragraph has it. */
    private void begin(Group group) {
        if (texts.size() > 1) {
            return;
        }
        if (group.ofCells && !inRow) {
            if (!inTable) {
                texts.peek().start("table");
            }
            texts.peek().start("tr");
            texts.peek().start("td");
            inTable = true;
            inRow = true;
        } else if (!group.ofCells && inTable && !inRow) {
            texts.peek().end("table");
            inTable = false;
        }
    }

    private void cell() {
        visible(() -> {
            Group group = group();
            group.ofCells = true;
            begin(group);
            texts.peek().end("td");
            texts.peek().start("td");
        });
    }

    private void row() {
        visible(() -> {
            if (inRow) {
                texts.peek().end("td");
                texts.peek().end("tr");
                inRow = false;
            }
        });
    }

    private void paragraph() {
        visible(() -> texts.peek().end("p"));
    }
}
