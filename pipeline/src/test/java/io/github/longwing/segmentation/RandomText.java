package io.github.longwing.segmentation;

import java.util.Random;

/** Texts of everything that offsets and boundaries can stumble over. */
final class RandomText {
    private static final String[] PIECES = {
        "wind",
        "The sea is cold",
        "birds fly low.",
        "Dr. Who?",
        "1.5 km",
        "\uD83D\uDE80",
        "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
        "\uD835\uDD18\uD835\uDD2B\uD835\uDD26",
        "e\u0301te\u0301",
        "o\u0302\u0323\u0308",
        "\u4F60\u597D\u3002\u518D\u89C1\uFF01",
        "\u6C49\u5B57\u6CA1\u6709\u7A7A\u683C",
        "\u0E20\u0E32\u0E29\u0E32\u0E44\u0E17\u0E22",
        "\u0627\u0644\u0633\u0644\u0627\u0645",
        "\uFDFA",
        "\u00BD\uFB01\u2460",
        "\u0000",
        "\u0007\u001B[31m",
        "\uFEFF",
        "\uFFFD",
        "\uD800",
        "\uDC00",
        "</s>",
        "<n>",
        "-----",
        "a".repeat(300),
        "\u00E4\uD83E\uDD8B".repeat(40)
    };
    private static final String[] BLANKS = {
        " ",
        " ",
        " ",
        " ",
        "",
        "\n",
        "\r\n",
        "\t",
        "  ",
        "\n\n",
        "\r\n\r\n",
        "\u00A0",
        "\u3000",
        "\u2028",
        "\u2029",
        "\n \t \n\n",
        ". ",
        "! "
    };

    private RandomText() {}

    static String of(Random random) {
        StringBuilder text = new StringBuilder();
        int pieces = random.nextInt(120);
        boolean mixed = random.nextInt(4) > 0; // else the same piece and blank again and again
        int piece = random.nextInt(PIECES.length);
        int blank = random.nextInt(BLANKS.length);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES[mixed ? random.nextInt(PIECES.length) : piece]);
            text.append(BLANKS[mixed ? random.nextInt(BLANKS.length) : blank]);
        }
        return text.toString();
    }
}
