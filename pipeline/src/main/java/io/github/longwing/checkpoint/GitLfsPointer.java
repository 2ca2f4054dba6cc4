package io.github.longwing.checkpoint;

import io.github.longwing.error.UserException;
import java.nio.charset.StandardCharsets;

/** The few lines that a clone without git-lfs leaves in the place of a large file. */
public final class GitLfsPointer {
    private static final String BEGINNING = "version https://git-lfs.github.com/spec/";

    private GitLfsPointer() {}

    public static boolean isOne(MappedFile file) {
        int length = BEGINNING.length();
        return file.size() >= length
                && BEGINNING.equals(new String(file.copy(0, length).array(), StandardCharsets.US_ASCII));
    }

    public static UserException refusal(MappedFile file) {
        return file.unreadable("it is a Git LFS pointer, expected the weights; run `git lfs pull` in the clone");
    }
}
