package io.github.longwing.jobs.evaluation;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Scores rows of {@link Pairs}, each by itself, on the executors.
 *
 * @param outputs the columns that hold outputs
 */
record ScoreRows(TaskScores scores, List<String> outputs) implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    /** What is drawn together in samples. */
    static final String DOCUMENT = "document";

    ScoreRows {
        outputs = List.copyOf(outputs);
    }

    /** The names of all methods: outputs, then baselines. Each is a struct of the rows that {@link #call} gives. */
    List<String> methods() {
        List<String> methods = new ArrayList<>(outputs);
        methods.addAll(scores.baselines());
        return methods;
    }

    StructType schema(StructType pairs) {
        StructField reference = pairs.apply(Pairs.REFERENCE);
        StructType schema = new StructType()
                .add(Pairs.ID, DataTypes.StringType)
                .add(DOCUMENT, DataTypes.StringType)
                .add(Pairs.REFERENCE, reference.dataType());
        for (String method : methods()) {
            schema = schema.add(method, scores.scoreType());
        }
        return schema;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                return score(rows.next());
            }
        };
    }

    private Row score(Row row) {
        TaskScores.Example example =
                new TaskScores.Example(row.getAs(Pairs.ID), row.getAs(Pairs.QUESTION), row.getAs(Pairs.TEXT), row);
        List<Object> values = new ArrayList<>();
        values.add(example.id());
        values.add(scores.document(example));
        values.add(row.getAs(Pairs.REFERENCE));
        outputs.forEach(output -> values.add(scores.score(example, row.getAs(output))));
        scores.baselines().forEach(name -> values.add(scores.scoreBaseline(name, example)));
        return RowFactory.create(values.toArray());
    }
}
