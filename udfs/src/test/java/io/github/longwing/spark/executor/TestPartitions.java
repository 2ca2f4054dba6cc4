package io.github.longwing.spark.executor;

import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.task.summarize.Summaries;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Partitions outside of Spark. Each is closed after the test that opened it, whatever became of that test: the models and
 * places that it holds are those of the process, and the tests that come later would wait for them.
 */
final class TestPartitions implements AfterEachCallback {
    private final Queue<DocumentRows<Summaries>> opened = new ConcurrentLinkedQueue<>();

    DocumentRows<Summaries> rows(DocumentFunction<Summaries> function, Collection<Row> documents) {
        DocumentRows<Summaries> rows = new DocumentRows<>(function, documents.iterator(), /* context */ null);
        opened.add(rows);
        return rows;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        opened.forEach(DocumentRows::close);
        opened.clear();
    }

    static Row row(int id, String text, Object... kept) {
        Object[] values = new Object[InputColumns.KEPT + 1 + kept.length];
        values[InputColumns.TEXT] = text.getBytes(StandardCharsets.UTF_8);
        values[InputColumns.DOCUMENT_ID] = String.valueOf(id);
        values[InputColumns.KEPT] = String.valueOf(id);
        System.arraycopy(kept, 0, values, InputColumns.KEPT + 1, kept.length);
        return RowFactory.create(values);
    }

    static List<Row> all(Iterator<Row> rows) {
        List<Row> all = new ArrayList<>();
        rows.forEachRemaining(all::add);
        return all;
    }

    static List<String> ids(List<Row> rows) {
        return rows.stream().map(row -> row.getString(0)).toList();
    }

    /** The ids of error rows, each with its class. */
    static List<String> errors(List<Row> rows) {
        return rows.stream()
                .filter(row -> row.get(row.length() - 1) != null)
                .map(row ->
                        row.getString(0) + " " + row.getStruct(row.length() - 1).getString(0))
                .toList();
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(2);
        }
    }
}
