package io.github.longwing.spark.extensions;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.posexplode_outer;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.columns.NameRule;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.Questions;
import io.github.longwing.spark.sql.TaskRequest;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.spark.task.SparkTask.SqlArguments;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.FunctionTableSubqueryArgumentExpression;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.classic.Dataset$;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Seq;

/**
 * A task as a function of a table, such as {@code longwing_summarize(TABLE(papers), 'text')}: the columns of the table and
 * all result columns, as a job has them.
 */
record TableFunction<S extends Serializable, T>(SparkTask<S, T> task) {
    private static final String ID = "id-column";
    private static final String QUESTION = "question-column";
    private static final String QUESTIONS = "questions-column";
    private static final String PREFIX = "result-prefix";

    private static final String DEFAULT_ID = "id";
    private static final String QUESTIONS_OF_ROW = "longwing questions";
    private static final String ONE_QUESTION = "longwing one question";
    private static final String QUESTION_INDEX = "longwing question index";

    LogicalPlan of(Seq<Expression> arguments) {
        try {
            return call(ScalaLists.java(arguments));
        } catch (UserException e) {
            throw QueryErrors.analysis(e);
        }
    }

    private LogicalPlan call(List<Expression> arguments) {
        if (arguments.size() < 2
                || arguments.size() > 3
                || !(arguments.get(0) instanceof FunctionTableSubqueryArgumentExpression table)) {
            throw QueryErrors.analysis("Cannot run " + task.sqlFunction() + " on a table: expected "
                    + task.sqlFunction() + "(TABLE(documents), 'text') or " + task.sqlFunction()
                    + "(TABLE(documents), 'text', map('option', 'value'))");
        }
        if (table.hasRepartitioning() || table.orderByExpressions().nonEmpty()) {
            throw QueryErrors.analysis("Cannot run " + task.sqlFunction() + " on a table with PARTITION BY, ORDER BY or"
                    + " WITH SINGLE PARTITION: expected TABLE alone, since each document is processed by itself;"
                    + " leave it out");
        }
        CallOptions options = CallOptions.of(
                task.sqlFunction(), arguments.size() == 3 ? Optional.of(arguments.get(2)) : Optional.empty());
        SparkSession session = (SparkSession) org.apache.spark.sql.SparkSession.active();
        TaskRequest<S, T> request = options.request(task, optionsOfQuery(), session);
        return plan(Dataset$.MODULE$.ofRows(session, table.plan()), text(arguments.get(1)), options, request);
    }

    private List<String> optionsOfQuery() {
        return switch (task.sqlArguments()) {
            case TEXT -> List.of(ID, PREFIX);
            case QUESTION_AND_TEXT -> List.of(ID, PREFIX, QUESTION, QUESTIONS);
        };
    }

    private String text(Expression argument) {
        String wanted = ", expected the name of the column with the documents as a constant, such as 'text'";
        if (!argument.foldable() || !(argument.dataType() instanceof StringType)) {
            throw QueryErrors.analysis("Cannot run " + task.sqlFunction() + " on a table: its second argument is "
                    + argument.sql() + wanted);
        }
        Object name = argument.eval(InternalRow.empty());
        if (name == null) {
            throw QueryErrors.analysis(
                    "Cannot run " + task.sqlFunction() + " on a table: its second argument is NULL" + wanted);
        }
        return name.toString();
    }

