package io.github.longwing.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Figures as the field's own packages give them, recorded by make_cases.py. */
class ReferenceFiguresTest {
    private static final double TOLERANCE = 1e-4;

    private static BufferedReader open(String name) throws IOException {
        InputStream stream = ReferenceFiguresTest.class.getResourceAsStream("/evaluation/" + name);
        return new BufferedReader(new InputStreamReader(
                name.endsWith(".gz") ? new GZIPInputStream(stream) : stream, StandardCharsets.UTF_8));
    }

    private static JsonElement json(String name) throws IOException {
        try (BufferedReader reader = open(name)) {
            return JsonParser.parseReader(reader);
        }
    }

    @Test
    void rougeIsThatOfRougeScore() throws IOException {
        List<JsonObject> cases;
        try (BufferedReader reader = open("rouge.jsonl")) {
            cases = reader.lines()
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .toList();
        }
        assertThat(cases).hasSizeGreaterThan(60);
        for (JsonObject recorded : cases) {
            Rouge rouge = Rouge.ofSentences(
                    lines(recorded.get("text").getAsString()),
                    lines(recorded.get("reference").getAsString()));

            String name = recorded.get("name").getAsString();
            assertThat(rouge.rouge1())
                    .as("ROUGE-1 of %s", name)
                    .isCloseTo(recorded.get("rouge1").getAsDouble(), within(TOLERANCE));
            assertThat(rouge.rouge2())
                    .as("ROUGE-2 of %s", name)
                    .isCloseTo(recorded.get("rouge2").getAsDouble(), within(TOLERANCE));
            assertThat(rouge.rougeLsum())
                    .as("ROUGE-Lsum of %s", name)
                    .isCloseTo(recorded.get("rougeLsum").getAsDouble(), within(TOLERANCE));
        }
    }

    private static List<String> lines(String text) {
        return Arrays.asList(text.split("\n"));
    }

    @Test
    void stemsAreThoseOfNltk() throws IOException {
        try (BufferedReader reader = open("stems.txt.gz")) {
            List<String[]> pairs = reader.lines().map(line -> line.split(" ")).toList();

            assertThat(pairs).hasSizeGreaterThan(40_000);
            assertThat(pairs)
                    .allSatisfy(pair ->
                            assertThat(PorterStemmer.stem(pair[0])).as(pair[0]).isEqualTo(pair[1]));
        }
    }

    @Test
    void labelsAreScoredAsByScikitLearn() throws IOException {
        for (JsonElement element : json("labels.json").getAsJsonArray()) {
            JsonObject recorded = element.getAsJsonObject();
            List<String> right = strings(recorded, "right");
            List<String> given = strings(recorded, "given");
            JsonArray probabilities = recorded.getAsJsonArray("probabilities");
            LabelSums labels = new LabelSums(java.util.stream.Stream.of(right, given)
                    .flatMap(List::stream)
                    .distinct()
                    .sorted()
                    .toList());
            Map<String, Integer> index = labels.index();
            double[] sums = new double[labels.width()];
            for (int i = 0; i < right.size(); i++) {
                Map<String, Double> all = new HashMap<>();
                probabilities
                        .get(i)
                        .getAsJsonObject()
                        .entrySet()
                        .forEach(entry ->
                                all.put(entry.getKey(), entry.getValue().getAsDouble()));
                double best =
                        all.values().stream().max(Comparator.naturalOrder()).orElseThrow();
                labels.add(
                        sums,
                        index.get(right.get(i)),
                        index.get(given.get(i)),
                        best,
                        LabelSums.brier(all, right.get(i)));
            }

            assertThat(labels.accuracy(sums)).isCloseTo(recorded.get("accuracy").getAsDouble(), within(TOLERANCE));
            assertThat(labels.macroF1(sums)).isCloseTo(recorded.get("macro_f1").getAsDouble(), within(TOLERANCE));
            assertThat(labels.brier(sums)).isCloseTo(recorded.get("brier").getAsDouble(), within(TOLERANCE));
            assertThat(labels.calibrationError(sums))
                    .isCloseTo(recorded.get("calibration_error").getAsDouble(), within(TOLERANCE));
        }
    }

    @Test
    void answersAreScoredByTheRulesOfSquad() throws IOException {
        for (JsonElement element : json("answers.json").getAsJsonObject().getAsJsonArray("answers")) {
            JsonObject recorded = element.getAsJsonObject();
            AnswerScore score = AnswerScore.of(recorded.get("given").getAsString(), strings(recorded, "right"));

            assertThat(score.exact())
                    .as("%s", recorded)
                    .isEqualTo(recorded.get("exact").getAsDouble());
            assertThat(score.f1())
                    .as("%s", recorded)
                    .isCloseTo(recorded.get("f1").getAsDouble(), within(TOLERANCE));
        }
    }

    @Test
    void theBestThresholdIsTheOneThatTryingAllGives() throws IOException {
        for (JsonElement element : json("answers.json").getAsJsonObject().getAsJsonArray("thresholds")) {
            JsonObject recorded = element.getAsJsonObject();
            List<JsonObject> questions = recorded.getAsJsonArray("questions").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .sorted(Comparator.comparingDouble(
                            question -> question.get("margin").getAsDouble()))
                    .toList();
            NoAnswerThreshold threshold = new NoAnswerThreshold(questions.stream()
                    .filter(question -> !question.get("answerable").getAsBoolean())
                    .count());
            questions.forEach(question -> threshold.add(
                    question.get("margin").getAsDouble(),
                    question.get("score").getAsDouble(),
                    question.get("answerable").getAsBoolean()));

            assertThat(threshold.best()).isCloseTo(recorded.get("best").getAsDouble(), within(TOLERANCE));
            assertThat(threshold.threshold())
                    .isEqualTo(
                            recorded.get("threshold").isJsonNull()
                                    ? Double.NEGATIVE_INFINITY
                                    : recorded.get("threshold").getAsDouble());
        }
    }

    private static List<String> strings(JsonObject json, String name) {
        return json.getAsJsonArray(name).asList().stream()
                .map(JsonElement::getAsString)
                .toList();
    }
}
