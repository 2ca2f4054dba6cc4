package io.github.longwing.spark.ml;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.github.longwing.error.DidYouMean;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.columns.ColumnName;
import io.github.longwing.spark.columns.NameRule;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.columns.TextId;
import io.github.longwing.spark.models.ModelLocator;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.Questions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.sql.TaskRequest;
import io.github.longwing.spark.task.NamedOption;
import io.github.longwing.spark.task.OptionTexts;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.spark.task.SparkTask.SqlArguments;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.OptionConverters;

/**
 * What all stages do: their Params, made from the table of options, and the columns that they add. Not for users, who
 * have the stages.
 *
 * @param <S> the options of the task
 * @param <T> its output
 */
public final class TaskStage<S extends Serializable, T> implements Serializable {
    private static final long serialVersionUID = 1L;

    static final String TEXT = "text-col";
    static final String ID = "id-col";
    static final String QUESTION = "question-col";
    static final String OUTPUT = "output-col";
    static final String ERROR = "error-col";
    static final String RESULT = "result-col";
    static final String OUTPUT_TYPE = "output-type";

    /** Of the result columns before they get their names. */
    private static final String PREFIX = "longwing result ";

    private static final String OWN_ID = "longwing document id";
    private static final String VECTOR = "vector";
    private static final String ARRAY = "array";

    private final Params owner;
    private final SparkTask<S, T> task;

    /** By the keys of their options. */
    private final Map<String, Param<?>> params = new LinkedHashMap<>();

    TaskStage(Params owner, SparkTask<S, T> task, String output) {
        this.owner = owner;
        this.task = task;
        Stream.concat(TaskRequest.RUN_OPTIONS.stream(), task.optionTable().options().stream())
                .forEach(option -> params.put(option.key(), param(option)));
        column(TEXT, "The column with the documents, a string or UTF-8 bytes.", Optional.of("text"));
        column(
                ID,
                "The column that identifies a document, which sampling depends on; else the text does.",
                Optional.empty());
        column(OUTPUT, "The column for the result.", Optional.of(output));
        column(ERROR, "The column for the error of a bad row; else the output column with _error.", Optional.empty());
        column(RESULT, "A column for all result columns in a struct; else none.", Optional.empty());
        if (task.sqlArguments() == SqlArguments.QUESTION_AND_TEXT) {
            column(QUESTION, "The column with the question of a document.", Optional.of("question"));
        }
        if (givesVectors()) {
            Param<String> type = new Param<>(
                    owner.uid(),
                    name(OUTPUT_TYPE),
                    "What the output is: vector or array.",
                    ParamValidators.inArray(List.of(VECTOR, ARRAY)),
                    String.class);
            params.put(OUTPUT_TYPE, type);
            setDefault(type, VECTOR);
        }
    }

    private boolean givesVectors() {
        return task.sqlType().equals(DataTypes.createArrayType(DataTypes.FloatType, /* containsNull */ false));
    }

    private void column(String key, String help, Optional<String> defaultName) {
        Param<String> param = new Param<>(owner.uid(), name(key), help, String.class);
        params.put(key, param);
        defaultName.ifPresent(column -> setDefault(param, column));
    }

    private <V> void setDefault(Param<V> param, V value) {
        Params unused = owner.setDefault(param, value);
    }

    private Param<?> param(NamedOption option) {
        String name = name(option.key());
        String help = option.description();
        OptionCheck<Object> check = new OptionCheck<>(task, option.key());
        return switch (option.kind()) {
            case INTEGER -> new IntParam(owner, name, help, check);
            case LONG -> new LongParam(owner, name, help, check);
            case NUMBER -> new DoubleParam(owner, name, help, check);
            case FLAG -> new BooleanParam(owner, name, help);
            case TEXT ->
                new Param<>(owner.uid(), name, help, new OptionCheck<String>(task, option.key()), String.class);
        };
    }

    /** The name of a Param: {@code numBeams} for {@code num-beams}. */
    private static String name(String key) {
        StringBuilder name = new StringBuilder();
        for (String part : key.split("-", -1)) {
            name.append(name.isEmpty() ? part : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
        }
        return name.toString();
    }

    IntParam integer(String key) {
        return (IntParam) params.get(key);
    }

    LongParam whole(String key) {
        return (LongParam) params.get(key);
    }

    DoubleParam number(String key) {
        return (DoubleParam) params.get(key);
    }

    BooleanParam flag(String key) {
        return (BooleanParam) params.get(key);
    }

    @SuppressWarnings("unchecked") // all others are of text
    Param<String> text(String key) {
        return (Param<String>) params.get(key);
    }

    @SuppressWarnings("unchecked") // setters give the type of the Param
    void set(String key, Object value) {
        Params unused = owner.set((Param<Object>) params.get(key), value);
    }

    private Optional<String> find(String key) {
        return Optional.ofNullable(params.get(key))
                .flatMap(param -> OptionConverters.toJava(owner.get(param))
                        .or(() -> OptionConverters.toJava(owner.getDefault(param))))
                .map(String::valueOf);
    }

    private String column(String key) {
        return find(key).orElseThrow();
    }

    private String errorColumn() {
        return find(ERROR).orElse(column(OUTPUT) + "_error");
    }

    /** The options that are set, as texts. */
    private OptionTexts texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        TaskRequest.keys(task).forEach(key -> OptionConverters.toJava(owner.get(params.get(key)))
                .ifPresent(value -> texts.put(key, String.valueOf(value))));
        return OptionTexts.of(texts, TaskRequest.keys(task));
    }

