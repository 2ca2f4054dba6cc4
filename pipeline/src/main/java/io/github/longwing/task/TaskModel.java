package io.github.longwing.task;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.error.UserException;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.store.ModelDirectory;
import io.github.longwing.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** A model that a task has opened, with its tokenizer. Thread-safe; close it after the engine that runs it. */
public final class TaskModel implements AutoCloseable {
    private final String verb;
    private final Tokenizer tokenizer;
    private final ModelSessions sessions;

    private TaskModel(String verb, Tokenizer tokenizer, ModelSessions sessions) {
        this.verb = verb;
        this.tokenizer = tokenizer;
        this.sessions = sessions;
    }

    /**
     * Opens a model directory.
     *
     * @param verb what the task does, for messages: summarize, classify, ...
     * @param threads of ONNX Runtime, at least 1
     * @throws UserException if the directory is incomplete or damaged, or holds another class of the family
     */
    public static TaskModel open(Path modelDirectory, int threads, String verb, Set<Architecture> expected) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
        }
        ModelDirectory directory = ModelDirectory.open(modelDirectory);
        requireArchitecture(directory, verb, expected);
        Tokenizer tokenizer = Tokenizer.load(modelDirectory);
        try {
            requireKnownIds(tokenizer, directory);
            return new TaskModel(verb, tokenizer, ModelSessions.open(directory, threads));
        } catch (RuntimeException | Error e) {
            tokenizer.close();
            throw e;
        }
    }

    private static void requireArchitecture(ModelDirectory directory, String verb, Set<Architecture> expected) {
        Architecture found = directory.config().architecture();
        if (!expected.contains(found)) {
            throw new UserException("Cannot " + verb + " with the model in " + directory.path() + ": architectures is "
                    + found.configName() + ", expected "
                    + expected.stream().map(Architecture::configName).sorted().collect(Collectors.joining(" or ")));
        }
    }

    private static void requireKnownIds(Tokenizer tokenizer, ModelDirectory directory) {
        int known = directory.config().vocabSize();
        if (tokenizer.vocabularySize() > known) {
            throw new UserException("Cannot use the model in " + directory.path() + ": its tokenizer has "
                    + tokenizer.vocabularySize() + " ids, expected at most vocab_size, which is " + known
                    + "; the tokenizer belongs to another model");
        }
    }

    String verb() {
        return verb;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    public ModelSessions sessions() {
        return sessions;
    }

    public BigBirdPegasusConfig config() {
        return sessions.directory().config();
    }

    /** The generation options of the model's files. */
    public GenerationConfig generationConfig() {
        return GenerationConfig.read(sessions.directory().path());
    }

    /** Name and fingerprint. */
    public String label() {
        return sessions.directory().label();
    }

    @Override
    public void close() {
        try {
            sessions.close();
        } finally {
            tokenizer.close();
        }
    }
}
