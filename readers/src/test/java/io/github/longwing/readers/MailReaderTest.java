package io.github.longwing.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.fileformat.ReadDocument;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of messages of mail. */
class MailReaderTest {
    private static final String HEADERS = """
            Received: from x.org
            From: A <a@x.org>
            To: b@x.org
            Subject: =?UTF-8?Q?The_caf=C3=A9?=
            MIME-Version: 1.0
            """;

    @Test
    void thePlainestVersionIsReadAndAttachmentsAreCounted() {
        ReadDocument document = read(HEADERS + """
                Content-Type: multipart/mixed; boundary=B

                --B
                Content-Type: multipart/alternative; boundary=C

                --C
                Content-Type: text/plain; charset=iso-8859-1; format=flowed
                Content-Transfer-Encoding: quoted-printable

                The caf=E9 is closed=20
                since Monday.

                Yours
                --C
                Content-Type: text/html

                <p>The caf&eacute;</p>
                --C--
                --B
                Content-Type: application/pdf; name=x.pdf
                Content-Disposition: attachment; filename=x.pdf

                xx
                --B
                Content-Type: text/plain
                Content-Disposition: attachment; filename=x.txt

                attached
                --B--
                """);

        assertThat(document.title()).contains("The café");
        assertThat(document.text()).isEqualTo("The café is closed since Monday.\n\nYours");
        assertThat(document.leftOut()).isEqualTo(Map.of("other versions of the text", 1, "attached files", 2));
    }

    @Test
    void aMessageInHtmlIsReadWhole() {
        ReadDocument document = read(HEADERS
                + "Content-Type: text/html; charset=utf-8\n\n<html><head><style>p{}</style></head><body><p>The café</p>"
                + "<table><tr><td>a</td><td>b</td></tr></table></body></html>");

        assertThat(document.text()).isEqualTo("The café\n\na\tb");
    }

    @ParameterizedTest
    @CsvSource({"IBM850", "x-MacRoman", "windows-1252", "UTF-8"})
    void aMessageThatNamesNoCharsetIsReadInTheOneThatItHas(String charset) {
        byte[] message = (HEADERS + "Content-Transfer-Encoding: 8bit\n\nThe café is closed on Monday.\n")
                .getBytes(Charset.forName(charset));

        assertThat(new TikaReader().read(message, "a.eml").text()).isEqualTo("The café is closed on Monday.");
    }

    @Test
    void whatIsForwardedIsCounted() {
        ReadDocument document = read(HEADERS
                + "Content-Type: multipart/mixed; boundary=B\n\n--B\n\nSee below.\n--B\nContent-Type: message/rfc822\n\nSubject: old\n\n"
                + "old text\n--B--\n");

        assertThat(document.text()).isEqualTo("See below.");
        assertThat(document.leftOut()).isEqualTo(Map.of("attached messages", 1));
    }

    @ParameterizedTest
    @CsvSource({"application/pkcs7-mime; smime-type=enveloped-data", "multipart/encrypted; boundary=B"})
    void anEncryptedMessageIsEncrypted(String type) {
        assertThat(catchThrowableOfType(
                                DocumentException.class,
                                () -> read(HEADERS + "Content-Type: " + type + "\n\n--B\n\nMIAGCSqGSIb3\n--B--\n"))
                        .kind())
                .isEqualTo(Kind.EncryptedFile);
    }

    @Test
    void aMessageOfOutlookIsRead() throws IOException {
        Map<String, byte[]> streams = new LinkedHashMap<>();
        streams.put("__properties_version1.0", new byte[32]);
        streams.put("__substg1.0_001A001F", "IPM.Note".getBytes(StandardCharsets.UTF_16LE));
        streams.put("__substg1.0_0037001F", "The café".getBytes(StandardCharsets.UTF_16LE));
        streams.put("__substg1.0_1000001F", "The café is closed.\r\nYours".getBytes(StandardCharsets.UTF_16LE));
        ReadDocument document = new TikaReader().read(TestFiles.ole(streams), "a.msg");

        assertThat(document.title()).contains("The café");
        assertThat(document.text()).isEqualTo("The café is closed.\nYours");
    }

    @ParameterizedTest
    @CsvSource({"a.mbox", "a.eml", "archive"})
    void aMailboxOfOneMailIsReadAndOfMoreIsRefused(String name) {
        String mail = "From a@x.org Thu Jan  1 10:00:00 2026\n" + HEADERS + "\nIt is closed.\n>From Monday on.\n\n";

        ReadDocument document = new TikaReader().read(mail.getBytes(StandardCharsets.UTF_8), name);
        assertThat(document.title()).contains("The café");
        assertThat(document.text()).isEqualTo("It is closed.\n>From Monday on.");
        DocumentException several = catchThrowableOfType(DocumentException.class, () -> new TikaReader()
                .read(mail.repeat(3).getBytes(StandardCharsets.UTF_8), name));
        assertThat(several.kind()).isEqualTo(Kind.UnreadableFile);
        assertThat(several)
                .hasMessageStartingWith("Cannot read the file: it is a mailbox of 3 mails, expected PDF")
                .hasMessageEndingWith("; split it into files of one mail each before");
        assertThat(new TikaReader()
                        .read("From 10:30 on: rain.\n".getBytes(StandardCharsets.UTF_8), name.replace(".eml", ""))
                        .text())
                .as("a text that begins with that word")
                .isEqualTo("From 10:30 on: rain.");
    }

    private static ReadDocument read(String message) {
        return new TikaReader().read(message.getBytes(StandardCharsets.UTF_8), "a.eml");
    }
}