    private TaskRequest<S, T> request(SparkSession session) {
        return TaskRequest.of(
                task,
                texts(),
                setting -> OptionConverters.toJava(session.conf().getOption(setting)),
                ModelLocator.ofThisMachine());
    }

    /** The columns of the documents, then those of the stage; refuses columns that are missing or taken. */
    StructType schema(StructType documents) {
        return schema(documents, SparkSession.active());
    }

    private StructType schema(StructType documents, SparkSession session) {
        requireColumns(documents, NameRule.of(session));
        StructType result = documents.add(column(OUTPUT), outputType()).add(errorColumn(), ERROR_TYPE);
        return find(RESULT)
                .map(name -> result.add(
                        name,
                        DataTypes.createStructType(resultFields(request(session).options()))))
                .orElse(result);
    }

    private static final DataType ERROR_TYPE = DataTypes.createStructType(List.of(
            ResultSchema.nullable("class", DataTypes.StringType),
            ResultSchema.nullable("message", DataTypes.StringType)));

    private List<StructField> resultFields(S options) {
        return Arrays.asList(ResultSchema.of(List.of(), List.of(), task.columns(options), "", NameRule.CASE_SENSITIVE)
                .fields());
    }

    private DataType outputType() {
        return isVector() ? SQLDataTypes.VectorType() : task.sqlType();
    }

    private boolean isVector() {
        return find(OUTPUT_TYPE).filter(VECTOR::equals).isPresent();
    }

    private void requireColumns(StructType documents, NameRule names) {
        List<String> there = List.of(documents.fieldNames());
        Stream.of(TEXT, QUESTION, ID).forEach(key -> find(key).ifPresent(name -> {
            if (there.stream().noneMatch(column -> names.same(column, name)) && !name.contains(".")) {
                throw new UserException("Cannot run " + owner + ": " + name(key) + " is " + name
                        + ", expected one of the columns that the input has (" + String.join(", ", there) + ")"
                        + DidYouMean.hint(name, there));
            }
        }));
        Stream.of(Optional.of(column(OUTPUT)), Optional.of(errorColumn()), find(RESULT))
                .flatMap(Optional::stream)
                .forEach(name -> {
                    if (there.stream().anyMatch(column -> names.same(column, name))) {
                        throw new UserException("Cannot run " + owner + ": the input has a column " + name
                                + " already, expected a new name; set outputCol, errorCol or resultCol to another");
                    }
                });
    }

    /** The documents with the columns of the stage, not computed yet. */
    Dataset<Row> transform(Dataset<Row> documents) {
        StructType unused = schema(documents.schema(), documents.sparkSession());
        TaskRequest<S, T> request = request(documents.sparkSession());
        List<String> kept = List.of(documents.columns());
        Optional<String> id = find(ID);
        DocumentColumns columns = new DocumentColumns(id.orElse(OWN_ID), column(TEXT), questions(), kept, PREFIX);
        Dataset<Row> rows = DocumentTransformation.of(task)
                .apply(
                        id.isPresent() ? documents : documents.withColumn(OWN_ID, ownId()),
                        request.in(columns),
                        JobProgress.none());
        List<Column> selection = new ArrayList<>();
        kept.forEach(name -> selection.add(ColumnName.column(name)));
        List<StructField> results = resultFields(request.options());
        Column error = result(ResultSchema.ERROR);
        selection.add(when(error.isNull(), value(results)).as(column(OUTPUT)));
        selection.add(error.as(errorColumn()));
        find(RESULT).ifPresent(name -> selection.add(struct(named(results)).as(name)));
        return rows.select(selection.toArray(Column[]::new));
    }

    private Questions questions() {
        return task.sqlArguments() == SqlArguments.TEXT
                ? new Questions.None()
                : new Questions.InColumn(column(QUESTION));
    }

    private Column ownId() {
        Column text = col(column(TEXT)).cast(DataTypes.StringType);
        return coalesce(
                udf((UDF1<String, String>) TaskStage::idOf, DataTypes.StringType)
                        .apply(text),
                lit("null"));
    }

    private static String idOf(String text) {
        return text == null ? null : TextId.of(text);
    }

    /** The value that the SQL function has: of several texts the first, of several columns a struct. */
    private Column value(List<StructField> results) {
        List<StructField> first = results.subList(0, task.sqlColumns());
        if (first.size() > 1) {
            return struct(named(first));
        }
        Column value = result(first.get(0).name());
        if (isVector()) {
            return functions.array_to_vector(value.cast(DataTypes.createArrayType(DataTypes.DoubleType)));
        }
        boolean isOneOfSeveral =
                first.get(0).dataType() instanceof ArrayType array && array.elementType() instanceof StructType;
        return isOneOfSeveral ? element_at(value, 1).getField("text") : value;
    }

    private static Column[] named(List<StructField> fields) {
        return fields.stream()
                .map(field -> result(field.name()).as(field.name()))
                .toArray(Column[]::new);
    }

    private static Column result(String name) {
        return ColumnName.column(PREFIX + name);
    }
}
