package io.github.longwing.readers.text;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;

/** Why a file cannot be read, in the words of the row that it becomes. */
public final class Unreadable {
    /** All that can be read. */
    public static final String EXPECTED =
            "expected PDF, HTML, DOCX, DOC, RTF, ODT, EPUB, XML, Markdown, mail or plain text";

    private Unreadable() {}

    /** Of a kind that no reader knows. */
    public static DocumentException unknown(String type) {
        if (type.contains("spreadsheet") || type.contains("ms-excel")) {
            return unknown("a sheet (" + type + ")", "save it as CSV before");
        }
        if (type.contains("presentation") || type.contains("ms-powerpoint")) {
            return unknown("a set of slides (" + type + ")", "save it as PDF before");
        }
        return unknown(type, "convert it before");
    }

    /** Several mails in one file. */
    public static DocumentException mailbox(int mails) {
        return unknown("a mailbox of " + mails + " mails", "split it into files of one mail each before");
    }

    private static DocumentException unknown(String found, String remedy) {
        return new DocumentException(
                Kind.UnreadableFile, "Cannot read the file: it is " + found + ", " + EXPECTED + "; " + remedy);
    }

    public static DocumentException damaged(String type, String reason, Throwable cause) {
        return new DocumentException(
                Kind.UnreadableFile,
                "Cannot read the file: it is " + type + " and damaged (" + reason
                        + "), expected a file that is whole; mend or replace it",
                cause);
    }

    public static DocumentException because(String type, String found, String remedy) {
        return new DocumentException(
                Kind.UnreadableFile, "Cannot read the file: it is " + type + " and " + found + "; " + remedy);
    }

    public static DocumentException tooLong(int most) {
        return new DocumentException(
                Kind.TextTooLong,
                "Cannot read the file: its text has more than " + most
                        + " characters, expected at most as many; split it before");
    }

    public static DocumentException encrypted(String type, Throwable cause) {
        return new DocumentException(
                Kind.EncryptedFile,
                "Cannot read the file: it is " + type + " and encrypted, expected one that opens without a password;"
                        + " decrypt it before",
                cause);
    }

    /** Pages are pictures. */
    public static DocumentException scanned(String type, int pages) {
        return new DocumentException(
                Kind.ScannedFile,
                "Cannot read the file: it is " + type + " of which the "
                        + (pages == 1 ? "page is a picture" : pages + " pages are pictures")
                        + ", expected text; run it through OCR before");
    }

    /** Fonts show shapes and do not say what letters they are. */
    public static DocumentException letters(String type) {
        return new DocumentException(
                Kind.UndecodableText,
                "Cannot read the file: it is " + type + " with fonts that do not say what letters their shapes are,"
                        + " expected a Unicode map; run it through OCR before");
    }

    /** Bytes that are a text in no charset that can be recognised. */
    public static DocumentException charset() {
        return new DocumentException(
                Kind.UndecodableText,
                "Cannot read the file: its bytes are a text in no charset that can be told from others, expected UTF-8 or"
                        + " one that can; convert it to UTF-8 before");
    }
}
