package io.github.longwing.extraction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.segmentation.CodePointText;
import io.github.longwing.segmentation.Span;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which sentences of texts of many kinds may stand in a summary. */
class SentenceRuleTest {

    @Test
    void takesWhatIsSaidAndNotWhoSaysItOrWhen() {
        String text = """
            WEBVTT

            00:00:01.000 --> 00:00:04.000
            INTERVIEWER: So tell me how you first came to work on the bridge project.

            00:00:05.000 --> 00:00:09.000
            Dr. Amina Okafor: Well, I joined in 2009, when the old bridge had already been closed for two years. We had no money. The city council wanted a design by the spring.

            [00:12:10] SPEAKER 2: I think that the committee should meet again before we decide anything about the budget. Thank you.
            Q: And did you agree with the decision that was taken at that meeting in June?
            A: Yes. I told Mr. Smith that we would support the proposal as long as the costs were shared by all three towns.
            """;

        assertThat(sentences(text))
                .containsExactly(
                        "So tell me how you first came to work on the bridge project.",
                        "Well, I joined in 2009, when the old bridge had already been closed for two years.",
                        "The city council wanted a design by the spring.",
                        "I think that the committee should meet again before we decide anything about the budget.",
                        "And did you agree with the decision that was taken at that meeting in June?",
                        "I told Mr. Smith that we would support the proposal as long as the costs were shared by all three towns.");
    }

    @Test
    void takesTheSentencesOfClausesWithoutTheirNumbersAndTitles() {
        String text = """
                                      MASTER SERVICES AGREEMENT

            This Master Services Agreement (the "Agreement") is entered into as of January 5, 2020 by and between Acme, Inc., a Delaware
            corporation ("Acme"), and Beta Co. Ltd., a company organized under the laws of England ("Beta").

            1. DEFINITIONS.
            1.1 "Services" means the services described in Exhibit A, as amended from time to time by the parties in writing.

            1.2 Term. The term of this Agreement shall commence on the Effective Date and shall continue for a period of three (3) years
            unless terminated earlier in accordance with Section 9. Either party may renew it.

            (a) Customer shall pay all undisputed invoices within thirty (30) days after receipt of the invoice by the Customer.
            (b) Late payments shall bear interest at the rate of 1.5% per month or the highest rate permitted by law, whichever is less.

            Section 9.2 Governing Law. This Agreement shall be governed by the laws of the State of New York, without regard to its conflict of laws rules.

            Page 3 of 12

            12.  LIMITATION OF LIABILITY. IN NO EVENT SHALL EITHER PARTY BE LIABLE FOR ANY INDIRECT DAMAGES ARISING OUT OF THIS AGREEMENT.
            """;

        assertThat(sentences(text))
                .containsExactly(
                        "This Master Services Agreement (the \"Agreement\") is entered into as of January 5, 2020 by and between Acme, Inc., a Delaware\ncorporation (\"Acme\"), and Beta Co. Ltd., a company organized under the laws of England (\"Beta\").",
                        "\"Services\" means the services described in Exhibit A, as amended from time to time by the parties in writing.",
                        "The term of this Agreement shall commence on the Effective Date and shall continue for a period of three (3) years\nunless terminated earlier in accordance with Section 9.",
                        "Customer shall pay all undisputed invoices within thirty (30) days after receipt of the invoice by the Customer.",
                        "Late payments shall bear interest at the rate of 1.5% per month or the highest rate permitted by law, whichever is less.",
                        "This Agreement shall be governed by the laws of the State of New York, without regard to its conflict of laws rules.",
                        "IN NO EVENT SHALL EITHER PARTY BE LIABLE FOR ANY INDIRECT DAMAGES ARISING OUT OF THIS AGREEMENT.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ARTICLE 2 PRODUCT SALES 2.1 Loop Sales Contracts. The seller ships the goods to the buyer within ten days of the order. | The seller ships the goods to the buyer within ten days of the order.",
                "The term ends in May of the year after next. CONFIDENTIAL INFORMATION 7.1 Each party keeps secret what it learns of the other. | Each party keeps secret what it learns of the other.",
                "ARTICLE IV CONDUCT OF BUSINESS The parties meet twice a year to decide on the plan for the next one. | The parties meet twice a year to decide on the plan for the next one.",
                "GENERAL MOTORS Company pays the fee within thirty days after the end of each month. | GENERAL MOTORS Company pays the fee within thirty days after the end of each month.",
                "IT IS AGREED THAT The buyer pays the fee within thirty days of the invoice. | IT IS AGREED THAT The buyer pays the fee within thirty days of the invoice.",
                "NASA sent The Eagle and its crew to the moon in the summer of that year. | NASA sent The Eagle and its crew to the moon in the summer of that year.",
            })
    void takesASentenceWithoutTheHeadingOnTheSameLine(String text, String sentence) {
        assertThat(sentences(text)).last().isEqualTo(sentence);
    }

