package io.github.longwing.spark.columns;

/** The id of a document where the caller gives none. */
public final class TextId {
    private TextId() {}

    /** The same for the same text, so that sampling draws the same for it. */
    public static String of(String text) {
        return "text " + Integer.toHexString(text.hashCode());
    }
}
