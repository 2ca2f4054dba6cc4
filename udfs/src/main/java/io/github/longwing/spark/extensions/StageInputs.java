package io.github.longwing.spark.extensions;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import scala.Option;

/** What a stage reads of each row: text as binary, id as string, question as binary. */
final class StageInputs {
    private StageInputs() {}

    /**
     * The inputs of a call; refuses what is not text.
     *
     * @param condition the text is null where this is not true; null for no condition
     */
    static List<Expression> of(TaskCall call, Expression condition) {
        Expression text = binary(call, "text", call.text(), BINARY_OR_STRING);
        Expression wanted = condition == null ? text : new If(condition, text, none(DataTypes.BinaryType));
        Expression question = call.question()
                .map(asked -> nothingAsEmpty(binary(call, "question", asked, STRING)))
                .orElse(none(DataTypes.BinaryType));
        return List.of(wanted, none(DataTypes.StringType), question);
    }

    private static final String STRING = "string";
    private static final String BINARY_OR_STRING = "string or binary";

    private static Expression binary(TaskCall call, String role, Expression argument, String expected) {
        DataType type = argument.dataType();
        boolean isText = type instanceof StringType
                || type instanceof NullType
                || (type instanceof BinaryType && expected.equals(BINARY_OR_STRING));
        if (!isText) {
            throw QueryErrors.analysis("Cannot run " + call.prettyName() + ": the " + role + " is "
                    + type.simpleString() + ", expected " + expected + "; cast it before");
        }
        // a string that is not UTF-8 would otherwise reach Java with its damage painted over
        return type instanceof BinaryType ? argument : new Cast(argument, DataTypes.BinaryType, Option.empty());
    }

    private static Expression nothingAsEmpty(Expression question) {
        return new Coalesce(
                ScalaLists.scala(List.of(question, Literal$.MODULE$.create(new byte[0], DataTypes.BinaryType))));
    }

    static Expression none(DataType type) {
        return Literal$.MODULE$.create(null, type);
    }
}
