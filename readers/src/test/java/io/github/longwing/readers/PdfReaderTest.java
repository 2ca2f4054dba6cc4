package io.github.longwing.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.fileformat.ReadDocument;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentNameDictionary;
import org.apache.pdfbox.pdmodel.PDEmbeddedFilesNameTreeNode;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDMetadata;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.common.filespecification.PDComplexFileSpecification;
import org.apache.pdfbox.pdmodel.common.filespecification.PDEmbeddedFile;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationText;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDTextField;
import org.apache.pdfbox.util.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of pages, whatever they look like. */
class PdfReaderTest {
    private static final String FIRST =
            "The river rises in the hills above the town, where three springs meet below a ridge"
                    + " of grey stone, and in dry years two of them fail. The mill stands still from June to September.";
    private static final String SECOND = "In spring it floods the valley. The water stays for a week or two, and leaves"
            + " behind it a fine brown silt, on which the farmers of both banks have grown their barley for as long as"
            + " anyone has written it down.";
    private static final String THIRD =
            "A bridge of seven arches carries the old road across. The fifth arch fell in the"
                    + " flood of 1784, and was built again a little wider than its neighbours.";

    @ParameterizedTest
    @ValueSource(strings = {"0", "90", "180", "270", "0,90,180,270", "90,0,90"})
    void rotatedPagesReadAsUprightOnes(String rotations) throws IOException {
        try (PdfPages pages = new PdfPages()) {
            List<String> expected = new ArrayList<>();
            for (String rotation : rotations.split(",", -1)) {
                pages.page(Integer.parseInt(rotation));
                double y = pages.paragraph(60, 400, 240, 11, FIRST);
                pages.paragraph(60, y - 10, 240, 11, SECOND);
                Collections.addAll(expected, FIRST, SECOND);
            }

            assertThat(paragraphs(pages)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {90, 180, 270})
    void pagesThatLieOnTheirSideReadAsUprightOnes(int rotation) throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page().paragraph(60, 500, 300, 11, FIRST);
            pages.current().setRotation(rotation);

            assertThat(paragraphs(pages)).containsExactly(FIRST);
        }
    }

    @Test
    void aTextThatRunsUpThePageIsReadAsItRuns() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page().paragraph(60, 500, 300, 11, FIRST);
            pages.turned(new Matrix(0, 1, -1, 0, 30, 100), 9, "arXiv:1234.5678 [q-bio] 1 Jan 2020");