    @Test
    void takesTheProseOfAnArticleAndNoHeadsTablesCaptionsOrReferences() {
        String text = """
            Journal of Sea Studies 12 (3)
            The effect of wind on the flight of sea birds
            J. Smith and K. Jones

            Abstract
            Sea birds often fly low over the water when the wind is strong, but nobody has measured how
            much energy this saves (Fig. 1). We measured the heart rate of 23 birds (Larus sp.) with small
            loggers in the U.K. and the U.S. during two summers, e.g. in June 2019. The birds saved about 30%.

            Table 1. Heart rates of the birds.
            Bird    Rate    Wind
            1       230     4.5
            2       210     7.1

            Figure 2: Distribution of the flight heights of all birds across the season in the northern bay.

            Journal of Sea Studies 12 (3)
            2. Methods
            All birds were caught at night with nets and were released within one hour of their capture.[12] They
            carried loggers of 11 g, i.e. less than 2% of their weight. Smith et al. describe the loggers in detail elsewhere.
            Journal of Sea Studies 12 (3)
            References
            1. Smith J, Jones K. The flight of birds over the open sea in summer and in winter. J Exp Biol. 2010;12:34-45.
            2. Brown, A. B., and C. D. Green. 2011. Wind and the birds of the northern coasts of Europe. Oxford University Press.
            """;

        assertThat(sentences(text))
                .containsExactly(
                        "Sea birds often fly low over the water when the wind is strong, but nobody has measured how\nmuch energy this saves (Fig. 1).",
                        "We measured the heart rate of 23 birds (Larus sp.) with small\nloggers in the U.K. and the U.S. during two summers, e.g. in June 2019.",
                        "All birds were caught at night with nets and were released within one hour of their capture.[12]",
                        "They\ncarried loggers of 11 g, i.e. less than 2% of their weight.",
                        "Smith et al. describe the loggers in detail elsewhere.");
    }

    @Test
    void takesTheProseOfMarkdownAndNoCode() {
        String text = """
            # Retry requests
            This proposal describes how the client retries requests that failed for reasons beyond its control.

            ## Motivation
            - Users lose work when a request fails, and they have asked for retries in many issues over the years.
            - [x] Done

            ```python
            # This is a comment that looks like a whole sentence of prose.
            print("Hello there, this is some code that prints.")
            ```

            > The server should tell the client how long it has to wait before it may try again.

            | Option | Meaning |
            |---|---|
            | retries | How often a request is sent again before the client gives up on it. |

            See the [design document](https://example.org/design) for the details of how the waiting times grow with each attempt.
            """;

        assertThat(sentences(text))
                .containsExactly(
                        "This proposal describes how the client retries requests that failed for reasons beyond its control.",
                        "Users lose work when a request fails, and they have asked for retries in many issues over the years.",
                        "The server should tell the client how long it has to wait before it may try again.",
                        "See the [design document](https://example.org/design) for the details of how the waiting times grow with each attempt.");
    }

