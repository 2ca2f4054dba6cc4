package io.github.longwing.jobs.command;

import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.options.ModelOptions;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.store.ModelDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a model directory, which jobs can load without an import. */
@Command(
        name = "import",
        sortOptions = false,
        customSynopsis = "longwing import --model SOURCE --output DIR [OPTION...]",
        description = {
            "Makes a model directory from a transformers directory or a Hub id: graphs, weights, tokenizer.",
            "Jobs import what they need by themselves; this makes a directory to distribute."
        })
public final class ImportCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Backend backend;

    @Mixin
    private ModelOptions model;

    @Option(names = "--output", paramLabel = "DIR", required = true, description = "A directory that is new or empty.")
    private Path output;

    public ImportCommand(Terminal terminal, Backend backend) {
        this.terminal = terminal;
        this.backend = backend;
    }

    @Override
    public Integer call() {
        long start = System.nanoTime();
        ModelReference source = backend.models().pin(model.required());
        backend.models().importInto(source, output);
        String label = ModelDirectory.open(output).label();
        double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
        terminal.out().println(String.format(Locale.ROOT, "Imported %s into %s in %.1f s", label, output, seconds));
        return ExitStatus.OK.code();
    }
}
