package io.github.longwing.checkpoint;

/** Text that comes from a file which may be hostile, made fit for a message. */
public final class UntrustedText {
    private static final int MAX_LENGTH = 120;

    private UntrustedText() {}

    /** The text without control characters and at most 120 characters long. */
    public static String text(String text) {
        String head = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
        return head.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    }
}
