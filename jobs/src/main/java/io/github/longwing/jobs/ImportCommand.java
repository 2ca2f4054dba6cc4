package io.github.longwing.jobs;

import io.github.longwing.runtime.ModelDirectory;
import io.github.longwing.spark.ModelReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a model directory, which jobs then load as it is. */
@Command(
        name = "import",
        sortOptions = false,
        customSynopsis = "longwing import --model SOURCE --output DIR [OPTION...]",
        description = {
            "Makes a model directory from a transformers directory or a Hub id: graphs, weights, tokenizer.",
            "Jobs import what they need by themselves; this makes a directory to distribute."
        })
final class ImportCommand implements Callable<Integer> {
    private final Shell shell;
    private final Backend backend;

    @Mixin
    private ModelOptions model;

    @Option(names = "--output", paramLabel = "DIR", required = true, description = "A directory that is new or empty.")
    private Path output;

    ImportCommand(Shell shell, Backend backend) {
        this.shell = shell;
        this.backend = backend;
    }

    @Override
    public Integer call() {
        long start = System.nanoTime();
        ModelReference source = backend.models().pin(model.required());
        backend.models().importInto(source, output);
        String label = ModelDirectory.open(output).label();
        double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
        shell.out().println(String.format(Locale.ROOT, "Imported %s into %s in %.1f s", label, output, seconds));
        return ExitStatus.OK.code();
    }
}
