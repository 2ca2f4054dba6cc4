package io.github.longwing.jobs.command;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.longwing.spark.models.Models;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.options.ModelOptions;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.spark.models.LocatedModel;
import io.github.longwing.store.ModelDirectory;
import io.github.longwing.verification.CaseOutcome;
import io.github.longwing.verification.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares a model with recorded results of transformers. */
@Command(
        name = "verify",
        sortOptions = false,
        customSynopsis = "longwing verify --model MODEL --cases DIR [--report FILE] [OPTION...]",
        description = {
            "Runs the cases of a directory (cases.json, cases.safetensors) and compares with what transformers gave.",
            "The report is a JSON list with one entry for each case; the status is 0 only if all passed."
        })
public final class VerifyCommand implements Callable<Integer> {
    /** Non-finite numbers become null. */
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().serializeNulls().create();

    private final Terminal terminal;
    private final Backend backend;

    @Mixin
    private ModelOptions model;

    @Option(names = "--cases", paramLabel = "DIR", required = true, description = "Where the cases are.")
    private Path cases;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Where the report goes. Default: the standard output.")
    private Path report;

    public VerifyCommand(Terminal terminal, Backend backend) {
        this.terminal = terminal;
        this.backend = backend;
    }

    @Override
    public Integer call() {
        Models models = backend.models();
        List<CaseOutcome> outcomes;
        try (LocatedModel located = models.locate(models.pin(model.required()));
                ModelSessions bundle = ModelSessions.open(
                        ModelDirectory.open(located.directory()),
                        Runtime.getRuntime().availableProcessors())) {
            outcomes = Verification.run(bundle, cases);
        }
        write(GSON.toJson(json(outcomes)));
        outcomes.forEach(outcome -> terminal.err().println(line(outcome)));
        long failed = outcomes.stream().filter(outcome -> !outcome.passed()).count();
        terminal.err()
                .println(ProgressLine.number(outcomes.size() - failed) + " of "
                        + ProgressLine.count(outcomes.size(), "case") + " passed");
        return (failed == 0 && !outcomes.isEmpty() ? ExitStatus.OK : ExitStatus.FAILED).code();
    }

    private void write(String json) {
        if (report == null) {
            terminal.out().println(json);
            return;
        }
        try {
            Files.writeString(report, json + "\n");
        } catch (IOException e) {
            throw new UserException(
                    "Cannot write --report " + report + ": " + e + ", expected a file in a directory that exists", e);
        }
    }

    private static JsonArray json(List<CaseOutcome> outcomes) {
        JsonArray list = new JsonArray(outcomes.size());
        for (CaseOutcome outcome : outcomes) {
            JsonObject entry = new JsonObject();
            entry.addProperty("case", outcome.name());
            entry.addProperty("kind", outcome.kind());
            entry.addProperty("max_abs_diff", finite(outcome.maxAbsDiff()));
            entry.addProperty("tolerance", outcome.tolerance());
            entry.addProperty("passed", outcome.passed());
            entry.addProperty("rule", outcome.rule().name().toLowerCase(Locale.ROOT));
            outcome.tokenAgreement().ifPresent(agreement -> entry.addProperty("token_agreement", agreement));
            outcome.detail().ifPresent(detail -> entry.addProperty("detail", detail));
            list.add(entry);
        }
        return list;
    }

    /** JSON has no non-finite numbers; such a case has failed, and its detail says why. */
    private static Double finite(OptionalDouble value) {
        return value.isPresent() && Double.isFinite(value.getAsDouble()) ? (Double) value.getAsDouble() : null;
    }

    private static String line(CaseOutcome outcome) {
        String difference = outcome.maxAbsDiff().isPresent()
                ? String.format(
                        Locale.ROOT,
                        ": difference %.2e, tolerance %.2e",
                        outcome.maxAbsDiff().getAsDouble(),
                        outcome.tolerance())
                : "";
        return (outcome.passed() ? "passed  " : "FAILED  ")
                + outcome.name()
                + difference
                + outcome.detail().map(detail -> ": " + detail).orElse("");
    }
}
