package io.github.longwing.readers.mail;

import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.readers.markup.HtmlReader;
import io.github.longwing.readers.text.LeftOut;
import io.github.longwing.readers.text.PlainText;
import io.github.longwing.readers.text.Titles;
import io.github.longwing.readers.text.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.dom.Body;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.dom.field.ContentTypeField;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;
import org.jsoup.Jsoup;

/** Reads a message of mail: what was written, not what is attached. */
public final class MailReader {
    private static final String TYPE = "message/rfc822";
    private static final int HEAD = 4096;

    /** Begins each mail of a mailbox: the line that mail servers write before its header. */
    private static final Pattern POSTMARK = Pattern.compile(
            "(?:\\A|\\r?\\n\\r?\\n)From [^\\r\\n]*\\d{1,2}:\\d{2}[^\\r\\n]*\\r?\\n(?=[A-Za-z][A-Za-z0-9-]*:)");

    private final LeftOut leftOut = new LeftOut();

    private MailReader() {}

    /** Whether a file begins as a mailbox does. */
    public static boolean isMailbox(byte[] content) {
        int head = Math.min(HEAD, content.length);
        return POSTMARK.matcher(new String(content, 0, head, StandardCharsets.ISO_8859_1))
                .lookingAt();
    }

    /**
     * Reads the mail of a mailbox that has one.
     *
     * @throws IOException where it is damaged
     */
    public static ReadDocument readMailbox(byte[] content) throws IOException {
        Matcher postmark = POSTMARK.matcher(new String(content, StandardCharsets.ISO_8859_1));
        int mails = (int) postmark.results().count();
        if (mails > 1) {
            throw Unreadable.mailbox(mails);
        }
        boolean unused = postmark.reset().lookingAt();
        return read(Arrays.copyOfRange(content, postmark.end(), content.length));
    }

    /**
     * Reads one message.
     *
     * @throws IOException where it is damaged
     */
    public static ReadDocument read(byte[] content) throws IOException {
        DefaultMessageBuilder builder = new DefaultMessageBuilder();
        builder.setMimeEntityConfig(MimeConfig.PERMISSIVE);
        builder.setDecodeMonitor(DecodeMonitor.SILENT);
        MailReader reader = new MailReader();
        Message message = builder.parseMessage(new ByteArrayInputStream(content));
        try {
            String text = reader.text(message);
            return new ReadDocument(
                    text, Titles.of(message.getSubject()), OptionalInt.empty(), reader.leftOut.counts());
        } finally {
            message.dispose();
        }
    }

    private String text(Entity entity) throws IOException {
        String type = entity.getMimeType();
        Body body = entity.getBody();
        if (type.contains("pkcs7-mime") || type.equals("multipart/encrypted")) {
            throw Unreadable.encrypted(TYPE, null);
        }
        if (body instanceof Multipart parts) {
            return text(parts, type);
        }
        if (body instanceof Message) {
            leftOut.add("attached messages", 1);
            return "";
        }
        boolean attached = "attachment".equalsIgnoreCase(entity.getDispositionType());
        if (attached || !type.startsWith("text/") || !(body instanceof SingleBody single)) {
            leftOut.add("attached files", 1);
            return "";
        }
        byte[] bytes = bytes(single);
        ContentTypeField field = entity.getHeader() == null
                ? null
                : (ContentTypeField) entity.getHeader().getField("Content-Type");
        Charset charset = charset(entity.getCharset()).orElse(null);
        boolean declared = field != null && field.getCharset() != null && charset != null;
        if (type.equals("text/html")) {
            return HtmlReader.textOf(
                    declared ? Jsoup.parse(new String(bytes, charset)) : HtmlReader.parse(bytes), leftOut);
        }
        if (!type.equals("text/plain")) {
            leftOut.add("attached files", 1); // invitations, cards
            return "";
        }
        String text = declared
                ? PlainText.clean(new String(bytes, charset))
                : PlainText.decode(bytes).orElseThrow(Unreadable::charset);
        boolean flowed = field != null && "flowed".equalsIgnoreCase(field.getParameter("format"));
        return flowed ? joined(text, "yes".equalsIgnoreCase(field.getParameter("delsp"))) : text;
    }

    private String text(Multipart parts, String type) throws IOException {
        List<Entity> bodies = new ArrayList<>(parts.getBodyParts());
        if (!type.equals("multipart/alternative")) {
            List<String> texts = new ArrayList<>();
            for (Entity part : bodies) {
                String text = text(part);
                if (!text.isBlank()) {
                    texts.add(text.strip());
                }
            }
            return String.join("\n\n", texts);
        }
        // the plainest first: the others say the same
        for (Entity part : bodies) {
            if (part.getMimeType().equals("text/plain")) {
                String text = text(part);
                if (!text.isBlank()) {
                    leftOut.add("other versions of the text", bodies.size() - 1);
                    return text;
                }
            }
        }
        for (int i = bodies.size() - 1; i >= 0; i--) {
            String text = text(bodies.get(i));
            if (!text.isBlank()) {
                return text;
            }
        }
        return "";
    }

    private static byte[] bytes(SingleBody body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        body.writeTo(bytes);
        return bytes.toByteArray();
    }

    private static Optional<Charset> charset(String name) {
        try {
            return Optional.ofNullable(name).map(known -> Charset.forName(known.toLowerCase(Locale.ROOT)));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty(); // then it is guessed
        }
    }

    /** Lines that end with a space go on. */
    private static String joined(String text, boolean spaceIsNone) {
        StringBuilder joined = new StringBuilder();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            boolean last = i == lines.length - 1;
            boolean goesOn = !last && lines[i].endsWith(" ") && !lines[i].equals("-- ");
            String line = goesOn && spaceIsNone ? lines[i].substring(0, lines[i].length() - 1) : lines[i];
            joined.append(line).append(goesOn || last ? "" : "\n");
        }
        return joined.toString();
    }
}
