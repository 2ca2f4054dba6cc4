package io.github.longwing.jobs.evaluation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;

import io.github.longwing.error.UserException;
import io.github.longwing.evaluation.Bootstrap;
import io.github.longwing.evaluation.LabelSums;
import io.github.longwing.evaluation.NoAnswerThreshold;
import io.github.longwing.jobs.conf.Redaction;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.evaluation.EvaluationReport.Comparison;
import io.github.longwing.jobs.evaluation.EvaluationReport.Method;
import io.github.longwing.jobs.evaluation.EvaluationReport.Threshold;
import io.github.longwing.jobs.input.DocumentInput;
import io.github.longwing.jobs.input.InputReader;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.columns.ColumnName;
import io.github.longwing.spark.options.DocumentColumns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Scores an output of a job beside the references of its input, and the baselines beside it.
 *
 * @param columns those that the job read
 * @param limit how many documents are read
 */
public record Evaluation(JobSession session, DocumentColumns columns, DocumentInput input, OptionalLong limit) {
    /** The tasks whose outputs can be scored. */
    public static final List<String> TASKS = List.of("summarize", "classify", "answer");

    private static final String COMPARE = "--compare";

    /** More labels than these are no labels. */
    private static final int MAX_LABELS = 2_000;

    /**
     * What is evaluated, and how.
     *
     * @param output the output of a job, a path or a table
     * @param origin where it comes from
     * @param compared another output for the same documents
     * @param training documents to train a baseline of labels on
     * @param baselineWords how long baselines of summaries are
     * @param samples how many the intervals are made of; none for 0
     * @param scores where the scores of each document go
     */
    public record Options(
            String referenceColumn,
            String output,
            Origin origin,
            Optional<String> compared,
            Optional<DocumentInput> training,
            int baselineWords,
            int samples,
            long seed,
            Optional<String> scores) {
        private String option() {
            return switch (origin) {
                case THIS_RUN -> "--output";
                case EARLIER_RUN -> "--against-output";
            };
        }
    }

    /** Which run wrote an output. */
    public enum Origin {
        THIS_RUN,
        EARLIER_RUN
    }

    /** Refuses references, outputs and a place for scores that cannot be used, before anything runs. */
    public void check(String task, Options options) {
        if (columns.ids().size() > 1) {
            throw new UserException("Cannot evaluate: --id-column is " + String.join(",", columns.ids())
                    + ", expected one column that pairs outputs with references; make one of them before");
        }
        TaskScores scores = scores(task, options);
        var unused = examples(input, scores, options).schema();
        if (options.origin() == Origin.EARLIER_RUN) {
            var unusedOutput = scores.prediction(open(options.option(), options.output()));
        }
        options.compared().ifPresent(name -> {
            var unusedOutput = scores.prediction(open(COMPARE, name));
        });
        options.training().ifPresent(training -> {
            var unusedSchema = examples(training, scores, options).schema();
        });
        options.scores().ifPresent(this::requireNew);
    }

    /** Runs on Spark; the input is read several times, for ids that are repeated, for what is left out, and for scores. */
    public EvaluationReport run(String task, Options options) {
        TaskScores scores = scores(task, options);
        TaskScores scoring = scores;
        OutputColumns output = open(options.option(), options.output());
        Dataset<Row> examples = examples(input, scores, options);
        Pairs pairs = Pairs.join(
                examples,
                "--input " + input.description(),
                Pairs.predictions(output, columns.id(), scores, Pairs.OUTPUT),
                options.option() + " " + output.name(),
                options.compared()
                        .map(name -> Pairs.predictions(open(COMPARE, name), columns.id(), scores, Pairs.COMPARED)));
        requireSome(pairs.counts(), output);
        List<String> outputs = new ArrayList<>(List.of(Pairs.OUTPUT));
        options.compared().ifPresent(name -> outputs.add(Pairs.COMPARED));
        Dataset<Row> rows = pairs.rows();
        List<String> notes = new ArrayList<>();
        if (scores instanceof LabelScores) {
            String majority;
            if (options.training().isPresent()) {
                DocumentInput training = options.training().get();
                LabelBaseline baseline =
                        LabelBaseline.train(examples(training, scores, options), rows, training.description());
                rows = baseline.addTo(rows);
                outputs.add(LabelBaseline.NAME);
                majority = baseline.majority();
                notes.add("tfidf is trained on " + ProgressLine.count(baseline.documents(), "document")
                        + (baseline.leftOut() > 0
                                ? "; " + ProgressLine.number(baseline.leftOut())
                                        + " that are evaluated too are left out"
                                : ""));
                notes.add("majority is their most frequent label: " + majority);
            } else {
                majority = majority(rows);
                notes.add("majority is the most frequent label of the references themselves: " + majority);
            }
            scoring = LabelScores.of(majority, List.of());
        }
        ScoreRows scoreRows = new ScoreRows(scoring, outputs);
        StructType schema = scoreRows.schema(rows.schema());
        Dataset<Row> scored = rows.mapPartitions(scoreRows, Encoders.row(schema));
        if (options.scores().isPresent()) {
            return report(written(scored, options.scores().get()), scoring, scoreRows, pairs, output, options, notes);
        }
        Dataset<Row> kept = scored.persist(StorageLevel.DISK_ONLY());
        try {
            return report(kept, scoring, scoreRows, pairs, output, options, notes);
        } finally {
            kept.unpersist();
        }
    }

