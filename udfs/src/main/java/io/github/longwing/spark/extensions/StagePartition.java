package io.github.longwing.spark.extensions;

import io.github.longwing.error.DocumentException;
import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.columns.TextId;
import io.github.longwing.spark.executor.DocumentFunction;
import io.github.longwing.spark.executor.DocumentRows;
import io.github.longwing.spark.task.SparkTask.SqlArguments;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function1;
import scala.collection.immutable.Seq;

/**
 * The rows of one partition of a stage: those of its child, each with the results for it. Runs on the executors.
 *
 * @param function made on the driver, so that fingerprints are those of the jobs
 */
record StagePartition<S extends Serializable, T>(
        StageTask<S, T> task,
        DocumentFunction<T> function,
        Seq<Expression> inputs,
        Seq<Attribute> results,
        Seq<Attribute> before,
        SQLMetric rows,
        SQLMetric errors,
        SQLMetric inputTokens)
        implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
    static final String ROWS = "numOutputRows";
    static final String ERRORS = "documentErrors";
    static final String INPUT_TOKENS = "inputTokens";

    private static final int TEXT = 0;
    private static final int ID = 1;
    private static final int QUESTION = 2;

    private static final Logger LOG = LoggerFactory.getLogger(StagePartition.class);

    static <S extends Serializable, T> StagePartition<S, T> of(
            StageTask<S, T> task,
            Seq<Expression> inputs,
            Seq<Attribute> results,
            Seq<Attribute> before,
            Function<String, SQLMetric> metric) {
        return new StagePartition<>(
                task,
                task.function(),
                inputs,
                results,
                before,
                metric.apply(ROWS),
                metric.apply(ERRORS),
                metric.apply(INPUT_TOKENS));
    }

    @Override
    public Iterator<InternalRow> call(Iterator<InternalRow> partition) {
        TaskContext context = TaskContext.get();
        StageRows stage = new StageRows(partition, context);
        context.addTaskCompletionListener((TaskCompletionListener) ended -> stage.documents.close());
        return stage;
    }

    /** For the thread of the Spark task only. */
    private final class StageRows implements Iterator<InternalRow> {
        private final Iterator<InternalRow> partition;
        private final UnsafeProjection read = UnsafeProjection.create(inputs, before);
        private final UnsafeProjection write;
        private final Function1<Object, Object> toCatalyst;
        private final DocumentRows<T> documents;
        private final JoinedRow joined = new JoinedRow();
        private final InternalRow nothing;
        private final int tokensIndex;

        /** Read from the partition, but not given out; null for none. */
        private Row waiting;

        /** Documents that the model has and that are not given out. */
        private long under;

        StageRows(Iterator<InternalRow> partition, TaskContext context) {
            this.partition = partition;
            Seq<Attribute> output = DocumentStage.withResults(before, results);
            this.write = UnsafeProjection.create(ScalaLists.widen(output), output);
            StructType type = DocumentStage.resultType(results);
            this.toCatalyst = CatalystTypeConverters.createToCatalystConverter(type);
            this.nothing = (InternalRow) toCatalyst.apply(RowFactory.create(new Object[type.size()]));
            // after the kept row and the columns of the task; the first that all tasks have in common
            this.tokensIndex = 1 + task.columns().fields().size();
            this.documents = new DocumentRows<>(function, new Documents(), context);
        }

        @Override
        public boolean hasNext() {
            return passesBy() || documents.hasNext();
        }

        @Override
        public InternalRow next() {
            if (passesBy()) {
                InternalRow row = waiting.getAs(waiting.length() - 1);
                waiting = null;
                return write(row, nothing);
            }
            if (!documents.hasNext()) {
                throw new NoSuchElementException("The partition has no more rows");
            }
            Row row = documents.next();
            under--;
            count(row);
            return write(row.getAs(0), (InternalRow) toCatalyst.apply(task.added(row)));
        }

        /**
         * Whether the next row has nothing to compute and no document before it is under way, so that it needs no model:
         * the function of a null is null, and conditions of the query put nulls where a result is not wanted.
         */
        private boolean passesBy() {
            if (task.output() == StageTask.Output.COLUMNS || under > 0) {
                return false;
            }
            return peek() && hasNoDocument(waiting);
        }

        private boolean hasNoDocument(Row row) {
            boolean asks = task.request().task().sqlArguments() == SqlArguments.QUESTION_AND_TEXT;
            return row.get(TEXT) == null || (asks && ((byte[]) row.get(QUESTION)).length == 0);
        }

        private boolean peek() {
            if (waiting == null && partition.hasNext()) {
                waiting = document(partition.next());
            }
            return waiting != null;
        }

        private Row document(InternalRow row) {
            UnsafeRow input = read.apply(row);
            byte[] text = input.isNullAt(TEXT) ? null : input.getBinary(TEXT);
            String id = input.isNullAt(ID)
                    ? defaultId(text)
                    : input.getUTF8String(ID).toString();
            byte[] question = input.isNullAt(QUESTION) ? null : input.getBinary(QUESTION);
            return InputColumns.row(text, id, question, row.copy());
        }

        private String defaultId(byte[] text) {
            return text == null ? "null" : TextId.of(new String(text, StandardCharsets.UTF_8));
        }

        private InternalRow write(InternalRow row, InternalRow added) {
            rows.add(1);
            return write.apply(joined.apply(row, added));
        }

        private void count(Row row) {
            Row error = row.getAs(row.length() - 1);
            if (error == null) {
                inputTokens.add(row.getInt(tokensIndex));
                return;
            }
            errors.add(1);
            if (task.output() == StageTask.Output.VALUE
                    && !error.getString(0).equals(DocumentException.Kind.EmptyText.name())) {
                LOG.warn("No result for a text ({}): {}", error.get(0), error.get(1));
            }
        }

        /** What the model is given. */
        private final class Documents implements Iterator<Row> {
            @Override
            public boolean hasNext() {
                return peek();
            }

            @Override
            public Row next() {
                if (!peek()) {
                    throw new NoSuchElementException("The partition has no more rows");
                }
                Row document = waiting;
                waiting = null;
                under++;
                return document;
            }
        }
    }
}
