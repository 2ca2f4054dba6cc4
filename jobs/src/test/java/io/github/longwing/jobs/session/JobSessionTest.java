package io.github.longwing.jobs.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.TestCommands;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose Spark session a job runs in. */
class JobSessionTest {
    @BeforeEach
    @AfterEach
    void stopSpark() {
        if (SparkSession.getDefaultSession().isDefined()) {
            SparkSession.getDefaultSession().get().stop();
        }
    }

    @Test
    void startsAnEmbeddedSparkOfItsOwnAndStopsIt() {
        SparkOptions settings = new SparkOptions(Optional.of("local[1]"), Map.of("spark.sql.shuffle.partitions", "3"));

        try (JobSession session = JobSession.open(settings, "longwing test")) {
            assertThat(session.ownership()).isEqualTo(JobSession.Ownership.OWNED);
            assertThat(session.spark().sparkContext().master()).isEqualTo("local[1]");
            assertThat(session.spark().sparkContext().appName()).isEqualTo("longwing test");
            assertThat(session.spark().sparkContext().uiWebUrl().isEmpty()).isTrue();
            assertThat(session.spark().conf().get("spark.sql.shuffle.partitions"))
                    .isEqualTo("3");
            assertThat(session.spark().conf().get("spark.task.maxFailures"))
                    .as("innocent tasks fail with others")
                    .isEqualTo("16");
        }

        assertThat(SparkSession.getDefaultSession().isEmpty()).isTrue();
    }

    /** Spark itself would end the job after two minutes without heartbeats, though they come from the same process. */
    @Test
    void letsAJobGoOnAfterTheMachineHasSlept() {
        try (JobSession session =
                JobSession.open(new SparkOptions(Optional.of("local[1]"), Map.of()), "longwing test")) {
            assertThat(session.spark()
                            .sparkContext()
                            .conf()
                            .getTimeAsSeconds("spark.storage.blockManagerHeartbeatTimeoutMs", "0s"))
                    .isGreaterThan(Duration.ofDays(7).toSeconds());
        }
    }

    @Test
    void leavesASessionOfThePlatformRunning() {
        SparkSession platform = TestCommands.spark();

        try (JobSession session =
                JobSession.open(new SparkOptions(Optional.empty(), Map.of("spark.sql.ansi.enabled", "false")), "x")) {
            assertThat(session.ownership()).isEqualTo(JobSession.Ownership.EXTERNAL);
            assertThat(session.spark()).isSameAs(platform);
            assertThat(platform.conf().get("spark.sql.ansi.enabled")).isEqualTo("false");
        }

        assertThat(platform.sparkContext().isStopped()).isFalse();
    }

    @Test
    void refusesSettingsThatComeTooLate() {
        TestCommands.spark();

        assertThatThrownBy(() ->
                        JobSession.open(new SparkOptions(Optional.empty(), Map.of("spark.executor.memory", "1g")), "x"))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot use --conf spark.executor.memory=1g: this Spark runs already and takes no such setting"
                                + " any more; give it to the cluster");
    }

    @Test
    void refusesAMasterThatTheEmbeddedSparkIsNot() {
        assertThatThrownBy(() -> JobSession.open(new SparkOptions(Optional.of("yarn"), Map.of()), "x"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot run on yarn: this is the embedded Spark, expected a master that begins with"
                                + " local; start Longwing through bin/longwing with SPARK_HOME set");
    }

    @Test
    void refusesAMasterThatIsNone() {
        assertThatThrownBy(() -> JobSession.open(new SparkOptions(Optional.of("local[many]"), Map.of()), "x"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot start Spark: --master is local[many], expected local[N]");
    }

    @Test
    void knowsTheFailureOfAJavaThatIsTooNew() {
        assertThat(JobSession.isJavaTooNew(
                        new IllegalStateException(new UnsupportedOperationException("getSubject is not supported"))))
                .isTrue();
        assertThat(JobSession.isJavaTooNew(new IllegalStateException("other"))).isFalse();
    }
}
