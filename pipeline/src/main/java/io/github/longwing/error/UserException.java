package io.github.longwing.error;

/**
 * Something the user can mend: a wrong setting, path, file or column. The message is one sentence of the form "Cannot
 * [act]: [name] is [found], expected [wanted]", followed by the remedy. Commands print it without a stack trace and end
 * with exit status 2; every other exception is a bug or a broken machine.
 */
public final class UserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserException(String message) {
        super(message);
    }

    public UserException(String message, Throwable cause) {
        super(message, cause);
    }
}
