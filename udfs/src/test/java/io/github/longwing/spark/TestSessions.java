package io.github.longwing.spark;

import org.apache.spark.sql.SparkSession;

/** Small Spark sessions; each test class starts one and stops it. */
public final class TestSessions {
    private TestSessions() {}

    public static SparkSession start(String master) {
        return builder(master).getOrCreate();
    }

    public static SparkSession.Builder builder(String master) {
        return SparkSession.builder()
                .master(master)
                .appName("longwing-udfs-test")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 2)
                // executors of tests live for seconds
                .config("spark.executor.extraJavaOptions", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")
                .config("spark.executor.heartbeatInterval", "200ms");
    }
}
