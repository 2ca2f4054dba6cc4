package io.github.longwing.spark.extensions;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.models.ModelLocator;
import io.github.longwing.spark.sql.TaskRequest;
import io.github.longwing.spark.task.OptionTexts;
import io.github.longwing.spark.task.SparkTask;
import java.io.Serializable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.MapType;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

/**
 * The map of options of a call.
 *
 * @param given as the query has them, by key
 */
record CallOptions(String function, Map<String, String> given) {

    /**
     * Reads the argument, which has to be a constant.
     *
     * @param argument empty where the call has none
     */
    static CallOptions of(String function, Optional<Expression> argument) {
        return new CallOptions(
                function, argument.map(map -> read(function, map)).orElse(Map.of()));
    }

    private static Map<String, String> read(String function, Expression argument) {
        String wanted = ", expected a constant map of options such as map('num-beams', '4')";
        if (!argument.foldable()) {
            throw QueryErrors.analysis(
                    "Cannot run " + function + ": its options are " + argument.sql() + ", not a constant" + wanted);
        }
        Object value;
        if (!(argument.dataType() instanceof MapType)) {
            throw QueryErrors.analysis("Cannot run " + function + ": its options are "
                    + argument.dataType().simpleString() + wanted);
        }
        try {
            value = CatalystTypeConverters.createToScalaConverter(argument.dataType())
                    .apply(argument.eval(InternalRow.empty()));
        } catch (RuntimeException e) {
            throw QueryErrors.analysis(new UserException(
                    "Cannot run " + function + ": its options " + argument.sql() + " cannot be computed (" + e + ")"
                            + wanted,
                    e));
        }
        if (value == null) {
            return Map.of();
        }
        Map<String, String> texts = new LinkedHashMap<>();
        CollectionConverters.asJava((scala.collection.Map<?, ?>) value)
                .forEach((name, text) -> texts.put(String.valueOf(name), String.valueOf(text)));
        return texts;
    }

    /** The option of a query itself, such as the name of a column, and not of the task. */
    Optional<String> find(String key) {
        return given.entrySet().stream()
                .filter(option -> key(option.getKey()).equals(key))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /**
     * The task that the options describe, for this session.
     *
     * @param ofQuery options that are not of the task but of the query
     */
    <S extends Serializable, T> TaskRequest<S, T> request(
            SparkTask<S, T> task, Collection<String> ofQuery, SparkSession session) {
        try {
            List<String> known = Stream.concat(TaskRequest.keys(task).stream(), ofQuery.stream())
                    .toList();
            OptionTexts texts = OptionTexts.of(given, known);
            return TaskRequest.of(
                    task,
                    texts,
                    setting -> OptionConverters.toJava(session.conf().getOption(setting)),
                    ModelLocator.ofThisMachine());
        } catch (UserException e) {
            throw QueryErrors.analysis(e);
        }
    }

    /** The options in the order of their names. */
    Map<String, String> shown() {
        return given.entrySet().stream()
                .collect(Collectors.toMap(
                        option -> key(option.getKey()), Map.Entry::getValue, (first, second) -> first, TreeMap::new));
    }

    private static String key(String name) {
        return name.strip().replace('_', '-').toLowerCase(Locale.ROOT);
    }
}
