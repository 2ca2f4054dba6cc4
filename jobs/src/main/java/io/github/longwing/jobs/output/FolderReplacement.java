package io.github.longwing.jobs.output;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.console.FileFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a new output in the place of an old one once it is complete. It is written beside the old one, which is then moved
 * aside, the new one moved in, and the old one deleted:
 *
 * <pre>
 * _longwing-NAME-new-ID     being written, or complete with its _SUCCESS
 * _longwing-NAME-old-ID     what NAME was, from the move until it is deleted
 * </pre>
 *
 * <p>Between the two moves there is no NAME. A process that dies there leaves both, and {@link #recover} of the next run
 * ends what it began. Readers pass over names that begin with an underscore.
 */
final class FolderReplacement {
    private static final Logger LOG = LoggerFactory.getLogger(FolderReplacement.class);
    private static final String SUCCESS = "_SUCCESS";

    private enum Step {
        WRITING,
        /** Complete; not to be deleted, whatever happens. */
        MOVING,
        DONE
    }

    private final OutputFolder folder;
    private final Path fresh;
    private final Path old;
    private final Kind kind;
    private Step step = Step.WRITING;

    private FolderReplacement(OutputFolder folder, Kind kind, Path fresh, Path old) {
        this.kind = kind;
        this.folder = folder;
        this.fresh = fresh;
        this.old = old;
    }

    /** What a directory beside the output becomes. */
    enum Kind {
        /** The output, in the place of the old one. */
        NEW("new"),
        /** More rows of the output. */
        ADDED("add");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /** Whether a directory was begun by the same run. */
    interface Origin {
        boolean isSame(Path directory) throws IOException;
    }

    /** A directory that was begun before by the same run, else a new one. */
    static FolderReplacement find(OutputFolder folder, Kind kind, Origin origin) throws IOException {
        Path parent = parent(folder);
        for (String id : ids(folder, kind.word)) {
            Path begun = new Path(parent, name(folder, kind.word, id));
            if (origin.isSame(begun)) {
                return new FolderReplacement(folder, kind, begun, new Path(parent, name(folder, "old", id)));
            }
        }
        String id = newId();
        return new FolderReplacement(
                folder, kind, new Path(parent, name(folder, kind.word, id)), new Path(parent, name(folder, "old", id)));
    }

    /** Directories beside the output that runs have begun and not put into their places. */
    static List<Path> underWay(OutputFolder folder) {
        List<Path> begun = new ArrayList<>();
        if (folder.path().getParent() != null) {
            for (Kind kind : Kind.values()) {
                ids(folder, kind.word).forEach(id -> begun.add(new Path(parent(folder), name(folder, kind.word, id))));
            }
        }
        return begun;
    }

    private static String newId() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    static FolderReplacement of(OutputFolder folder) {
        String id = newId();
        Path parent = parent(folder);
        return new FolderReplacement(
                folder, Kind.NEW, new Path(parent, name(folder, "new", id)), new Path(parent, name(folder, "old", id)));
    }

    /** Where the new output is to be written; nothing is there yet. */
    Path staging() {
        return fresh;
    }

    /** Refuses, before the work, a place where nothing can be moved. */
    void requireRoom() {
        FileSystem fileSystem = folder.fileSystem();
        try {
            if (!fileSystem.mkdirs(fresh)) {
                throw new IOException("the directory cannot be made");
            }
            fileSystem.delete(fresh, false);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot overwrite --output " + RunReads.shown(folder.path()) + ": its parent "
                            + RunReads.shown(parent(folder)) + " cannot be written (" + FileFailure.reason(e)
                            + "), expected room for the new output beside the old one; name a directory below it, or"
                            + " remove the old output yourself",
                    e);
        }
    }

    /** The new output is complete: lets it take the old one's place. */
    void commit() throws IOException {
        FileSystem fileSystem = folder.fileSystem();
        Path path = folder.path();
        fileSystem.setPermission(fresh, fileSystem.getFileStatus(path).getPermission());
        step = Step.MOVING;
        move(path, old);
        try {
            move(fresh, path);
        } catch (IOException e) {
            move(old, path);
            throw e;
        }
        step = Step.DONE;
        deleteOld(folder, old);
    }

    /** How the output stands after a failure, when what is committed beside it stays there. */
    String standing(String description) throws IOException {
        return switch (step) {
            case WRITING ->
                (kind == Kind.ADDED
                        ? "nothing was added to " + description
                        : "what " + description + " held is still there");
            case MOVING, DONE -> roll(description);
        };
    }

    /**
     * After a failure, when no task writes any more: takes away the half of an output that was written.
     *
     * @return how the output stands
     */
    String roll(String description) throws IOException {
        return switch (step) {
            case WRITING -> {
                folder.fileSystem().delete(fresh, true);
                yield "what " + description + " held is still there";
            }
            case MOVING ->
                "the new output is complete in " + RunReads.shown(fresh) + ", what " + description + " held is "
                        + (folder.exists() ? "still there" : "in " + RunReads.shown(old));
            case DONE -> description + " is complete";
        };
    }

    /** Ends or takes back what a run began that died while it moved; names what one left that died while it wrote. */
    static void recover(OutputFolder folder) throws IOException {
        Path parent = folder.path().getParent();
        if (parent == null || !folder.fileSystem().exists(parent)) {
            return;
        }
        FileSystem fileSystem = folder.fileSystem();
        for (String id : ids(folder, "old")) {
            Path old = new Path(parent, name(folder, "old", id));
            Path fresh = new Path(parent, name(folder, "new", id));
            boolean isComplete = fileSystem.exists(new Path(fresh, SUCCESS));
            if (!folder.exists()) {
                LOG.warn(
                        "{} was being replaced when a run ended; {}",
                        RunReads.shown(folder.path()),
                        isComplete ? "its new output takes its place now" : "it is put back");
                move(fileSystem, isComplete ? fresh : old, folder.path());
            }
            if (!fileSystem.exists(fresh) && fileSystem.exists(old)) {
                deleteOld(folder, old);
            }
        }
        for (String id : ids(folder, "new")) {
            LOG.warn(
                    "{} is what a run left that did not end, unless it still runs; remove it if it does not",
                    RunReads.shown(new Path(parent, name(folder, "new", id))));
        }
    }

    /** Of the directories that replacements of this output have left; none where the parent cannot be listed. */
    private static List<String> ids(OutputFolder folder, String kind) {
        Pattern names = Pattern.compile(Pattern.quote(name(folder, kind, "")) + "([0-9a-f]{8})");
        List<String> ids = new ArrayList<>();
        try {
            for (FileStatus status : folder.fileSystem().listStatus(parent(folder))) {
                Matcher name = names.matcher(status.getPath().getName());
                if (status.isDirectory() && name.matches()) {
                    ids.add(name.group(1));
                }
            }
        } catch (IOException e) {
            LOG.debug("Cannot list {}", parent(folder), e);
        }
        return ids;
    }

    /** Looks again: what others have put there since the run began is theirs. */
    private static void deleteOld(OutputFolder folder, Path old) throws IOException {
        OutputFolder aside = folder.at(old);
        Optional<String> foreign = aside.foreign();
        if (foreign.isPresent()) {
            LOG.warn(
                    "{} is kept, which was the output before: it holds {}, which Longwing did not make",
                    RunReads.shown(old),
                    foreign.get());
            return;
        }
        if (!folder.fileSystem().delete(old, true)) {
            LOG.warn("{} was the output before and cannot be deleted; remove it", RunReads.shown(old));
        }
    }

    private void move(Path from, Path to) throws IOException {
        move(folder.fileSystem(), from, to);
    }

    /** Into a name that nothing has, since a file system would move it below a directory of that name. */
    private static void move(FileSystem fileSystem, Path from, Path to) throws IOException {
        if (fileSystem.exists(to)) {
            throw new IOException(RunReads.shown(to) + " appeared meanwhile");
        }
        if (!fileSystem.rename(from, to)) {
            throw new IOException(
                    "the file system does not move " + RunReads.shown(from) + " to " + RunReads.shown(to));
        }
    }

    private static Path parent(OutputFolder folder) {
        Path parent = folder.path().getParent();
        if (parent == null) {
            throw new UserException("Cannot overwrite --output " + RunReads.shown(folder.path())
                    + ": it is the root of a file system, expected a directory; name one below it");
        }
        return parent;
    }

    private static String name(OutputFolder folder, String kind, String id) {
        return "_longwing-" + folder.path().getName() + "-" + kind + "-" + id;
    }
}