    @Test
    void knowsTheStopsOfOtherScripts() {
        String text = """
            长江是中国最长的河流,发源于青藏高原,全长约六千三百公里。它流经十一个省、自治区和直辖市,最后在上海注入东海。2019年,流域内的人口超过四亿人,占全国总人口的三分之一。

            日本列島は大小の島々からなり、北から南まで約三千キロメートルにわたって連なっている。気候は地域によって大きく異なる。

            गंगा भारत की सबसे लंबी और सबसे महत्वपूर्ण नदियों में से एक है। यह उत्तराखंड में हिमालय से निकलकर बंगाल की खाड़ी में मिलती है। यह पवित्र है।

            يعد نهر النيل أطول أنهار العالم ويمر عبر إحدى عشرة دولة في القارة الأفريقية. هل تعتمد مصر على مياه النهر في الزراعة والصناعة والشرب منذ آلاف السنين؟

            Волга является самой длинной рекой Европы и протекает через европейскую часть России. В 2010 г. население бассейна составляло около шестидесяти миллионов человек.

            한강은 대한민국의 중부를 가로질러 흐르는 강으로 길이는 약 오백 킬로미터이다. 서울은 한강을 끼고 발달한 도시로 천만 명에 가까운 사람들이 살고 있다.

            แม่น้ำเจ้าพระยาเป็นแม่น้ำสายสำคัญของประเทศไทย
            """;

        assertThat(sentences(text))
                .containsExactly(
                        "长江是中国最长的河流,发源于青藏高原,全长约六千三百公里。",
                        "它流经十一个省、自治区和直辖市,最后在上海注入东海。",
                        "2019年,流域内的人口超过四亿人,占全国总人口的三分之一。",
                        "日本列島は大小の島々からなり、北から南まで約三千キロメートルにわたって連なっている。",
                        "गंगा भारत की सबसे लंबी और सबसे महत्वपूर्ण नदियों में से एक है।",
                        "यह उत्तराखंड में हिमालय से निकलकर बंगाल की खाड़ी में मिलती है।",
                        "يعد نهر النيل أطول أنهار العالم ويمر عبر إحدى عشرة دولة في القارة الأفريقية.",
                        "هل تعتمد مصر على مياه النهر في الزراعة والصناعة والشرب منذ آلاف السنين؟",
                        "Волга является самой длинной рекой Европы и протекает через европейскую часть России.",
                        "В 2010 г. население бассейна составляло около шестидесяти миллионов человек.",
                        "한강은 대한민국의 중부를 가로질러 흐르는 강으로 길이는 약 오백 킬로미터이다.",
                        "서울은 한강을 끼고 발달한 도시로 천만 명에 가까운 사람들이 살고 있다.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Too short to stand alone.",
                "and this one begins in the middle of a sentence that is not here.",
                "This one has no stop and may be a heading of many words",
                "Its bracket is closed here) but was opened before the begin of this sentence.",
                "Um I think that the uh buttons should be on the top of the remote control.",
                "I think {vocalsound} that the buttons should be on the top of the remote control.",
                "Figure 3 shows that the birds fly lower when the wind is strong in the evening.",
                "# A heading of markdown may be a whole sentence with a stop at its end.",
                "| One cell of a table may hold a whole sentence of prose. | 17 |",
                "Chapter One: the birds and the sea and the wind ........................ 17.",
                "12.5 13.7 (14.2) 15.9, 17.3; 18.8 / 19.2 are 20.4 21.6 22.8 23.1.",
                "Smith AB, Jones C. The flight of birds over the open sea in summer. Nature 2010."
            })
    void leavesOut(String text) {
        assertThat(sentences(text)).isEmpty();
    }

    @Test
    void takesOneOfSentencesThatAreAlike() {
        String sentence = "The committee will meet again on the first day of the next month.";

        assertThat(SentenceRule.sentences(sentence + "\n\nThe  end.\n\n" + sentence.replace(" ", "  ")))
                .containsExactly(new Span(0, sentence.length()));
    }

    @Test
    void countsCodePoints() {
        String text =
                "\uD83E\uDD8B\uD83E\uDD8B\n\nThe butterflies come back to the garden in the first warm days of May.";

        assertThat(SentenceRule.sentences(text)).containsExactly(new Span(4, text.length() - 2));
    }

    @Test
    void takesAnyLineWhereThereAreNoSentences() {
        String text = "Sales\t17\n---\nCosts 12. Then nothing";

        assertThat(SentenceRule.sentences(text)).isEmpty();
        assertThat(texts(text, SentenceRule.anything(text))).containsExactly("Sales\t17", "Costs 12.", "Then nothing");
    }

    private static List<String> sentences(String text) {
        return texts(text, SentenceRule.sentences(text));
    }

    private static List<String> texts(String text, List<Span> spans) {
        CodePointText codePoints = CodePointText.of(text);
        return spans.stream().map(codePoints::substring).toList();
    }
}