    private EvaluationReport report(
            Dataset<Row> scored,
            TaskScores scoring,
            ScoreRows rows,
            Pairs pairs,
            OutputColumns output,
            Options options,
            List<String> notes) {
        List<String> names = rows.methods();
        List<String> said = new ArrayList<>(notes);
        if (options.compared().isPresent()) {
            long failed = errors(scored, Pairs.COMPARED).values().stream()
                    .mapToLong(count -> count)
                    .sum();
            said.add(
                    "compared is " + Redaction.show("output", options.compared().get()) + " ("
                            + ProgressLine.count(failed, "error") + (failed == 0 ? ")" : ", which score 0)"));
        }
        TaskScores scores = scoring instanceof LabelScores labels
                ? LabelScores.of(labels.majority(), labels(scored, names))
                : scoring;
        SumRows sums = new SumRows(scores, names, options.seed(), options.samples());
        Bootstrap all = sums.sum(scored);
        List<Method> methods = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Map<String, Bootstrap.Estimate> figures = new LinkedHashMap<>();
            for (TaskScores.Figure figure : scores.figures()) {
                figures.put(figure.name(), all.estimate(sums.of(i, figure.of())));
            }
            methods.add(new Method(names.get(i), figures));
        }
        List<LabelSums.OfLabel> ofLabels = new ArrayList<>();
        List<LabelSums.Bin> bins = new ArrayList<>();
        if (scores instanceof LabelScores labels) {
            double[] ofOutput = sums.sumsOf(0, all.sums());
            ofLabels.addAll(labels.labels().ofLabels(ofOutput));
            bins.addAll(labels.labels().bins(ofOutput));
        }
        return new EvaluationReport(
                scores.task(),
                input.description(),
                options.referenceColumn(),
                output.name(),
                options.compared().map(name -> Redaction.show("output", name)),
                pairs.counts(),
                errors(scored, Pairs.OUTPUT),
                options.samples(),
                options.seed(),
                scores.figures(),
                methods,
                comparisons(scores, sums, all, names),
                ofLabels,
                bins,
                scores instanceof AnswerScores ? thresholds(scored, rows.outputs()) : List.of(),
                said);
    }

    private static List<Comparison> comparisons(TaskScores scores, SumRows sums, Bootstrap all, List<String> methods) {
        List<Comparison> comparisons = new ArrayList<>();
        for (int i = 1; i < methods.size(); i++) {
            for (int j = 0; j < scores.compared().size(); j++) {
                TaskScores.Compared column = scores.compared().get(j);
                TaskScores.Figure figure = scores.figures().stream()
                        .filter(f -> f.title().equals(column.title()))
                        .findFirst()
                        .orElseThrow();
                var first = sums.of(0, figure.of());
                var other = sums.of(i, figure.of());
                int at = sums.outcomes(i, j);
                double[] totals = all.sums();
                comparisons.add(new Comparison(
                        methods.get(i),
                        figure,
                        all.estimate(values -> first.applyAsDouble(values) - other.applyAsDouble(values)),
                        (long) totals[at],
                        (long) totals[at + 1],
                        (long) totals[at + 2]));
            }
        }
        return comparisons;
    }

    /** The sorted questions pass by one at a time, in memory for one partition of them. */
    private static List<Threshold> thresholds(Dataset<Row> scored, List<String> outputs) {
        List<Threshold> thresholds = new ArrayList<>();
        for (String method : outputs) {
            Column margin = ColumnName.column(method).getField("margin");
            Column failed = ColumnName.column(method).getField("error").isNotNull();
            long unanswerable = 0;
            long questions = 0;
            for (Row row : scored.groupBy(failed.as("failed"), unanswerable().as("unanswerable"))
                    .count()
                    .collectAsList()) {
                questions += row.getLong(2);
                unanswerable += !row.getBoolean(0) && row.getBoolean(1) ? row.getLong(2) : 0;
            }
            NoAnswerThreshold exact = new NoAnswerThreshold(unanswerable);
            NoAnswerThreshold f1 = new NoAnswerThreshold(unanswerable);
            Iterator<Row> sorted = scored.where(margin.isNotNull())
                    .select(
                            margin.as("margin"),
                            ColumnName.column(method).getField("span_exact"),
                            ColumnName.column(method).getField("span_f1"),
                            unanswerable())
                    .orderBy("margin")
                    .toLocalIterator();
            boolean any = sorted.hasNext();
            while (sorted.hasNext()) {
                Row row = sorted.next();
                boolean answerable = !row.getBoolean(3);
                exact.add(row.getDouble(0), row.getDouble(1), answerable);
                f1.add(row.getDouble(0), row.getDouble(2), answerable);
            }
            if (any) {
                thresholds.add(new Threshold(
                        method, exact.best() / questions, exact.threshold(), f1.best() / questions, f1.threshold()));
            }
        }
        return thresholds;
    }

    private static Column unanswerable() {
        return size(col(Pairs.REFERENCE)).equalTo(0);
    }

    private static Map<String, Long> errors(Dataset<Row> scored, String method) {
        Map<String, Long> errors = new LinkedHashMap<>();
        Column error = col(method).getField("error");
        scored.where(error.isNotNull())
                .groupBy(error.as("error"))
                .count()
                .orderBy("error")
                .collectAsList()
                .forEach(row -> errors.put(row.getString(0), row.getLong(1)));
        return errors;
    }

    private static List<String> labels(Dataset<Row> scored, List<String> methods) {
        Dataset<Row> labels = scored.select(col(Pairs.REFERENCE).as("label"));
        for (String method : methods) {
            Column prediction = ColumnName.column(method).getField("prediction");
            labels = labels.union(scored.select(
                    when(ColumnName.column(method).getField("error").isNull(), prediction)
                            .as("label")));
        }
        List<String> found =
                labels.where(col("label").isNotNull()).distinct().limit(MAX_LABELS + 1).collectAsList().stream()
                        .map(row -> row.getString(0))
                        .sorted()
                        .toList();
        if (found.size() > MAX_LABELS) {
            throw new UserException("Cannot evaluate classify: there are more than " + MAX_LABELS
                    + " labels, expected a column of labels; name it with --reference-column");
        }
        return found;
    }

    private static String majority(Dataset<Row> rows) {
        return rows.groupBy(Pairs.REFERENCE)
                .agg(count(lit(1)).as("count"))
                .orderBy(col("count").desc(), col(Pairs.REFERENCE))
                .head()
                .getString(0);
    }

    private static TaskScores scores(String task, Options options) {
        return switch (task) {
            case "summarize" -> new SummaryScores(options.baselineWords());
            case "classify" -> LabelScores.of("", List.of());
            case "answer" -> new AnswerScores();
            default -> throw new IllegalArgumentException("No evaluation of " + task);
        };
    }

    private Dataset<Row> examples(DocumentInput from, TaskScores scores, Options options) {
        Dataset<Row> rows = new InputReader(session, Pairs.reading(columns, options.referenceColumn()))
                .read(from, from.equals(input) ? limit : OptionalLong.empty())
                .rows();
        return Pairs.examples(rows, columns, options.referenceColumn(), scores);
    }

    private OutputColumns open(String option, String name) {
        return OutputColumns.open(session, option, name, columns.resultPrefix());
    }

    private void requireSome(Pairs.Counts counts, OutputColumns output) {
        if (counts.scored() > 0) {
            return;
        }
        throw new UserException("Cannot evaluate " + output.name() + ": "
                + (counts.notInOutput() == 0 && counts.notInCompared() == 0
                        ? "no document has a reference"
                        : "none of its ids is the id of a document with a reference")
                + ", expected at least one; "
                + (counts.notInOutput() == 0 && counts.notInCompared() == 0
                        ? "name the column of references with --reference-column"
                        : "name the --input that the output was made of, and its --id-column"));
    }

    private void requireNew(String scores) {
        try {
            Path path = new Path(scores);
            if (path.getFileSystem(session.hadoopConfiguration()).exists(path)) {
                throw new UserException("Cannot write --scores " + scores
                        + ": it exists already, expected a new directory; name another or remove it");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new UserException(
                    "Cannot write --scores " + scores + ": " + e.getMessage()
                            + ", expected a path or a URI that Hadoop's file systems read",
                    e);
        }
    }

    private Dataset<Row> written(Dataset<Row> scored, String place) {
        try {
            scored.write().mode("errorifexists").parquet(place);
        } catch (Exception e) { // AnalysisException, which Scala does not declare
            if (e instanceof AnalysisException) {
                throw new UserException(
                        "Cannot write --scores " + place + ": " + Failures.firstLine(e)
                                + ", expected a new directory; name another",
                        e);
            }
            throw e;
        }
        return session.spark().read().schema(scored.schema()).parquet(place);
    }
}
