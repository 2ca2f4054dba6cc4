package io.github.longwing.jobs;

import io.delta.sql.DeltaSparkSessionExtension;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import scala.Function1;
import scala.runtime.BoxedUnit;

/**
 * A session with Delta as {@code spark_catalog} and, where its runtime is on the class path, Iceberg as the catalog
 * {@value #ICEBERG}. Jobs use it until it is closed; it shares Spark itself with {@link TestCommands#spark()}, whose session
 * comes back then.
 */
public final class LakeSession implements AutoCloseable {
    /** The catalog of Iceberg, of tables in folders. */
    public static final String ICEBERG = "ice";

    private static final String ICEBERG_EXTENSION = "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions";

    private final SparkSession before;
    private final SparkSession spark;

    private LakeSession(SparkSession before, SparkSession spark) {
        this.before = before;
        this.spark = spark;
    }

    /**
     * Opens one.
     *
     * @param directory where Iceberg has its tables
     */
    public static LakeSession open(Path directory) {
        SparkSession before = TestCommands.spark();
        SparkSession.clearActiveSession();
        SparkSession.clearDefaultSession();
        SparkSession.Builder builder = SparkSession.builder()
                .withExtensions(new DeltaSparkSessionExtension())
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.databricks.delta.snapshotPartitions", "1");
        if (hasIceberg()) {
            String catalog = "spark.sql.catalog." + ICEBERG;
            builder = builder.withExtensions(icebergExtension())
                    .config(catalog, "org.apache.iceberg.spark.SparkCatalog")
                    .config(catalog + ".type", "hadoop")
                    .config(catalog + ".warehouse", directory.toUri().toString());
        }
        return new LakeSession(before, builder.getOrCreate());
    }

    /** Whether this Spark has a runtime of Iceberg; there is none for Spark 4.2. */
    public static boolean hasIceberg() {
        return LakeSession.class.getClassLoader().getResource(ICEBERG_EXTENSION.replace('.', '/') + ".class") != null;
    }

    public SparkSession spark() {
        return spark;
    }

    /** With the files that a process left which was killed as it ran a test. */
    public void drop(String table) throws IOException {
        spark.sql("DROP TABLE IF EXISTS " + table);
        org.apache.hadoop.fs.Path files = new org.apache.hadoop.fs.Path(
                spark.conf().get("spark.sql.warehouse.dir"), table.replaceFirst(".*[.]", ""));
        files.getFileSystem(spark.sparkContext().hadoopConfiguration()).delete(files, true);
    }

    @Override
    public void close() {
        SparkSession.setDefaultSession(before);
        SparkSession.setActiveSession(before);
    }

    /** Found by name, since it is not there for every Spark. */
    @SuppressWarnings("unchecked")
    private static Function1<SparkSessionExtensions, BoxedUnit> icebergExtension() {
        try {
            return (Function1<SparkSessionExtensions, BoxedUnit>) Class.forName(ICEBERG_EXTENSION)
                    .asSubclass(Function1.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
