package io.github.longwing.readers.pdf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.fontbox.FontBoxFont;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.font.CIDFontMapping;
import org.apache.pdfbox.pdmodel.font.FontMapper;
import org.apache.pdfbox.pdmodel.font.FontMappers;
import org.apache.pdfbox.pdmodel.font.FontMapping;
import org.apache.pdfbox.pdmodel.font.PDCIDSystemInfo;
import org.apache.pdfbox.pdmodel.font.PDFontDescriptor;

/**
 * The one font for all that a PDF does not embed: the one that PDFBox carries. The fonts of the machine stay out of it,
 * so that the words of a document are the same on all machines, and nothing is cached in a home directory.
 */
final class BundledFonts implements FontMapper {
    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    private final TrueTypeFont font;

    private BundledFonts(TrueTypeFont font) {
        this.font = font;
    }

    /** For all PDFs that this process reads through these classes. */
    static void use() {
        try (InputStream stream = FontMapper.class.getResourceAsStream(FONT)) {
            FontMappers.set(new BundledFonts(new TTFParser().parse(new RandomAccessReadBuffer(stream))));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the font that PDFBox carries", e);
        }
    }

    @Override
    public FontMapping<TrueTypeFont> getTrueTypeFont(String name, PDFontDescriptor descriptor) {
        return new FontMapping<>(font, /* isFallback */ false);
    }

    @Override
    public FontMapping<FontBoxFont> getFontBoxFont(String name, PDFontDescriptor descriptor) {
        return new FontMapping<>(font, /* isFallback */ false);
    }

    @Override
    public CIDFontMapping getCIDFont(String name, PDFontDescriptor descriptor, PDCIDSystemInfo characters) {
        return new CIDFontMapping(null, font, /* isFallback */ false);
    }
}
