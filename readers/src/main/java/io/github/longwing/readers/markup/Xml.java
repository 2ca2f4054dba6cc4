package io.github.longwing.readers.markup;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import org.jsoup.parser.Parser;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;
import org.xml.sax.ext.DefaultHandler2;

/** Parses XML with the parser of the JDK: nothing outside of the file is fetched, entities are bounded. */
public final class Xml {
    private Xml() {}

    /**
     * Parses one document.
     *
     * @throws SAXException where it is not well-formed, or where entities multiply
     * @throws IOException where its bytes are none of its charset
     */
    public static void parse(InputStream content, DefaultHandler2 handler) throws SAXException, IOException {
        try {
            SAXParserFactory factory = SAXParserFactory.newDefaultNSInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            SAXParser parser = factory.newSAXParser();
            XMLReader reader = parser.getXMLReader();
            reader.setContentHandler(handler);
            reader.setErrorHandler(handler);
            reader.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
            reader.setProperty("http://xml.org/sax/properties/lexical-handler", handler);
            reader.parse(new InputSource(content));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("The JDK has no parser of XML", e);
        }
    }

    /** What an entity stands for whose document type was not fetched: what its name means in HTML, or nothing. */
    static String entity(String name) {
        String written = "&" + name + ";";
        String text = Parser.unescapeEntities(written, /* inAttribute */ false);
        return text.equals(written) ? "" : text;
    }
}
