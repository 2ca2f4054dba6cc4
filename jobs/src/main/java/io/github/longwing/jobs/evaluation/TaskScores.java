package io.github.longwing.jobs.evaluation;

import java.io.Serializable;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * What is special about the evaluation of a task: what its outputs and references look like, how one document is scored,
 * and which figures the sums over documents give. Sent to executors. A method is an output or a baseline.
 */
sealed interface TaskScores extends Serializable permits SummaryScores, LabelScores, AnswerScores {

    /** The name of the task. */
    String task();

    /** The columns of an output as one struct; refuses an output without them. */
    Column prediction(OutputColumns output);

    /** The reference of an input as the scores need it, null where there is none; refuses a type that cannot be one. */
    Column reference(ReferenceColumn column);

    /** The methods that need no model, in the order of the report. */
    List<String> baselines();

    /** What a method has for each document. */
    StructType scoreType();

    /** The scores of an output for one document. */
    Row score(Example example, Row prediction);

    /** The scores of a baseline for one document. */
    Row scoreBaseline(String name, Example example);

    /** What is drawn together in samples: the name of the document. */
    default String document(Example example) {
        return example.id();
    }

    /** How many numbers {@link #add} adds to. */
    int width();

    /** Adds one document to the sums of a method. */
    void add(double[] sums, Row reference, Row score);

    List<Figure> figures();

    /** Columns of the scores by which two methods are compared document by document. */
    List<Compared> compared();

    /** A document and what is right for it, a row of {@link Pairs}. */
    record Example(String id, String question, String text, Row row) {}

    /** How a figure is shown. */
    enum Unit {
        PERCENT,
        NUMBER
    }

    /**
     * A figure of a method.
     *
     * @param name in JSON
     * @param title in the table
     * @param of the sums of the method
     */
    record Figure(String name, String title, Unit unit, ToDoubleFunction<double[]> of) {}

    /** A column of the scores whose mean is a figure of the same name. */
    record Compared(String name, String title) {}
}
