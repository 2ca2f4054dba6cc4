package io.github.longwing.jobs.evaluation;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.functions.zip_with;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.columns.ColumnName;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.feature.HashingTF;
import org.apache.spark.ml.feature.IDF;
import org.apache.spark.ml.feature.Normalizer;
import org.apache.spark.ml.feature.RegexTokenizer;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;

/**
 * Labels without a neural network: hashed words with their inverse document frequency, and a logistic regression over all
 * labels, both of Spark ML.
 *
 * @param model needs texts alone
 * @param labels in the order of the model
 * @param majority the most frequent label of the training documents
 * @param documents how many were trained on
 * @param leftOut training documents that are evaluated too
 */
record LabelBaseline(PipelineModel model, List<String> labels, String majority, long documents, long leftOut) {
    static final String NAME = "tfidf";

    /** Of the matrix of weights, which the optimizer holds about twenty times: 160 MB. */
    private static final int MAX_WEIGHTS = 1 << 20;

    private static final int MAX_FEATURES = 1 << 16;
    private static final int MIN_FEATURES = 1 << 10;
    private static final int MAX_ITERATIONS = 100;

    /** The strength of the penalty, divided by the number of documents. */
    private static final double PENALTY = 0.1;

    /**
     * Trains on documents, those apart that are evaluated.
     *
     * @param training as {@link Pairs#examples} has them
     */
    static LabelBaseline train(Dataset<Row> training, Dataset<Row> evaluated, String name) {
        Dataset<Row> labelled = training.where(
                        col(Pairs.REFERENCE).isNotNull().and(col(Pairs.TEXT).isNotNull()))
                .select(Pairs.TEXT, Pairs.REFERENCE);
        Dataset<Row> known =
                evaluated.select(xxhash64(col(Pairs.TEXT)).as("hash")).distinct();
        Dataset<Row> apart =
                labelled.join(known, xxhash64(labelled.col(Pairs.TEXT)).equalTo(known.col("hash")), "left_anti");
        Dataset<Row> labels = apart.groupBy(Pairs.REFERENCE).agg(count(lit(1)).as("count"));
        Row totals = labels.agg(coalesce(sum("count"), lit(0L)), count(lit(1))).head();
        long documents = totals.getLong(0);
        if (totals.getLong(1) < 2) {
            throw new UserException("Cannot evaluate classify: --train-input " + name + " has "
                    + (documents == 0 ? "no labelled document" : "one label only")
                    + " apart from what is evaluated, expected documents of two labels or more; name other documents");
        }
        String majority =
                labels.orderBy(col("count").desc(), col(Pairs.REFERENCE)).head().getString(0);
        int features = Integer.highestOneBit(
                (int) Math.max(MIN_FEATURES, Math.min(MAX_FEATURES, MAX_WEIGHTS / totals.getLong(1))));
        StringIndexerModel indexer = new StringIndexer()
                .setInputCol(Pairs.REFERENCE)
                .setOutputCol("label index")
                .fit(apart);
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new RegexTokenizer()
                    .setInputCol(Pairs.TEXT)
                    .setOutputCol("words")
                    .setGaps(false)
                    .setPattern("[\\p{L}\\p{N}]{2,}"),
            new HashingTF().setInputCol("words").setOutputCol("counts").setNumFeatures(features),
            new IDF().setInputCol("counts").setOutputCol("weighted").setMinDocFreq(2),
            new Normalizer().setInputCol("weighted").setOutputCol("features"),
            new LogisticRegression()
                    .setLabelCol("label index")
                    .setFamily("multinomial")
                    .setStandardization(false)
                    .setMaxIter(MAX_ITERATIONS)
                    .setRegParam(PENALTY / documents)
        });
        return new LabelBaseline(
                withoutSummary(pipeline.fit(indexer.transform(apart))),
                List.of(indexer.labelsArray()[0]),
                majority,
                documents,
                labelled.count() - documents);
    }

    /** What a regression of two labels says of its training holds the session, which tasks cannot take once it has observed a query. */
    private static PipelineModel withoutSummary(PipelineModel model) {
        for (Transformer stage : model.stages()) {
            if (stage instanceof LogisticRegressionModel regression) {
                regression.setSummary(Option.empty());
            }
        }
        return model;
    }

    /** Pairs with the label of each as an output more. */
    Dataset<Row> addTo(Dataset<Row> pairs) {
        Column names = array(labels.stream().map(label -> lit(label)).toArray(Column[]::new));
        Column probabilities = vector_to_array(col("probability"), "float64");
        Column prediction = struct(
                element_at(names, col("prediction").cast(DataTypes.IntegerType).plus(1))
                        .as("label"),
                array_max(probabilities).as("probability"),
                zip_with(
                                names,
                                probabilities,
                                (label, probability) -> struct(label.as("label"), probability.as("probability")))
                        .as("labels"),
                lit(null).cast(DataTypes.StringType).as("error"));
        Column[] columns =
                Arrays.stream(pairs.columns()).map(ColumnName::column).toArray(Column[]::new);
        Dataset<Row> texts = pairs.withColumn(Pairs.TEXT, coalesce(col(Pairs.TEXT), lit("")));
        Dataset<Row> predicted = model.transform(texts);
        Column[] all = Arrays.copyOf(columns, columns.length + 1);
        all[columns.length] = prediction.as(NAME);
        return predicted.select(all);
    }
}
