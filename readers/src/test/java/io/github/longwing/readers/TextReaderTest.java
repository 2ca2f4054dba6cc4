package io.github.longwing.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In which charsets texts are read. */
class TextReaderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UTF-8 | The café served naïve guests – “quoted” text – for €5.",
                "UTF-16LE | The café served naïve guests – “quoted” text – for €5.",
                "UTF-16BE | The café served naïve guests – “quoted” text – for €5.",
                "UTF-32LE | The café served naïve guests – “quoted” text – for €5.",
                "UTF-16LE | Река начинается в горах и весной затопляет долину.",
                "UTF-16BE | Река начинается в горах и весной затопляет долину.",
                "UTF-16LE | 河流发源于山中，春天淹没山谷。农民在两岸种植大麦。",
                "UTF-16BE | 日本語の文章です。川は山から流れて谷を潤します。",
                "UTF-16LE | Ο ποταμός πηγάζει από τους λόφους πάνω από την πόλη.",
                "windows-1252 | The café served naïve guests – “quoted” text – for €5.",
                "windows-1252 | It is 5° and costs £5.",
                "ISO-8859-1 | L'été dernier, les élèves français étaient à la fenêtre de la forêt.",
                "windows-1250 | Příliš žluťoučký kůň úpěl ďábelské ódy. Zażółć gęślą jaźń.",
                "windows-1251 | Река начинается в горах и весной затопляет долину.",
                "windows-1253 | Ο ποταμός πηγάζει από τους λόφους πάνω από την πόλη.",
                "windows-1254 | Şu ırmak dağlarda doğar, ilkbaharda vadiyi basar. Güneş çıkınca ağaçlar yeşerir.",
                "windows-1255 | הנהר מתחיל בהרים ובאביב הוא מציף את העמק.",
                "windows-1256 | ينبع النهر من الجبال ويغمر الوادي في الربيع.",
                "KOI8-R | Река начинается в горах и весной затопляет долину.",
                "IBM866 | Река начинается в горах и весной затопляет долину.",
                "Shift_JIS | 日本語の文章です。川は山から流れて谷を潤します。",
                "EUC-JP | 日本語の文章です。川は山から流れて谷を潤します。",
                "ISO-2022-JP | 日本語の文章です。川は山から流れて谷を潤します。",
                "EUC-KR | 강은 산에서 시작하여 봄에 골짜기를 범람시킨다.",
                "Big5 | 河流發源於山中，春天淹沒山谷。農民在兩岸種植大麥已有很久。",
                "GB18030 | 河流发源于山中，春天淹没山谷。农民在两岸种植大麦已有很久。",
                "IBM437 | Der Käufer prüft die Größe. Das Café öffnet später, señor.",
                "IBM437 | ┌──────┐ │ Käse │ └──────┘",
                "IBM850 | Le propriétaire a été à Orléans; ça coûte très cher. L'Été dernier où il gelât.",
                "IBM850 | The café is closed on Monday.",
                "x-MacRoman | The café served naïve guests – “quoted” text – it’s for déjà vu.",
                "x-MacRoman | “It’s his,” she said – and left…",
                "x-MacRoman | The café is closed on Monday."
            })
    void aTextIsReadInItsCharset(String charset, String text) {
        assertThat(read(text.getBytes(Charset.forName(charset)))).isEqualTo(text);
        String paragraphs = (text + " ").repeat(5).strip() + "\n\n" + text;
        assertThat(read(paragraphs.getBytes(Charset.forName(charset)))).isEqualTo(paragraphs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void aByteOrderMarkDecidesAndIsNoPartOfTheText(String charset) {
        assertThat(read("\uFEFF日 река".getBytes(Charset.forName(charset)))).isEqualTo("日 река");
    }

    @Test
    void utf8IsNoticedWhereverItsFirstLetterIs() {
        String text = "a ".repeat(100_000) + "é";

        assertThat(read(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    }

    @Test
    void otherCharsetsAreNoticedWhereverTheirFirstLetterIs() {
        String text = "word ".repeat(100_000) + "café au lait";

        assertThat(read(text.getBytes(Charset.forName("IBM850")))).isEqualTo(text);
    }

    @Test
    void lineEndsOfOtherSystemsBecomeLineFeedsAndTheEndMarkOfDosGoes() {
        assertThat(read("one\r\n\r\ntwo\rthree\r\n\u001A".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("one\n\ntwo\nthree");
    }

    @Test
    void bytesOfNoCharsetAreAnErrorOfTheirOwn() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 20; i++) {
            bytes.writeBytes(
                    new byte[] {'A', 'B', (byte) 0x81, (byte) 0x8D, 'C', (byte) 0x90, (byte) 0x9D, 'D', (byte) 0xFF, 'E'
                    });
        }
        DocumentException failure = catchThrowableOfType(DocumentException.class, () -> read(bytes.toByteArray()));

        assertThat(failure)
                .hasMessage(
                        "Cannot read the file: its bytes are a text in no charset that can be told from others, expected"
                                + " UTF-8 or one that can; convert it to UTF-8 before");
        assertThat(failure.kind()).isEqualTo(Kind.UndecodableText);
    }

    @Test
    void zerosAreNoText() {
        byte[] zeros = new byte[1_000];
        Arrays.fill(zeros, 0, 10, (byte) 'a');

        assertThat(catchThrowableOfType(DocumentException.class, () -> read(zeros))
                        .kind())
                .isEqualTo(Kind.UnreadableFile);
    }

    private static String read(byte[] content) {
        return new TikaReader().read(content, "a.txt").text();
    }
}
