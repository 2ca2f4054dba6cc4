package io.github.longwing.spark;

import static scala.jdk.javaapi.OptionConverters.toJava;

import io.github.longwing.task.Summaries;
import io.github.longwing.tokenizer.Newlines;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A text's best summary as a SQL function; NULL for a text that has none, such as NULL. It shares the model of the
 * executor with all jobs, but sees one document of a task at a time: {@link DocumentSummaries} is faster, and says why
 * a document has no summary.
 *
 * <p>Made without arguments, as {@code spark.udf.registerJavaFunction} does, it runs the model that the setting
 * {@value #MODEL} names, else the one that the jar carries. {@link LongwingFunctions} makes it with other settings.
 */
public final class SummarizeFunction implements UDF1<String, String> {
    private static final long serialVersionUID = 1L;

    /** A location as {@link ModelReference} has it, set in the session or for the cluster. */
    public static final String MODEL = "spark.longwing.model";

    private static final Logger LOG = LoggerFactory.getLogger(SummarizeFunction.class);

    /** Null for the model that the settings of the session name. */
    private final TaskLoader<Summaries> loader;

    private final ErrorPolicy onError;

    public SummarizeFunction() {
        this(null, ErrorPolicy.PERMISSIVE);
    }

    SummarizeFunction(TaskLoader<Summaries> loader, ErrorPolicy onError) {
        this.loader = loader;
        this.onError = onError;
    }

    @Override
    public String call(String text) {
        if (text == null) {
            return null;
        }
        TaskContext context = TaskContext.get();
        DocumentFunction<Summaries> function = new DocumentFunction<>(
                loader == null ? loaderOfSession(context) : loader, SummaryColumns.BEST, onError, JobProgress.none());
        // there is no id, and the same text shall always get the same draws
        String id = "text " + Integer.toHexString(text.hashCode());
        Row document = RowFactory.create(text.getBytes(StandardCharsets.UTF_8), id, /* reading failure */ null);
        try (DocumentRows<Summaries> rows =
                new DocumentRows<>(function, List.of(document).iterator(), context)) {
            Row row = rows.next();
            Row error = row.getAs(row.length() - 1);
            if (error != null) {
                LOG.warn("No summary for {} ({}): {}", id, error.get(0), error.get(1));
            }
            return row.getString(0);
        }
    }

    private static TaskLoader<Summaries> loaderOfSession(TaskContext context) {
        ModelReference model = location(context).map(ModelReference::at).orElseGet(ModelReference::embedded);
        return new SummarizerLoader(model, Map.of(), null, Newlines.NEWLINE);
    }

    private static Optional<String> location(TaskContext context) {
        if (context != null) {
            return Optional.ofNullable(context.getLocalProperty(MODEL)) // Spark sends the session's settings along
                    .or(() -> Optional.ofNullable(SparkEnv.get().conf().get(MODEL, null)));
        }
        return toJava(SparkSession.getActiveSession())
                .flatMap(session -> toJava(session.conf().getOption(MODEL)));
    }
}
