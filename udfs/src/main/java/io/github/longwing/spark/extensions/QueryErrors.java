package io.github.longwing.spark.extensions;

import io.github.longwing.error.UserException;
import org.apache.spark.QueryContext;
import org.apache.spark.sql.AnalysisException;
import scala.Option;
import scala.collection.immutable.Map$;

/** Mistakes in a query as Spark reports them, so that its clients show the sentence alone. */
final class QueryErrors {
    private QueryErrors() {}

    /** The sentence of a mistake that a user can mend. */
    private static final class RefusedQueryException extends AnalysisException {
        private static final long serialVersionUID = 1L;

        private RefusedQueryException(String sentence, Throwable cause) {
            super(
                    sentence,
                    Option.empty(),
                    Option.empty(),
                    Option.apply(cause),
                    Option.empty(),
                    Map$.MODULE$.empty(),
                    new QueryContext[0]);
        }
    }

    /** Throws, though it says that it returns, so that callers can say {@code throw}. */
    static RuntimeException analysis(String sentence) {
        throw unchecked(new RefusedQueryException(sentence, null));
    }

    /** Throws the sentence with the names that SQL has for what the command line names. */
    static RuntimeException analysis(UserException error) {
        String sentence = error.getMessage()
                .replace("--text-column", "the second argument")
                .replaceAll("--([a-z-]+)", "the option $1");
        throw unchecked(new RefusedQueryException(sentence, error));
    }

    /** Scala declares no exceptions, so its methods let this one pass, which Java's compiler would not. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException unchecked(Throwable error) throws E {
        throw (E) error;
    }
}
