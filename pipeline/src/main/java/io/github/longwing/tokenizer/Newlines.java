package io.github.longwing.tokenizer;

/** What becomes of the model's newline mark {@code <n>} in decoded text. */
public enum Newlines {
    NEWLINE("\n"),
    SPACE(" "),
    /** Stays {@code <n>}, as transformers decodes it. */
    KEEP("<n>");

    static final String MARK = "<n>";

    private final String replacement;

    Newlines(String replacement) {
        this.replacement = replacement;
    }

    String replaceIn(String decoded) {
        return decoded.replace(MARK, replacement);
    }
}
