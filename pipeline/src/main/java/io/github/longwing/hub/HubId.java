package io.github.longwing.hub;

import io.github.longwing.checkpoint.UntrustedText;
import io.github.longwing.error.UserException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model on the Hub, as users write it: {@code owner/name} or {@code owner/name@revision}.
 *
 * @param repository owner and name, such as {@code google/bigbird-pegasus-large-arxiv}
 * @param revision a branch, a tag or a commit
 */
public record HubId(String repository, String revision) {
    /** The default revision. */
    public static final String MAIN = "main";

    private static final String PART = "[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?";
    private static final Pattern REPOSITORY = Pattern.compile(PART + "/" + PART);
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._/-]{0,254}");
    private static final Pattern FORM = Pattern.compile("([^@]*)(?:@(.*))?", Pattern.DOTALL);
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    public HubId {
        if (!isRepository(repository)) {
            throw new UserException(
                    "Cannot use the Hub id " + UntrustedText.text(repository) + ": expected owner/name");
        }
        // both become part of paths in the cache
        if (!REVISION.matcher(revision).matches()
                || revision.contains("..")
                || revision.endsWith("/")
                || revision.contains("//")) {
            throw new UserException("Cannot use " + repository + ": its revision is " + UntrustedText.text(revision)
                    + ", expected a branch, a tag or a commit");
        }
    }

    /** Whether the text has this form; the revision may still be refused by {@link #parse}. */
    public static Optional<HubId> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || !isRepository(form.group(1))) {
            return Optional.empty();
        }
        return Optional.of(new HubId(form.group(1), form.group(2) == null ? MAIN : form.group(2)));
    }

    @Override
    public String toString() {
        return repository + "@" + revision;
    }

    boolean isCommit() {
        return isCommit(revision);
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    private static boolean isRepository(String text) {
        return REPOSITORY.matcher(text).matches() && !text.contains("--") && !text.contains("..");
    }
}
