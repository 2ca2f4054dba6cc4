package io.github.longwing.verification;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.longwing.batching.EngineLimits;
import io.github.longwing.batching.GenerationEngine;
import io.github.longwing.batching.GenerationRequest;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.GenerationOption;
import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.generation.GeneratedSequence;
import io.github.longwing.generation.SearchFactory;
import io.github.longwing.generation.logits.SearchInput;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.DecoderSession;
import io.github.longwing.runtime.DecodingDocument;
import io.github.longwing.runtime.EvidencedLogits;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.runtime.SpanLogits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Runs recorded cases on a model, by the same sessions and searches as the jobs, and compares with what the reference
 * gave. A case that cannot be run, or a recorded tensor that no case compares, counts as failed. Not thread-safe.
 */
public final class Verification {
    /** What the cases of kind {@code causal_generate} were recorded with. */
    private static final int CAUSAL_NEW_TOKENS = 20;

    private static final int CAUSAL_BEAMS = 4;

    private final ModelSessions sessions;
    private final BigBirdPegasusConfig config;
    private final CaseFile file;

    private Verification(ModelSessions sessions, CaseFile file) {
        this.sessions = sessions;
        this.config = sessions.directory().config();
        this.file = file;
    }

    /** One outcome for each case of the directory, in its order. */
    public static List<CaseOutcome> run(ModelSessions sessions, Path cases) {
        try (CaseFile file = CaseFile.open(cases)) {
            Set<String> orphans = file.orphans();
            if (!orphans.isEmpty()) {
                throw new UserException("Cannot verify: " + cases + " has the tensors " + orphans
                        + ", expected only tensors of the cases in cases.json");
            }
            Verification verification = new Verification(sessions, file);
            return file.cases().stream().map(verification::outcome).toList();
        }
    }

