package io.github.longwing.jobs.evaluation;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.longwing.evaluation.Bootstrap.Estimate;
import io.github.longwing.evaluation.LabelSums;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.console.TextTable;
import io.github.longwing.jobs.evaluation.TaskScores.Figure;
import io.github.longwing.jobs.evaluation.TaskScores.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an evaluation found: tables for people, JSON for programs.
 *
 * @param errors documents whose row in the output has an error, by its class
 * @param methods the output, the one that it is compared with, the baselines
 * @param labels figures of the output for each label
 * @param bins how sure and how right the output is
 */
public record EvaluationReport(
        String task,
        String input,
        String referenceColumn,
        String output,
        Optional<String> compared,
        Pairs.Counts counts,
        Map<String, Long> errors,
        int samples,
        long seed,
        List<Figure> figures,
        List<Method> methods,
        List<Comparison> comparisons,
        List<LabelSums.OfLabel> labels,
        List<LabelSums.Bin> bins,
        List<Threshold> thresholds,
        List<String> notes) {
    private static final int UNBOUNDED = 10_000;
    private static final String NOTHING = "-";

    /** The figures of a method, by name. */
    record Method(String name, Map<String, Estimate> figures) {}

    /** How much better the output is than another method, and for how many documents. */
    record Comparison(String method, Figure figure, Estimate difference, long better, long same, long worse) {}

    /** Where it would be best for an output to give no answer; chosen on what is evaluated. */
    record Threshold(String method, double bestExact, double exactThreshold, double bestF1, double f1Threshold) {}

    /** The tables. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(closing());
        leftOut().forEach((what, count) -> lines.add("Left out: " + ProgressLine.number(count) + " " + what));
        if (counts.duplicates() > 0) {
            lines.add("Repeated in the input and counted once: " + ProgressLine.count(counts.duplicates(), "row"));
        }
        lines.addAll(notes);
        lines.add("");
        lines.addAll(table(
                methods.stream().map(Method::name).toList(),
                figures.stream()
                        .map(figure -> row(
                                figure.title(),
                                methods.stream()
                                        .map(method -> show(
                                                figure.unit(), method.figures().get(figure.name())))
                                        .toList()))
                        .toList()));
        lines.add("");
        lines.addAll(table(
                List.of("difference", "better", "same", "worse"),
                comparisons.stream()
                        .map(comparison -> row(
                                "output less " + comparison.method() + ", "
                                        + comparison.figure().title(),
                                List.of(
                                        show(comparison.figure().unit(), comparison.difference()),
                                        ProgressLine.number(comparison.better()),
                                        ProgressLine.number(comparison.same()),
                                        ProgressLine.number(comparison.worse()))))
                        .toList()));
        for (Threshold threshold : thresholds) {
            lines.add("");
            lines.add(threshold.method() + " at its best --no-answer-threshold: exact match "
                    + percent(threshold.bestExact()) + " at " + number(threshold.exactThreshold()) + ", F1 "
                    + percent(threshold.bestF1()) + " at " + number(threshold.f1Threshold()));
        }
        return lines;
    }

    private String closing() {
        long failed = errors.values().stream().mapToLong(count -> count).sum();
        String noun = task.equals("answer") ? "question" : "document";
        return "Scored " + ProgressLine.count(counts.scored(), noun) + " of " + output + " ("
                + ProgressLine.count(failed, "error")
                + (failed == 0
                        ? ""
                        : ", which score 0: "
                                + errors.entrySet().stream()
                                        .map(entry -> entry.getKey() + " " + ProgressLine.number(entry.getValue()))
                                        .collect(Collectors.joining(", ")))
                + ")"
                + (samples == 0
                        ? ""
                        : "; in brackets the 95% interval of " + ProgressLine.number(samples)
                                + " samples of documents");
    }

    private Map<String, Long> leftOut() {
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("of the input without an id", counts.withoutId());
        all.put("of the input without a reference", counts.withoutReference());
        all.put("of the input that " + output + " does not have", counts.notInOutput());
        all.put("that " + compared.orElse("") + " does not have", counts.notInCompared());
        all.put("of " + output + " that the input does not have", counts.notInInput());
        all.values().removeIf(count -> count == 0);
        return all;
    }

    private static List<String> row(String title, List<String> cells) {
        List<String> row = new ArrayList<>(List.of(title));
        row.addAll(cells);
        return row;
    }

    private static List<String> table(List<String> names, List<List<String>> rows) {
        List<TextTable.Column> columns = new ArrayList<>(List.of(new TextTable.Column("", TextTable.Alignment.LEFT)));
        names.forEach(name -> columns.add(new TextTable.Column(name, TextTable.Alignment.RIGHT)));
        return new TextTable(columns, rows).beside(UNBOUNDED, 1).orElseThrow();
    }

    private static String show(Unit unit, Estimate estimate) {
        String value = show(unit, estimate.value());
        return Double.isNaN(estimate.low()) || value.equals(NOTHING)
                ? value
                : value + " [" + show(unit, estimate.low()) + ", " + show(unit, estimate.high()) + "]";
    }

    private static String show(Unit unit, double value) {
        return switch (unit) {
            case PERCENT -> percent(value);
            case NUMBER -> number(value);
        };
    }

    private static String percent(double value) {
        return Double.isNaN(value) ? NOTHING : String.format(Locale.ROOT, "%.2f", 100 * value);
    }

    private static String number(double value) {
        return Double.isNaN(value) ? NOTHING : String.format(Locale.ROOT, Math.abs(value) < 1 ? "%.4f" : "%.2f", value);
    }

    /** One object; figures are shares from 0 to 1, null where there is nothing to compute them from. */
    public String json() {
        JsonObject json = new JsonObject();
        json.addProperty("task", task);
        json.addProperty("input", input);
        json.addProperty("reference_column", referenceColumn);
        json.addProperty("output", output);
        compared.ifPresent(name -> json.addProperty("compared", name));
        json.addProperty("scored", counts.scored());
        JsonObject failed = new JsonObject();
        errors.forEach(failed::addProperty);
        json.add("errors", failed);
        JsonObject leftOut = new JsonObject();
        leftOut.addProperty("without_id", counts.withoutId());
        leftOut.addProperty("without_reference", counts.withoutReference());
        leftOut.addProperty("not_in_output", counts.notInOutput());
        leftOut.addProperty("not_in_compared", counts.notInCompared());
        leftOut.addProperty("not_in_input", counts.notInInput());
        leftOut.addProperty("duplicates", counts.duplicates());
        json.add("left_out", leftOut);
        JsonObject bootstrap = new JsonObject();
        bootstrap.addProperty("samples", samples);
        bootstrap.addProperty("seed", seed);
        bootstrap.addProperty("level", 0.95);
        json.add("bootstrap", bootstrap);
        JsonObject all = new JsonObject();
        for (Method method : methods) {
            JsonObject ofMethod = new JsonObject();
            method.figures().forEach((name, estimate) -> ofMethod.add(name, json(estimate)));
            all.add(method.name(), ofMethod);
        }
        json.add("methods", all);
        JsonArray list = new JsonArray();
        for (Comparison comparison : comparisons) {
            JsonObject entry = new JsonObject();
            entry.addProperty("method", comparison.method());
            entry.addProperty("figure", comparison.figure().name());
            entry.add("difference", json(comparison.difference()));
            entry.addProperty("better", comparison.better());
            entry.addProperty("same", comparison.same());
            entry.addProperty("worse", comparison.worse());
            list.add(entry);
        }
        json.add("output_less", list);
        addLabels(json);
        addThresholds(json);
        JsonArray said = new JsonArray();
        notes.forEach(said::add);
        json.add("notes", said);
        return new GsonBuilder()
                .setPrettyPrinting()
                .serializeNulls()
                .disableHtmlEscaping()
                .create()
                .toJson(json);
    }

    private void addLabels(JsonObject json) {
        if (labels.isEmpty()) {
            return;
        }
        JsonArray ofLabels = new JsonArray();
        for (LabelSums.OfLabel label : labels) {
            JsonObject entry = new JsonObject();
            entry.addProperty("label", label.label());
            entry.addProperty("precision", label.precision());
            entry.addProperty("recall", label.recall());
            entry.addProperty("f1", label.f1());
            entry.addProperty("documents", label.documents());
            ofLabels.add(entry);
        }
        json.add("labels", ofLabels);
        JsonArray calibration = new JsonArray();
        for (LabelSums.Bin bin : bins) {
            JsonObject entry = new JsonObject();
            entry.addProperty("from", bin.from());
            entry.addProperty("to", bin.to());
            entry.addProperty("documents", bin.documents());
            entry.addProperty("probability", bin.probability());
            entry.addProperty("accuracy", bin.accuracy());
            calibration.add(entry);
        }
        json.add("calibration", calibration);
    }

    private void addThresholds(JsonObject json) {
        if (thresholds.isEmpty()) {
            return;
        }
        JsonObject all = new JsonObject();
        for (Threshold threshold : thresholds) {
            JsonObject entry = new JsonObject();
            entry.addProperty("best_exact", threshold.bestExact());
            entry.addProperty("best_exact_threshold", finite(threshold.exactThreshold()));
            entry.addProperty("best_f1", threshold.bestF1());
            entry.addProperty("best_f1_threshold", finite(threshold.f1Threshold()));
            all.add(threshold.method(), entry);
        }
        json.add("no_answer_threshold", all);
    }

    private static JsonObject json(Estimate estimate) {
        JsonObject json = new JsonObject();
        json.addProperty("value", finite(estimate.value()));
        json.addProperty("low", finite(estimate.low()));
        json.addProperty("high", finite(estimate.high()));
        return json;
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? (Double) value : null;
    }
}
