package io.github.longwing.hub;

import io.github.longwing.checkpoint.CheckpointFormat;
import io.github.longwing.checkpoint.ModelFiles;
import io.github.longwing.checkpoint.ShardIndex;
import io.github.longwing.checkpoint.UntrustedText;
import io.github.longwing.error.UserException;
import io.github.longwing.hub.HubOptions.Network;
import io.github.longwing.io.ProcessLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches models of the Hub into the cache that huggingface_hub uses, so that Python and Longwing share them. A commit
 * that is there completely needs no network. Safe for use by several threads and processes; a {@link UserException} says
 * what to do when a model cannot be had.
 */
public final class ModelHub {
    private static final Logger LOG = LoggerFactory.getLogger(ModelHub.class);

    private final HubOptions settings;
    private final HubConnection connection;

    public ModelHub(HubOptions settings) {
        this.settings = settings;
        this.connection = new HubConnection(settings);
    }

    /** As the environment says: HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_TOKEN_PATH, HF_ENDPOINT, HF_HUB_OFFLINE. */
    public static ModelHub fromEnvironment() {
        return new ModelHub(HubOptions.fromEnvironment());
    }

    /**
     * Finds the commit that a revision stands for now. Offline, or when the Hub cannot be reached, it is the commit that
     * the cache knows.
     */
    public HubModel resolve(HubId id) {
        HubCache cache = cache(id);
        if (id.isCommit()) {
            return new HubModel(id, id.revision());
        }
        if (settings.network() == Network.OFFLINE) {
            return new HubModel(id, cache.commit(id.revision()).orElseThrow(() -> notCached(id, cache)));
        }
        try {
            return new HubModel(
                    id, HubListing.fetch(connection, id, id.revision()).commit());
        } catch (TransientFailure e) {
            String commit = cache.commit(id.revision()).filter(cache::hasModel).orElseThrow(() -> unreachable(e));
            LOG.warn("{}; using {} of {}, which is in the cache", e.getMessage(), commit, id);
            return new HubModel(id, commit);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot fetch " + id, e);
        }
    }

    /** Fetches the missing files of the model and returns its directory, which must not be written to. */
    public Path download(HubModel model) {
        HubCache cache = cache(model.id());
        if (!cache.isComplete(model.commit())) {
            complete(model, cache);
        }
        if (settings.network() == Network.ONLINE && !model.id().isCommit()) {
            cache.rememberCommit(model.id().revision(), model.commit());
        }
        return cache.snapshot(model.commit());
    }

    /**
     * Fetches configuration and tokenizer, without the weights, and returns their directory, which must not be written
     * to. Offline it is what the cache has.
     */
    public Path downloadDescription(HubModel model) {
        HubCache cache = cache(model.id());
        boolean isHere = cache.has(model.commit(), ModelFiles.CONFIG);
        if (settings.network() == Network.OFFLINE && !isHere) {
            throw notCached(model.id(), cache);
        }
        if (settings.network() == Network.ONLINE && !cache.hasDescription(model.commit())) {
            try {
                HubListing unused = fetchDescription(model, cache);
            } catch (TransientFailure e) {
                if (!isHere) {
                    throw unreachable(e);
                }
                LOG.warn("{}; using the files of {} that are in the cache", e.getMessage(), model);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot fetch " + model, e);
            }
        }
        return cache.snapshot(model.commit());
    }

    /** Resolves and downloads. */
    public Path download(HubId id) {
        return download(resolve(id));
    }

    private void complete(HubModel model, HubCache cache) {
        if (settings.network() == Network.OFFLINE) {
            if (!cache.hasModel(model.commit())) {
                throw notCached(model.id(), cache);
            }
            return;
        }
        Optional<ProcessLock> lock = lock(model, cache);
        try {
            fetch(model, cache);
        } catch (TransientFailure e) {
            if (!cache.hasModel(model.commit())) {
                throw unreachable(e);
            }
            LOG.warn("{}; using the files of {} that are in the cache", e.getMessage(), model);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot fetch " + model, e);
        } finally {
            lock.ifPresent(ProcessLock::close);
        }
    }

    private static Optional<ProcessLock> lock(HubModel model, HubCache cache) {
        try {
            return cache.lockForDownload();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot fetch " + model, e);
        }
    }

    /** Fetches the weights last, so that a cache that has them has all other files too. */
    private void fetch(HubModel model, HubCache cache) throws IOException {
        fetchWeights(model, cache, fetchDescription(model, cache));
    }

    private HubListing fetchDescription(HubModel model, HubCache cache) throws IOException {
        HubListing listing = HubListing.fetch(connection, model.id(), model.commit());
        if (!listing.has(ModelFiles.CONFIG) && listing.has("adapter_config.json")) {
            throw new UserException("Cannot use " + model.id()
                    + ": it is a PEFT adapter, expected a whole model; merge it in Python with"
                    + " model.merge_and_unload() and save_pretrained(DIRECTORY), then name that directory");
        }
        if (!listing.has(ModelFiles.CONFIG)) {
            throw new UserException("Cannot use " + model.id()
                    + ": it has no config.json, expected a model that transformers can load");
        }
        LOG.info("Fetching {} into {}", model, cache.snapshot(model.commit()));
        for (String name : ModelFiles.SMALL) {
            if (listing.has(name)) {
                fetch(model, cache, listing, name);
            } else {
                cache.rememberAbsent(model.commit(), name);
            }
        }
        return listing;
    }

    private void fetchWeights(HubModel model, HubCache cache, HubListing listing) throws IOException {
        for (CheckpointFormat format : CheckpointFormat.values()) {
            if (listing.has(format.fileName())) {
                fetch(model, cache, listing, format.fileName());
                return;
            }
            if (listing.has(format.indexName())) {
                Path index = fetch(model, cache, listing, format.indexName());
                for (String shard :
                        new LinkedHashSet<>(ShardIndex.fileNames(index).values())) {
                    fetch(model, cache, listing, shard);
                }
                return;
            }
        }
        throw new UserException(
                "Cannot use " + model.id()
                        + ": it has neither model.safetensors nor pytorch_model.bin, whole or in shards; choose another revision");
    }

    private Path fetch(HubModel model, HubCache cache, HubListing listing, String name) throws IOException {
        if (!listing.has(name)) {
            throw new UserException("Cannot use " + model.id() + ": its shard " + UntrustedText.text(name)
                    + " is missing, expected it beside the index");
        }
        Path path = cache.snapshot(model.commit()).resolve(name);
        HubFile file = listing.file(model, name);
        boolean isThere = Files.isRegularFile(path)
                && (file.size().isEmpty() || Files.size(path) == file.size().getAsLong());
        if (!isThere) {
            new BlobDownload(connection, settings, cache, model, file).run();
            cache.link(model.commit(), file);
        }
        return path;
    }

    private HubCache cache(HubId id) {
        return new HubCache(settings.cache(), id.repository());
    }

    private static UserException unreachable(TransientFailure failure) {
        return new UserException(
                failure.getMessage()
                        + "; check the network, proxies and HF_ENDPOINT, or name a directory that has the model",
                failure);
    }

    private UserException notCached(HubId id, HubCache cache) {
        String found = cache.commits().isEmpty() ? "nothing of it" : "only " + String.join(", ", cache.commits());
        return new UserException("Cannot use " + id + ": HF_HUB_OFFLINE is set and the cache in " + settings.cache()
                + " holds " + found + ", expected the whole model; unset it, or set HF_HOME to where the model is");
    }
}
