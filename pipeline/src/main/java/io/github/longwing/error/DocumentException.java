package io.github.longwing.error;

/** One document that cannot be processed. It costs one {@code error} row and never the job. */
public final class DocumentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, as written into {@code error.class} of the row. */
    public enum Kind {
        EmptyText,
        EmptyQuestion,
        InvalidText,
        MalformedRecord,
        TextTooLong,
        UnreadableFile,
        EncryptedFile,
        ScannedFile,
        UndecodableText,
        FileTooLarge,
        NonFiniteOutput,
        NativeFailure,
        NativeCrash,
        Killed,
        Timeout,
        Cancelled
    }

    private final Kind kind;

    public DocumentException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public DocumentException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
