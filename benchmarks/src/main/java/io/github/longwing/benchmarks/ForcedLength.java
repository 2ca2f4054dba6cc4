package io.github.longwing.benchmarks;

import io.github.longwing.batching.EngineLimits;
import io.github.longwing.batching.MemoryPool;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.MemoryPlan;
import io.github.longwing.config.Passes;
import io.github.longwing.generation.SearchFactory;
import io.github.longwing.generation.SearchStrategy;
import io.github.longwing.generation.logits.SearchInput;
import io.github.longwing.store.ModelDirectory;
import io.github.longwing.task.Resources;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Beam search of a length that no eos cuts short, so that every run of it and every library does the same work. */
final class ForcedLength {
    private final GenerationConfig generation;
    private final boolean hasEncoder;
    private final SearchFactory searches;
    private final int startTokenId;
    private final EngineLimits limits;

    ForcedLength(ModelDirectory model, int beams, int newTokens) {
        String length = Integer.toString(newTokens);
        this.hasEncoder = model.config().architecture().hasEncoder();
        this.generation = GenerationConfig.read(model.path())
                .with(Map.of(
                        "num_beams",
                        Integer.toString(beams),
                        "min_new_tokens",
                        length,
                        "max_new_tokens",
                        length,
                        "extractive",
                        "false"));
        Passes passes = hasEncoder ? Passes.ENCODER_AND_STEPS : Passes.PROMPT_AND_STEPS;
        MemoryPlan plan = new MemoryPlan(model.config(), model.precision(), passes, Optional.of(generation));
        MemoryPool memory = new MemoryPool(Resources.forModels(Resources.nativeBytesOfThisMachine()));
        memory.take(plan.modelBytes(model.config().maxPositionEmbeddings()));
        this.limits = EngineLimits.of(plan, memory);
        this.searches = new SearchFactory(generation, model.config());
        this.startTokenId = generation.startTokenId().orElse(model.config().decoderStartTokenId());
    }

    GenerationConfig generation() {
        return generation;
    }

    /** By the memory of this machine. */
    EngineLimits limits() {
        return limits;
    }

    SearchFactory searches() {
        return searches;
    }

    SearchStrategy start(int[] inputIds) {
        return searches.start(
                hasEncoder
                        ? SearchInput.encoderDecoder("document", startTokenId, inputIds)
                        : SearchInput.decoderOnly("document", inputIds));
    }

    /** The best sequence of a search that has ended, with the start token. */
    static List<Integer> bestSequence(SearchStrategy search) {
        return search.sequences().get(0).ids();
    }
}
