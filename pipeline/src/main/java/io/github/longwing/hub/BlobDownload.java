package io.github.longwing.hub;

import io.github.longwing.error.UserException;
import io.github.longwing.hub.HubConnection.Answer;
import io.github.longwing.hub.HubConnection.Request;
import io.github.longwing.io.ProcessLock;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches one file into the cache. What arrives goes into an {@code .incomplete} file that a later attempt, also of
 * another process, continues; only when its size and hash are right does it become a blob.
 */
final class BlobDownload {
    private static final Logger LOG = LoggerFactory.getLogger(BlobDownload.class);
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\\*)");
    private static final int PARTIAL_CONTENT = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int BUFFER_BYTES = 1 << 18;
    private static final int MAX_WRONG = 2;

    private final HubConnection connection;
    private final HubOptions settings;
    private final HubCache cache;
    private final HubModel model;
    private final HubFile file;
    private final Path incomplete;

    BlobDownload(HubConnection connection, HubOptions settings, HubCache cache, HubModel model, HubFile file) {
        this.connection = connection;
        this.settings = settings;
        this.cache = cache;
        this.model = model;
        this.file = file;
        this.incomplete = cache.incompleteBlob(file.etag());
    }

    /** Returns when the blob is there; waits where another process fetches it. */
    @SuppressWarnings("try") // the lock is held, not used
    void run() throws IOException {
        if (isThere()) {
            return;
        }
        try (ProcessLock lock = lock()) {
            if (!isThere()) {
                fetch();
                cache.rememberOwn(file.etag());
            }
        }
    }

    private ProcessLock lock() throws IOException {
        try {
            Files.createDirectories(incomplete.getParent());
            return ProcessLock.exclusive(cache.lock(file.etag()));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw HubCache.notWritable(cache.lock(file.etag()), e);
        }
    }

    private boolean isThere() throws IOException {
        Path blob = cache.blob(file.etag());
        return Files.isRegularFile(blob)
                && (file.size().isEmpty() || Files.size(blob) == file.size().getAsLong());
    }

    private void fetch() throws IOException {
        Retries retries = new Retries(settings.initialPause());
        int wrong = 0;
        while (true) {
            long before = received();
            try {
                receive(before);
                Optional<String> problem = problem();
                if (problem.isEmpty()) {
                    Files.move(
                            incomplete,
                            cache.blob(file.etag()),
                            StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
                    return;
                }
                Files.delete(incomplete);
                wrong++;
                if (wrong == MAX_WRONG) {
                    throw new UserException("Cannot fetch " + what() + ": " + problem.get()
                            + "; something between here and " + settings.endpoint() + " changes it");
                }
                LOG.warn("{} {}; fetching it again from its beginning", what(), problem.get());
            } catch (TransientFailure failure) {
                if (received() > before) {
                    retries.progressed();
                }
                retries.pauseAfter(failure);
            }
        }
    }

    private void receive(long from) throws IOException {
        if (file.size().isPresent() && from == file.size().getAsLong() && from > 0) {
            return; // complete but not yet checked
        }
        Map<String, String> range = from > 0 ? Map.of("Range", "bytes=" + from + "-") : Map.of();
        Request request = new Request("GET", HubPaths.file(model, file.name()), what(), range);
        try (Answer answer = connection.send(request)) {
            if (answer.status() == RANGE_NOT_SATISFIABLE) {
                Files.deleteIfExists(incomplete);
                throw new TransientFailure("Cannot continue " + what() + " at byte " + from, Optional.empty());
            }
            OptionalLong begin = begin(answer);
            if (begin.isPresent() && begin.getAsLong() != from) {
                Files.deleteIfExists(incomplete);
                throw new TransientFailure(
                        "Cannot continue " + what() + ": asked for byte " + from + " on, the server sent byte "
                                + begin.getAsLong() + " on",
                        Optional.empty());
            }
            write(answer.body(), begin.orElse(0));
        }
    }

    /** Where the body of an answer begins; empty for a whole file, also if a part was asked for. */
    private static OptionalLong begin(Answer answer) {
        if (answer.status() != PARTIAL_CONTENT) {
            return OptionalLong.empty();
        }
        Matcher range = CONTENT_RANGE.matcher(
                answer.headers().firstValue("content-range").orElse(""));
        return OptionalLong.of(range.matches() ? Long.parseLong(range.group(1)) : -1);
    }

    private void write(InputStream body, long begin) throws IOException {
        requireRoom(begin);
        byte[] buffer = new byte[BUFFER_BYTES];
        try (FileChannel out = openAt(begin);
                SilenceGuard guard = SilenceGuard.watch(body, settings.maxSilence())) {
            Progress progress = new Progress(what(), file.size(), begin);
            long max = file.size().orElse(Long.MAX_VALUE - 1);
            long position = begin;
            for (int n = read(body, buffer, guard); n >= 0; n = read(body, buffer, guard)) {
                // a server that does not stop must not fill the disk: one byte too many shows that
                int kept = (int) Math.min(n, max - position + 1);
                write(out, ByteBuffer.wrap(buffer, 0, kept), position);
                position += kept;
                if (position > max) {
                    return;
                }
                progress.at(position);
            }
            out.force(true);
            if (file.size().isPresent() && position < max) {
                throw new TransientFailure(
                        "Cannot fetch " + what() + ": the connection ended after " + position + " of " + max + " bytes",
                        Optional.empty());
            }
        }
    }

    private FileChannel openAt(long begin) {
        try {
            FileChannel out = FileChannel.open(incomplete, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return out.truncate(begin);
        } catch (IOException e) {
            throw HubCache.notWritable(incomplete, e);
        }
    }

    private void write(FileChannel out, ByteBuffer bytes, long position) {
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes, position + bytes.position());
            }
        } catch (IOException e) {
            throw HubCache.notWritable(incomplete, e);
        }
    }

    private int read(InputStream body, byte[] buffer, SilenceGuard guard) throws IOException {
        try {
            int n = body.read(buffer);
            guard.heard();
            return n;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            String cause = guard.isSilent()
                    ? "nothing came for " + settings.maxSilence().toSeconds() + " s"
                    : "the connection was cut (" + e.getMessage() + ")";
            throw new TransientFailure("Cannot fetch " + what() + ": " + cause + " after " + received() + " bytes", e);
        }
    }

    private void requireRoom(long begin) throws IOException {
        long needed = file.size().orElse(0) - begin;
        long room = Files.getFileStore(incomplete.getParent()).getUsableSpace();
        if (needed > room && room > 0) { // some network file systems say 0
            throw new UserException("Cannot fetch " + what() + ": " + incomplete.getParent() + " has room for " + room
                    + " bytes, expected " + needed + "; set HF_HOME to a directory with room");
        }
    }

    private long received() throws IOException {
        if (!Files.exists(incomplete)) {
            return 0;
        }
        long length = Files.size(incomplete);
        if (file.size().isPresent() && length > file.size().getAsLong()) {
            Files.delete(incomplete);
            return 0;
        }
        return length;
    }

    /** What is wrong with the file that arrived. */
    private Optional<String> problem() throws IOException {
        long size = Files.size(incomplete);
        if (file.size().isPresent() && size != file.size().getAsLong()) {
            return Optional.of("has more bytes than " + file.size().getAsLong() + ", which the Hub says it has");
        }
        Optional<ContentHash> hash = ContentHash.of(file.etag());
        if (hash.isEmpty()) {
            LOG.debug("{} has no hash to be checked by", what());
            return Optional.empty();
        }
        String digest = hash.get().digest(incomplete);
        return digest.equals(file.etag())
                ? Optional.empty()
                : Optional.of("has the " + hash.get() + " " + digest + ", expected " + file.etag());
    }

    private String what() {
        return file.name() + " of " + model.id();
    }
}
