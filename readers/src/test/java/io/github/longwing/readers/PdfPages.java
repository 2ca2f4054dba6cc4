package io.github.longwing.readers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.util.Matrix;

/** A PDF that is drawn line by line, as a test has it. */
final class PdfPages implements AutoCloseable {
    static final double WIDTH = 420;
    static final double HEIGHT = 595;

    final PDDocument document = new PDDocument();
    final PDFont font;
    private PDPage page;
    private Matrix turn = new Matrix();

    PdfPages() {
        try (InputStream stream =
                PDDocument.class.getResourceAsStream("/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf")) {
            font = PDType0Font.load(document, stream, /* embedSubset */ true);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A new page, on which the next lines come. */
    PdfPages page() {
        page = new PDPage(new PDRectangle((float) WIDTH, (float) HEIGHT));
        document.addPage(page);
        turn = new Matrix();
        return this;
    }

    /** A new page that is shown turned so that what is drawn stands upright. */
    PdfPages page(int degrees) {
        page();
        page.setRotation(degrees);
        switch (degrees) {
            case 90 -> turn = new Matrix(0, 1, -1, 0, (float) WIDTH, 0);
            case 180 -> turn = new Matrix(-1, 0, 0, -1, (float) WIDTH, (float) HEIGHT);
            case 270 -> turn = new Matrix(0, -1, 1, 0, 0, (float) HEIGHT);
            default -> {}
        }
        return this;
    }

    PDPage current() {
        return page;
    }

    /** A line with its baseline so far from the bottom. */
    PdfPages line(double x, double y, double size, String text) throws IOException {
        return turned(Matrix.getTranslateInstance((float) x, (float) y), size, text);
    }

    /** A line that lies as the matrix says. */
    PdfPages turned(Matrix at, double size, String text) throws IOException {
        try (PDPageContentStream stream =
                new PDPageContentStream(document, page, PDPageContentStream.AppendMode.APPEND, true)) {
            stream.beginText();
            stream.setFont(font, (float) size);
            stream.setTextMatrix(Matrix.concatenate(turn, at));
            stream.showText(text);
            stream.endText();
        }
        return this;
    }

    /** Lines of a paragraph, as wide as said; where the next one begins. */
    double paragraph(double x, double y, double width, double size, String text) throws IOException {
        double below = y;
        for (String line : wrapped(width, size, text)) {
            line(x, below, size, line);
            below -= 1.2 * size;
        }
        return below;
    }

    List<String> wrapped(double width, double size, String text) throws IOException {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String word : text.split(" ", -1)) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (font.getStringWidth(longer) / 1000 * size > width && !line.isEmpty()) {
                lines.add(line);
                longer = word;
            }
            line = longer;
        }
        lines.add(line);
        return lines;
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        document.save(bytes);
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        document.close();
    }
}