    private CaseOutcome outcome(JsonObject testCase) {
        String name = testCase.get("case").getAsString();
        String kind = testCase.get("kind").getAsString();
        CaseOutcome.Rule rule =
                sessions.directory().precision() == Precision.INT8 ? CaseOutcome.Rule.INT8 : CaseOutcome.Rule.FLOAT32;
        Comparison comparison = new Comparison(name, kind, rule);
        try {
            switch (kind) {
                case "forward" -> forward(name, comparison);
                case "forward_encoder" -> encoder(name, RandomBlocks.REFERENCE, comparison);
                case "seeded_forward" -> encoder(name, RandomBlocks.PAPER, comparison);
                case "batch_forward" -> batch(name, comparison);
                case "generate" -> generate(testCase, comparison);
                case "classification" -> classification(name, comparison);
                case "classification_evidence" -> classificationEvidence(name, comparison);
                case "evidence" -> evidence(name, comparison);
                case "question_answering" -> questionAnswering(name, comparison);
                case "base_model" -> baseModel(name, comparison);
                case "causal_lm" -> causalLm(name, comparison);
                case "causal_generate" -> causalGenerate(testCase, comparison);
                default ->
                    comparison.fail("kind is " + kind + ", expected forward, forward_encoder, seeded_forward,"
                            + " batch_forward, generate, classification, classification_evidence, evidence,"
                            + " question_answering, base_model, causal_lm or causal_generate");
            }
            List<String> unused = file.unused(name);
            if (!unused.isEmpty()) {
                comparison.fail("nothing was compared with " + unused);
            }
        } catch (RuntimeException e) {
            comparison.fail(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        return comparison.outcome();
    }

    private void forward(String name, Comparison comparison) {
        int[] decoderIds = file.ints(name, "decoder_input_ids");
        try (HiddenStates states = encode(file.ints(name, "input_ids"), RandomBlocks.REFERENCE)) {
            compareStates(name, states.toArray(), comparison);
            comparison.tensor("logits", logits(states, decoderIds), file.floats(name, "logits"));
        }
    }

    /** The logits after each of some decoder tokens, [T, V], one step after the other as in generation. */
    private float[] logits(HiddenStates states, int[] decoderIds) {
        float[] logits = new float[decoderIds.length * config.vocabSize()];
        try (DecodingDocument document =
                sessions.decoder().begin(sessions.crossAttention().project(states, new Cancellation()), 1)) {
            step(document, decoderIds, 0, decoderIds.length, logits);
        }
        return logits;
    }

    /** Feeds the tokens {@code from} to {@code to}; the logits after each go to its place in [T, V]. */
    private void step(DecodingDocument document, int[] ids, int from, int to, float[] logits) {
        int vocabSize = config.vocabSize();
        for (int t = from; t < to; t++) {
            DecoderSession.Step step = sessions.decoder()
                    .step(List.of(new DecoderSession.StepInput(document, new int[] {ids[t]}, new int[1])));
            step.logits().get(0, logits, t * vocabSize, vocabSize);
        }
    }

    private void classification(String name, Comparison comparison) {
        int[] ids = file.ints(name, "input_ids");
        try (HiddenStates states = encode(ids, RandomBlocks.REFERENCE)) {
            comparison.tensor(
                    "logits", sessions.head().classify(states, ids, new Cancellation()), file.floats(name, "logits"));
        }
    }

    private void classificationEvidence(String name, Comparison comparison) {
        int[] ids = file.ints(name, "input_ids");
        try (HiddenStates states = encode(ids, RandomBlocks.REFERENCE)) {
            EvidencedLogits found = sessions.evidence().classify(states, ids, new Cancellation());
            comparison.tensor("logits", found.logits(), file.floats(name, "logits"));
            comparison.tensor("source_weights", found.weights(), file.floats(name, "source_weights"));
        }
    }

    private void evidence(String name, Comparison comparison) {
        try (HiddenStates states = encode(file.ints(name, "input_ids"), RandomBlocks.REFERENCE)) {
            float[] found =
                    sessions.evidence().weights(states, file.ints(name, "decoder_input_ids"), new Cancellation());
            comparison.tensor("source_weights", found, file.floats(name, "source_weights"));
        }
    }

    private void questionAnswering(String name, Comparison comparison) {
        int[] ids = file.ints(name, "input_ids");
        try (HiddenStates states = encode(ids, RandomBlocks.REFERENCE)) {
            SpanLogits found = sessions.head().answer(states, ids, new Cancellation());
            comparison.tensor("start_logits", found.start(), file.floats(name, "start_logits"));
            comparison.tensor("end_logits", found.end(), file.floats(name, "end_logits"));
        }
    }

    private void baseModel(String name, Comparison comparison) {
        int[] ids = file.ints(name, "input_ids");
        try (HiddenStates states = encode(ids, RandomBlocks.REFERENCE)) {
            compareStates(name, states.toArray(), comparison);
            comparison.tensor(
                    "last_hidden_state",
                    sessions.head().lastHiddenState(states, ids, new Cancellation()),
                    file.floats(name, "last_hidden_state"));
        }
    }

    /** The first half of the tokens one step after the other, the second half after the first was read as a prompt. */
    private void causalLm(String name, Comparison comparison) {
        int[] ids = file.ints(name, "input_ids");
        float[] logits = new float[ids.length * config.vocabSize()];
        int half = ids.length / 2;
        try (DecodingDocument stepped = read(ids, 1);
                DecodingDocument prompted = read(ids, half + 1)) {
            step(stepped, ids, 0, half, logits);
            step(prompted, ids, half, ids.length, logits);
        }
        comparison.tensor("logits", logits, file.floats(name, "logits"));
    }

    private DecodingDocument read(int[] ids, int promptTokens) {
        return sessions.prompt().read(Arrays.copyOf(ids, promptTokens), 1, new Cancellation());
    }

    private void causalGenerate(JsonObject testCase, Comparison comparison) {
        comparison.sequences(
                new int[][] {continuation(testCase, 1), continuation(testCase, CAUSAL_BEAMS)},
                new int[][] {row(testCase.get("greedy")), row(testCase.get("beams" + CAUSAL_BEAMS))});
    }

    private int[] continuation(JsonObject testCase, int beams) {
        GenerationConfig generation = GenerationConfig.read(sessions.directory().path())
                .with(Map.of(
                        "num_beams", Integer.toString(beams),
                        "do_sample", "false",
                        "max_new_tokens", Integer.toString(CAUSAL_NEW_TOKENS)));
        SearchFactory searches = new SearchFactory(generation, config);
        int[] prompt = row(testCase.get("input_ids"));
        SearchInput input = SearchInput.decoderOnly(testCase.get("case").getAsString(), prompt);
        return generate(searches, prompt, input).get(0).ids().stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private void encoder(String name, RandomBlocks randomBlocks, Comparison comparison) {
        try (HiddenStates states = encode(file.ints(name, "input_ids"), randomBlocks)) {
            compareStates(name, states.toArray(), comparison);
        }
    }

    private HiddenStates encode(int[] ids, RandomBlocks randomBlocks) {
        return sessions.encoder().encode(ids, randomBlocks, new Cancellation());
    }

    private void compareStates(String name, float[] states, Comparison comparison) {
        comparison.tensor("encoder_last_hidden_state", states, file.floats(name, "encoder_last_hidden_state"));
    }

    /** Every row of a padded batch; states of padding are not compared. */
    private void batch(String name, Comparison comparison) {
        int rows = Math.toIntExact(file.rows(name, "input_ids"));
        int[] allIds = file.ints(name, "input_ids");
        int[] allMasks = file.ints(name, "attention_mask");
        float[] expected = file.floats(name, "encoder_last_hidden_state");
        int length = allIds.length / rows;
        int d = config.dModel();
        for (int row = 0; row < rows; row++) {
            int[] ids = Arrays.copyOfRange(allIds, row * length, (row + 1) * length);
            int[] mask = Arrays.copyOfRange(allMasks, row * length, (row + 1) * length);
            try (HiddenStates states = sessions.encoder().encodePaddedRow(ids, mask, new Cancellation())) {
                float[] found = Arrays.copyOf(states.toArray(), length * d);
                float[] wanted = Arrays.copyOfRange(expected, row * length * d, (row + 1) * length * d);
                for (int i = 0; i < length; i++) {
                    if (mask[i] == 0) {
                        Arrays.fill(found, i * d, (i + 1) * d, 0);
                        Arrays.fill(wanted, i * d, (i + 1) * d, 0);
                    }
                }
                comparison.tensor("encoder_last_hidden_state of row " + row, found, wanted);
            }
        }
    }

    private void generate(JsonObject testCase, Comparison comparison) {
        GenerationConfig generation = GenerationConfig.read(sessions.directory().path())
                .with(Map.of(GenerationOption.EXTRACTIVE.name(), "false")) // the reference writes freely
                .with(options(testCase.getAsJsonObject("generation")));
        SearchFactory searches = new SearchFactory(generation, config);
        int[] inputIds = row(testCase.get("input_ids"));
        int start = generation.startTokenId().orElse(config.decoderStartTokenId());
        List<GeneratedSequence> found = generate(
                searches,
                inputIds,
                SearchInput.encoderDecoder(testCase.get("case").getAsString(), start, inputIds));
        int longest = found.stream().mapToInt(s -> s.ids().size()).max().orElse(0);
        int[][] sequences = found.stream()
                .map(s -> padded(s.ids(), longest, generation.fillTokenId()))
                .toArray(int[][]::new);
        comparison.sequences(
                sequences,
                testCase.getAsJsonArray("sequences").asList().stream()
                        .map(Verification::row)
                        .toArray(int[][]::new));
        JsonElement scores = testCase.get("sequences_scores");
        if (scores != null && !scores.isJsonNull()) {
            comparison.scores(
                    found.stream()
                            .mapToDouble(s -> s.score().orElse(Double.NaN))
                            .toArray(),
                    scores.getAsJsonArray().asList().stream()
                            .mapToDouble(JsonElement::getAsDouble)
                            .toArray());
        }
    }

    private List<GeneratedSequence> generate(SearchFactory searches, int[] inputIds, SearchInput input) {
        GenerationRequest request = new GenerationRequest(inputIds, searches.start(input), new Cancellation());
        try (GenerationEngine engine = new GenerationEngine(
                sessions, sessions.directory().randomBlocks(), searches.scores(), EngineLimits.oneAtATime())) {
            return engine.submit(request).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Map<String, String> options(JsonObject generation) {
        Map<String, String> options = new LinkedHashMap<>();
        generation.entrySet().forEach(e -> {
            JsonElement value = e.getValue();
            options.put(e.getKey(), value.isJsonPrimitive() ? value.getAsString() : value.toString());
        });
        return options;
    }

    private static int[] row(JsonElement ids) {
        return ids.getAsJsonArray().asList().stream()
                .mapToInt(JsonElement::getAsInt)
                .toArray();
    }

    private static int[] padded(List<Integer> ids, int length, int pad) {
        List<Integer> padded = new ArrayList<>(ids);
        while (padded.size() < length) {
            padded.add(pad);
        }
        return padded.stream().mapToInt(Integer::intValue).toArray();
    }
}