    private LogicalPlan plan(Dataset<Row> table, String text, CallOptions options, TaskRequest<S, T> request) {
        NameRule names = NameRule.of(table.sparkSession());
        Optional<String> id = options.find(ID).or(() -> Arrays.stream(table.columns())
                .filter(column -> names.same(column, DEFAULT_ID))
                .findFirst());
        DocumentColumns columns = new DocumentColumns(
                id.orElse(text),
                text,
                questions(options),
                List.of(),
                options.find(PREFIX).orElse(""));
        // checks the columns, and says how each is read
        Dataset<Row> projected = InputColumns.project(table, columns);
        List<StructField> questionFields = InputColumns.questionFields(projected);
        List<Expression> inputs = expressions(projected);
        LogicalPlan rows = analysed(table);
        List<NamedExpression> output = new ArrayList<>(ScalaLists.<Attribute>java(rows.output()));
        Expression question = inputs.get(InputColumns.QUESTION);
        if (!questionFields.isEmpty()) {
            rows = withEachQuestion((SparkSession) table.sparkSession(), rows, question);
            List<Attribute> exploded = ScalaLists.java(rows.output());
            Attribute one = exploded.get(exploded.size() - 1);
            output.add(Extraction.alias(one, columns.resultPrefix() + "question"));
            output.add(Extraction.alias(exploded.get(exploded.size() - 2), columns.resultPrefix() + "question_index"));
            question = asBytes(one);
        }
        StructType schema = ResultSchema.of(
                List.of(table.schema().fields()),
                questionFields,
                task.columns(request.options()),
                columns.resultPrefix(),
                names);
        List<Attribute> results = Arrays.stream(schema.fields())
                .skip(output.size())
                .map(field -> Extraction.attribute(field.name(), field.dataType()))
                .toList();
        results.forEach(result -> output.add(Extraction.alias(result, result.name())));
        DocumentStage stage = new DocumentStage(
                new StageTask<>(request, StageTask.Output.COLUMNS, options.shown()),
                ScalaLists.scala(List.of(
                        inputs.get(InputColumns.TEXT),
                        id.isPresent()
                                ? named(inputs.get(InputColumns.DOCUMENT_ID))
                                : StageInputs.none(DataTypes.StringType),
                        question)),
                ScalaLists.scala(results),
                rows);
        return new Project(ScalaLists.scala(output), stage);
    }

    private Questions questions(CallOptions options) {
        if (task.sqlArguments() == SqlArguments.TEXT) {
            return new Questions.None();
        }
        Optional<String> one = options.find(QUESTION);
        Optional<String> several = options.find(QUESTIONS);
        if (one.isPresent() && several.isPresent()) {
            throw new UserException("Cannot use both options " + QUESTION + " and " + QUESTIONS
                    + ": expected one of the two; leave one out");
        }
        return one.<Questions>map(Questions.InColumn::new)
                .or(() -> several.map(Questions.InArrayColumn::new))
                .orElseGet(Questions.DefaultColumns::new);
    }

    /** The rows, each as often as it has questions; the last two columns are the index and the question. */
    private static LogicalPlan withEachQuestion(SparkSession session, LogicalPlan rows, Expression questions) {
        List<NamedExpression> columns = new ArrayList<>(ScalaLists.<Attribute>java(rows.output()));
        columns.add(Extraction.alias(questions, QUESTIONS_OF_ROW));
        return analysed(Dataset$.MODULE$
                .ofRows(session, new Project(ScalaLists.scala(columns), rows))
                .select(
                        col("*"),
                        posexplode_outer(col("`" + QUESTIONS_OF_ROW + "`"))
                                .as(new String[] {QUESTION_INDEX, ONE_QUESTION})));
    }

    private static LogicalPlan analysed(Dataset<Row> rows) {
        return ((org.apache.spark.sql.classic.Dataset<Row>) rows)
                .queryExecution()
                .analyzed();
    }

    private static List<Expression> expressions(Dataset<Row> projected) {
        Project project = (Project) analysed(projected);
        return ScalaLists.<NamedExpression>java(project.projectList()).stream()
                .map(column -> column instanceof Alias alias ? alias.child() : (Expression) column)
                .toList();
    }

    /** As the jobs name a document whose id is null. */
    private static Expression named(Expression id) {
        return new Coalesce(ScalaLists.scala(List.of(id, Literal$.MODULE$.apply("null"))));
    }

    private static Expression asBytes(Attribute question) {
        return new Coalesce(ScalaLists.scala(List.of(
                new Cast(question, DataTypes.BinaryType, Option.empty()),
                Literal$.MODULE$.create(new byte[0], DataTypes.BinaryType))));
    }
}