            assertThat(paragraphs(pages)).containsExactly(FIRST, "arXiv:1234.5678 [q-bio] 1 Jan 2020");
        }
    }

    @Test
    void paragraphsAreToldByTheirIndents() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page();
            double y = 500;
            for (String text : List.of(FIRST, SECOND, THIRD)) {
                List<String> lines = pages.wrapped(280, 11, "mm " + text);
                pages.line(78, y, 11, lines.get(0).substring(3));
                y -= 13.2;
                for (String line : lines.subList(1, lines.size())) {
                    pages.line(60, y, 11, line);
                    y -= 13.2;
                }
            }

            assertThat(paragraphs(pages)).containsExactly(FIRST, SECOND, THIRD);
        }
    }

    @Test
    void pagesAreMarkedWhereTheirTextBegins() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page();
            double y = pages.paragraph(60, 500, 300, 11, FIRST);
            List<String> lines = pages.wrapped(300, 11, SECOND);
            pages.line(60, y - 10, 11, lines.get(0));
            pages.line(60, y - 23.2, 11, lines.get(1));
            pages.line(60, 60, 7, "1 Measured at the upper mill.");
            pages.page(); // nothing stands on it
            pages.page();
            y = 500;
            for (String line : lines.subList(2, lines.size())) {
                pages.line(60, y, 11, line);
                y -= 13.2;
            }

            ReadDocument read = read(pages);

            String text = read.text();
            assertThat(read.pageMarks().stream().map(mark -> mark.page() + " " + words(text, mark.begin())))
                    .as(text)
                    .containsExactly("1 The river rises", "3 " + words(lines.get(2), 0), "1 1 Measured at");
        }
    }

    private static String words(String text, int codePoint) {
        String[] words = text.substring(text.offsetByCodePoints(0, codePoint)).split(" ", 4);
        return String.join(" ", words[0], words[1], words[2]);
    }

    @Test
    void aParagraphGoesOnOverTheEndOfThePageAndItsNotes() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page();
            double y = pages.paragraph(60, 500, 300, 11, FIRST);
            List<String> lines = pages.wrapped(300, 11, SECOND);
            pages.line(60, y - 10, 11, lines.get(0));
            pages.line(60, y - 23.2, 11, lines.get(1));
            pages.line(60, 60, 7, "1 Measured at the upper mill.");
            pages.page();
            for (int i = 2; i < lines.size(); i++) {
                pages.line(60, 500 - 13.2 * i, 11, lines.get(i));
            }

            assertThat(paragraphs(pages)).containsExactly(FIRST, SECOND, "1 Measured at the upper mill.");
        }
    }

    @Test
    void hyphensThatDivideWordsGoAndThoseOfCompoundsStay() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page();
            String[] lines = {
                "The state of the art and the art of the state are a long-term matter, and the docu-",
                "ments of the council say nothing of the cost of it. A well-known long-",
                "term study of the block-sparse kind, with a self-",
                "organised group, was made of COVID-",
                "19 and of the Jean-",
                "Paul bridge, of pre-",
                "and postwar times, and of the state-of-the-",
                "art of UV-",
                "light. Nothing \u00ADmore was ever writ\u00AD",
                "ten of it, and of the in\u2010",
                "ternational rivers."
            };
            for (int i = 0; i < lines.length; i++) {
                pages.line(40, 500 - 13.2 * i, 11, lines[i]);
            }

            assertThat(read(pages).text())
                    .isEqualTo(
                            "The state of the art and the art of the state are a long-term matter, and the documents of"
                                    + " the council say nothing of the cost of it. A well-known long-term study of the"
                                    + " block-sparse kind, with a self-organised group, was made of COVID-19 and of the Jean-Paul"
                                    + " bridge, of pre- and postwar times, and of the state-of-the-art of UV-light. Nothing more"
                                    + " was ever written of it, and of the international rivers.");
        }
    }

    @Test
    void headsAndNumbersOfPagesAreLeftOutAndCounted() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            List<String> texts = List.of(FIRST, SECOND, THIRD, FIRST);
            for (int i = 0; i < texts.size(); i++) {
                pages.page();
                pages.line(60, 560, 8, i % 2 == 0 ? "Journal of Rivers, volume 12" : "A. Writer");
                pages.paragraph(60, 500, 300, 11, texts.get(i));
                pages.line(200, 30, 8, i == 0 ? "1" : "- " + (i + 1) + " -");
            }
            ReadDocument document = read(pages);

            assertThat(document.text()).isEqualTo(String.join("\n\n", texts));
            assertThat(document.leftOut()).isEqualTo(Map.of("running heads", 4, "page numbers", 4));
        }
    }

    @Test
    void headsWithANumberBesideThemAreHeads() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            String[] chapters = {"The river", "The valley", "The bridge", "The mill"};
            for (int i = 0; i < 4; i++) {
                pages.page();
                pages.line(60, 560, 8, (i + 17) + "     Chapter " + (i + 1) + ": " + chapters[i]);
                pages.paragraph(60, 500, 300, 11, i % 2 == 0 ? FIRST : SECOND);
            }
            ReadDocument document = read(pages);

            assertThat(document.text()).isEqualTo(String.join("\n\n", FIRST, SECOND, FIRST, SECOND));
            assertThat(document.leftOut()).isEqualTo(Map.of("running heads", 4));
        }
    }

    @Test
    void whatOnlyLooksLikeAHeadStays() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            for (int i = 0; i < 3; i++) {
                pages.page();
                pages.line(60, 513.2, 11, "This is sheet " + (i + 1) + " of the record.");
                pages.line(60, 500, 11, "It says that the river was high.");
            }

            assertThat(read(pages).text()).contains("This is sheet 1 of", "This is sheet 2 of", "This is sheet 3 of");
            assertThat(read(pages).leftOut()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(anonymous)",
                "untitled",
                "Untitled-1",
                "Untitled Document",
                "Microsoft Word - report.doc",
                "Microsoft Word - Final report",
                "report_final.docx",
                "paper.dvi",
                "C:\\Users\\me\\x.tex",
                "Document1",
                "PowerPoint Presentation",
                " "
            })
    void placeholdersAreNoTitles(String title) throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page().line(60, 500, 11, "text");
            pages.document.getDocumentInformation().setTitle(title);

            assertThat(read(pages).title()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"The river", "Documents of the river", "Untitled: a life", "Node.js in action"})
    void othersAre(String title) throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page().line(60, 500, 11, "text");
            pages.document.getDocumentInformation().setTitle("  " + title + "\n");

            assertThat(read(pages).title()).contains(title);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"column by column", "line by line"})
    void columnsAreReadOneAfterTheOther(String drawn) throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page();
            pages.line(60, 540, 16, "The river and the valley of the hills above");
            double[] y = {510, 510};
            List<List<String>> columns =
                    List.of(pages.wrapped(140, 10, FIRST + " " + SECOND), pages.wrapped(140, 10, THIRD + " " + FIRST));
            if (drawn.equals("line by line")) {
                for (int i = 0; i < columns.get(0).size(); i++) {
                    for (int column = 0; column < 2; column++) {
                        if (i < columns.get(column).size()) {
                            pages.line(
                                    60 + 152 * column,
                                    510 - 12 * i,
                                    10,
                                    columns.get(column).get(i));
                        }
                    }
                }
            } else {
                for (int column = 0; column < 2; column++) {
                    for (String line : columns.get(column)) {
                        pages.line(60 + 152 * column, y[column], 10, line);
                        y[column] -= 12;
                    }
                }
            }
            pages.line(60, 150, 10, "What stands below both columns is read last of all, and is a line.");

            assertThat(paragraphs(pages))
                    .containsExactly(
                            "The river and the valley of the hills above",
                            FIRST + " " + SECOND,
                            THIRD + " " + FIRST,
                            "What stands below both columns is read last of all, and is a line.");
        }
    }

    @Test
    void threeColumnsWithLinesAtDifferentHeights() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page();
            List<String> texts = List.of(FIRST, SECOND, THIRD);
            for (int column = 0; column < 3; column++) {
                pages.paragraph(30 + 125 * column, 500 - 5 * column, 112, 9, texts.get(column));
            }

            assertThat(paragraphs(pages)).isEqualTo(texts);
        }
    }

    @Test
    void aTableIsReadRowByRow() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page();
            double y = pages.paragraph(60, 500, 300, 11, FIRST) - 15;
            String[][] rows = {{"Year", "Silt, tons", "Barley"}, {"1784", "1,200", "310"}, {"1785", "900", "280"}};
            for (String[] row : rows) {
                for (int i = 0; i < row.length; i++) {
                    pages.line(60 + 100 * i, y, 11, row[i]);
                }
                y -= 14;
            }
            pages.paragraph(60, y - 15, 300, 11, SECOND);

            assertThat(read(pages).text())
                    .isEqualTo(FIRST + "\n\nYear\tSilt, tons\tBarley\n1784\t1,200\t310\n1785\t900\t280\n\n" + SECOND);
        }
    }

    @Test
    void rowsOfShortCellsAreRowsAndLabelsOfClausesAreNot() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page().line(60, 500, 11, "a").line(160, 500, 11, "b");
            pages.line(60, 486.8, 11, "c").line(160, 486.8, 11, "d");
            pages.line(60, 400, 11, "12.1").line(110, 400, 11, "The Supplier shall deliver the Goods to the");
            pages.line(110, 386.8, 11, "Customer at the place of delivery.");
            pages.line(60, 370, 11, "12.2").line(110, 370, 11, "The Customer shall pay for them.");

            assertThat(read(pages).text())
                    .isEqualTo("a\tb\nc\td\n\n12.1 The Supplier shall deliver the Goods to the Customer at the place of"
                            + " delivery.\n12.2 The Customer shall pay for them.");
        }
    }

    @Test
    void itemsOfAListAreLines() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page();
            pages.line(60, 500, 11, "The council asks for three things:");
            pages.line(60, 486.8, 11, "• water to be let through in March, as a trial for three years,");
            pages.line(70, 473.6, 11, "and in April;");
            pages.line(60, 460.4, 11, "• the silt to be weighed;");
            pages.line(60, 447.2, 11, "• nothing else.");

            assertThat(read(pages).text())
                    .isEqualTo(
                            "The council asks for three things:\n• water to be let through in March, as a trial for three"
                                    + " years, and in April;\n• the silt to be weighed;\n• nothing else.");
        }
    }

    @Test
    void ligaturesAreLetters() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page().line(60, 500, 11, "The \uFB01rst \uFB02ood of the of\uFB01ce");

            assertThat(read(pages).text()).isEqualTo("The first flood of the office");
        }
    }

    @Test
    void textFromRightToLeftIsReadInItsOrder() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            // as producers write it: each line as it is seen, from left to right
            pages.page().line(60, 500, 11, seen("הנהר עולה על גדותיו (בערך) בשנת") + " 1784 " + seen("והגשר נפל."));
            pages.line(60, 486.8, 11, seen("העמק") + " Longwing " + seen("הוא שם של"));

            assertThat(read(pages).text())
                    .contains("והגשר נפל. 1784 הנהר עולה על גדותיו (בערך) בשנת")
                    .contains("הוא שם של Longwing העמק");
        }
    }

    @Test
    void bracketsFromRightToLeftOpenBeforeTheyClose() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            // a font that says what a bracket means, not what it looks like
            pages.page()
                    .line(
                            60,
                            500,
                            11,
                            new StringBuilder("הגשר (הישן) נפל").reverse().toString());
            // a line from right to left in a paragraph from left to right: its end is to the right
            pages.line(60, 400, 11, seen("הגשמים היו כבדים") + ".");

            assertThat(paragraphs(pages)).containsExactly("הגשר (הישן) נפל", "הגשמים היו כבדים.");
        }
    }

    private static String seen(String read) {
        return new StringBuilder(read.replace('(', '<').replace(')', '(').replace('<', ')'))
                .reverse()
                .toString();
    }

    @Test
    void fontsThatDoNotSayTheirLettersMakeATextThatCannotBeDecoded() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page().paragraph(60, 500, 300, 11, FIRST);
            byte[] pdf = pages.bytes();
            try (PDDocument document = Loader.loadPDF(pdf)) {
                PDResources resources = document.getPage(0).getResources();
                for (COSName name : resources.getFontNames()) {
                    COSDictionary font = resources.getFont(name).getCOSObject();
                    font.removeItem(COSName.TO_UNICODE);
                }
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                document.save(bytes);
                pdf = bytes.toByteArray();
            }
            DocumentException failure = failure(pdf);

            assertThat(failure)
                    .hasMessage(
                            "Cannot read the file: it is application/pdf with fonts that do not say what letters their"
                                    + " shapes are, expected a Unicode map; run it through OCR before");
            assertThat(failure.kind()).isEqualTo(Kind.UndecodableText);
        }
    }

    @Test
    void aScanWithoutTextNamesOcr() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            for (int i = 0; i < 2; i++) {
                pages.page();
                try (PDPageContentStream stream = new PDPageContentStream(pages.document, pages.current())) {
                    BufferedImage image = new BufferedImage(10, 10, BufferedImage.TYPE_BYTE_GRAY);
                    stream.drawImage(LosslessFactory.createFromImage(pages.document, image), 0, 0, 400, 500);
                }
            }
            DocumentException failure = failure(pages.bytes());

            assertThat(failure)
                    .hasMessage(
                            "Cannot read the file: it is application/pdf of which the 2 pages are pictures, expected"
                                    + " text; run it through OCR before");
            assertThat(failure.kind()).isEqualTo(Kind.ScannedFile);
        }
    }

    @Test
    void theUnseenTextBehindAScanIsRead() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page();
            try (PDPageContentStream stream = new PDPageContentStream(pages.document, pages.current())) {
                stream.beginText();
                stream.setRenderingMode(RenderingMode.NEITHER);
                stream.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 11);
                stream.newLineAtOffset(60, 500);
                stream.showText("What OCR has found.");
                stream.endText();
            }

            assertThat(read(pages).text()).isEqualTo("What OCR has found.");
        }
    }

    @Test
    void anEmptyPageHasNoText() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            assertThat(read(pages.page()).text()).isEmpty();
        }
    }

    @Test
    void aThousandPagesAreRead() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            for (int i = 1; i <= 1_000; i++) {
                pages.page().line(60, 560, 8, "Record of the river");
                pages.line(60, 500, 11, "Entry " + i + " says that the water was high in that week.");
                pages.line(60, 486.8, 11, "Nothing else was seen.");
                pages.line(200, 30, 8, "Page " + i + " of 1000");
            }
            ReadDocument document = read(pages);

            assertThat(document.pages()).hasValue(1_000);
            assertThat(document.leftOut()).isEqualTo(Map.of("running heads", 1_000, "page numbers", 1_000));
            assertThat(document.text()).contains("Entry 1 says", "Entry 500 says", "Entry 1000 says");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage before it\n",
                "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n",
                "\uFEFF",
                "\n\n\n"
            })
    void aPdfMayBeginALittleLater(String before) throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page().paragraph(60, 500, 300, 11, FIRST);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(before.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            bytes.write(pages.bytes());

            assertThat(new TikaReader().read(bytes.toByteArray(), "a.pdf").text())
                    .isEqualTo(FIRST);
        }
    }

    @Test
    void whatIsFilledInIsPartOfThePage() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page().line(60, 500, 11, "Name of the owner:");
            PDAcroForm form = new PDAcroForm(pages.document);
            pages.document.getDocumentCatalog().setAcroForm(form);
            PDResources resources = new PDResources();
            resources.put(COSName.HELV, new PDType1Font(Standard14Fonts.FontName.HELVETICA));
            form.setDefaultResources(resources);
            form.setDefaultAppearance("/Helv 11 Tf 0 g");
            PDTextField field = new PDTextField(form);
            field.setPartialName("owner");
            form.getFields().add(field);
            field.getWidgets().get(0).setRectangle(new PDRectangle(165, 495, 150, 16));
            field.getWidgets().get(0).setPage(pages.current());
            pages.current().getAnnotations().add(field.getWidgets().get(0));
            field.setValue("Maria Miller");

            assertThat(read(pages).text()).isEqualTo("Name of the owner: Maria Miller");
        }
    }

    @Test
    void aFormInXfaSaysSo() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page().line(60, 500, 11, "Please wait...");
            PDAcroForm form = new PDAcroForm(pages.document);
            pages.document.getDocumentCatalog().setAcroForm(form);
            form.getCOSObject().setItem(COSName.getPDFName("XFA"), new COSArray());

            assertThat(failure(pages.bytes()))
                    .hasMessage(
                            "Cannot read the file: it is application/pdf and its text is a form in XFA, which only some"
                                    + " viewers fill in; print it to a PDF before");
        }
    }

    @Test
    void aTitleThatOnlyTheMetadataHaveIsOne() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page().line(60, 500, 11, "text");
            PDMetadata metadata = new PDMetadata(pages.document);
            metadata.importXMPMetadata(
                    ("<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF><rdf:Description><dc:title><rdf:Alt><rdf:li>"
                                    + "The river</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>")
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            pages.document.getDocumentCatalog().setMetadata(metadata);

            assertThat(read(pages).title()).contains("The river");
        }
    }

    @Test
    void watermarksAcrossThePageAreLeftOutAndCounted() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page().paragraph(60, 500, 300, 11, FIRST);
            pages.turned(Matrix.getRotateInstance(Math.toRadians(45), 100, 200), 60, "DRAFT");
            ReadDocument document = read(pages);

            assertThat(document.text()).isEqualTo(FIRST);
            assertThat(document.leftOut()).isEqualTo(Map.of("letters across the page", 5));
        }
    }

    @Test
    void notesAndAttachmentsAreCounted() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page().line(60, 500, 11, "The text.");
            PDAnnotationText note = new PDAnnotationText();
            note.setContents("I doubt it");
            note.setRectangle(new PDRectangle(10, 10, 10, 10));
            pages.current().getAnnotations().add(note);
            PDComplexFileSpecification file = new PDComplexFileSpecification();
            file.setFile("a.txt");
            file.setEmbeddedFile(new PDEmbeddedFile(pages.document, new ByteArrayInputStream(new byte[] {'a'})));
            PDEmbeddedFilesNameTreeNode files = new PDEmbeddedFilesNameTreeNode();
            files.setNames(Map.of("a.txt", file));
            PDDocumentNameDictionary names = new PDDocumentNameDictionary(pages.document.getDocumentCatalog());
            names.setEmbeddedFiles(files);
            pages.document.getDocumentCatalog().setNames(names);

            assertThat(read(pages).text()).isEqualTo("The text.");
            assertThat(read(pages).leftOut()).isEqualTo(Map.of("annotations", 1, "attached files", 1));
        }
    }

    @Test
    void wordsHoldTogetherHoweverTheyAreDrawn() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page();
            // each letter for itself, in any order
            String line = "The river rises in the hills above the town";
            List<Integer> order = new ArrayList<>();
            double[] x = new double[line.length()];
            double at = 60;
            for (int i = 0; i < line.length(); i++) {
                order.add(i);
                x[i] = at;
                at += pages.font.getStringWidth(line.substring(i, i + 1)) / 1000 * 11;
            }
            Collections.shuffle(order, new Random(1));
            for (int i : order) {
                if (line.charAt(i) != ' ') {
                    pages.line(x[i], 500, 11, line.substring(i, i + 1));
                }
            }
            // bold by being drawn twice
            pages.line(60, 450, 11, "Twice as bold");
            pages.line(60.2, 450, 11, "Twice as bold");
            // a spaced heading
            double spaced = 60;
            for (String word : List.of("THE", "BRIDGE")) {
                for (String letter : word.split("(?!^)", -1)) {
                    pages.line(spaced, 400, 11, letter);
                    spaced += pages.font.getStringWidth(letter) / 1000 * 11 + 4;
                }
                spaced += 8;
            }
            // raised marks of notes
            pages.line(60, 350, 11, "The barley");
            pages.line(60 + pages.font.getStringWidth("The barley") / 1000 * 11, 354, 7, "12");
            pages.line(60 + pages.font.getStringWidth("The barley") / 1000 * 11 + 8, 350, 11, " grew.");

            assertThat(paragraphs(pages)).containsExactly(line, "Twice as bold", "THE BRIDGE", "The barley12 grew.");
        }
    }

    @Test
    void aLargeFirstLetterBelongsToItsWord() throws IOException {
        try (PdfPages pages = new PdfPages()) {
            pages.page();
            pages.line(60, 473.6, 46, "T");
            List<String> lines = pages.wrapped(260, 11, FIRST.substring(1) + " " + SECOND);
            for (int i = 0; i < lines.size(); i++) {
                pages.line(i < 3 ? 90 : 60, 500 - 13.2 * i, 11, lines.get(i));
            }

            assertThat(read(pages).text()).isEqualTo(FIRST + " " + SECOND);
        }
    }

    @ParameterizedTest
    @CsvSource({"Identity, true", "Public key, false"})
    void encryptionForOthersIsEncryption(String kind, boolean readable) throws IOException {
        // a handler of certificates, for which no library is there
        String pdf = new String(
                TestFiles.pdf(
                        "BT /F 12 Tf 10 200 Td (Hello) Tj ET".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                java.nio.charset.StandardCharsets.ISO_8859_1);
        byte[] bytes = (readable
                        ? pdf
                        : pdf.replace(
                                "/Root 1 0 R",
                                "/Root 1 0 R/Encrypt<</Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4/R 4/Length 128"
                                        + "/CF<</DefaultCryptFilter<</CFM/AESV2/Length 16/Recipients[<00>]>>>>"
                                        + "/StmF/DefaultCryptFilter/StrF/DefaultCryptFilter>>/ID[<00><00>]"))
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

        if (readable) {
            assertThat(new TikaReader().read(bytes, "a.pdf").text()).isEqualTo("Hello");
        } else {
            assertThat(failure(bytes).kind()).isEqualTo(Kind.EncryptedFile);
        }
    }

    private static ReadDocument read(PdfPages pages) throws IOException {
        return new TikaReader().read(pages.bytes(), "a.pdf");
    }

    private static List<String> paragraphs(PdfPages pages) throws IOException {
        return List.of(read(pages).text().split("\n\n", -1));
    }

    private static DocumentException failure(byte[] pdf) {
        return catchThrowableOfType(DocumentException.class, () -> new TikaReader().read(pdf, "a.pdf"));
    }
}
