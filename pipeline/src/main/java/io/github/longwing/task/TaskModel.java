package io.github.longwing.task;

import io.github.longwing.batching.EngineLimits;
import io.github.longwing.batching.MemoryPool;
import io.github.longwing.config.Architecture;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.MemoryPlan;
import io.github.longwing.config.Passes;
import io.github.longwing.error.UserException;
import io.github.longwing.model.Graph;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.runtime.SessionSettings;
import io.github.longwing.store.ModelDirectory;
import io.github.longwing.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A model that a task has opened, with its tokenizer. Thread-safe; close it after the engine that runs it. */
public final class TaskModel implements AutoCloseable {
    private final String verb;
    private final Tokenizer tokenizer;
    private final ModelSessions sessions;
    private final Passes passes;
    private final MemoryPool memory;

    /** What it takes of the memory as long as it is open. */
    private final long bytes;

    private TaskModel(String verb, Tokenizer tokenizer, ModelSessions sessions, Passes passes, MemoryPool memory) {
        this.verb = verb;
        this.tokenizer = tokenizer;
        this.sessions = sessions;
        this.passes = passes;
        this.memory = memory;
        this.bytes = plan(Optional.empty()).modelBytes(config().maxPositionEmbeddings());
        memory.take(bytes);
    }

    /**
     * Opens a model directory.
     *
     * @param verb what the task does, for messages: summarize, classify, ...
     * @param resources what it may use
     * @param passes what the task computes; graphs of which it needs none stay closed
     * @throws UserException if the directory is incomplete or damaged, or holds another class of the family
     */
    public static TaskModel open(
            Path modelDirectory, Resources resources, String verb, Set<Architecture> expected, Passes passes) {
        ModelDirectory directory = ModelDirectory.open(modelDirectory);
        requireArchitecture(directory, verb, expected);
        Tokenizer tokenizer = Tokenizer.load(modelDirectory);
        try {
            requireKnownIds(tokenizer, directory);
            SessionSettings settings = SessionSettings.ofThreads(resources.threads());
            ModelSessions sessions = ModelSessions.open(directory, settings, Graph.neededBy(passes));
            return new TaskModel(verb, tokenizer, sessions, passes, resources.memory());
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

    /** How many documents the decoder may hold, by the memory that the models of the process leave. */
    public EngineLimits limits(GenerationConfig generation) {
        return EngineLimits.of(plan(Optional.of(generation)), memory);
    }

    private MemoryPlan plan(Optional<GenerationConfig> generation) {
        return new MemoryPlan(config(), sessions.directory().precision(), passes, generation);
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
            memory.giveBack(bytes);
            tokenizer.close();
        }
    }
}
