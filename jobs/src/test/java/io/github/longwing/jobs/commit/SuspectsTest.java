package io.github.longwing.jobs.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.commit.RunRecord.Settings;
import io.github.longwing.jobs.commit.RunRecord.State;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.Isolation.Care;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which documents run alone after the process of a run has died. */
class SuspectsTest {
    private static final int SLOTS = 2;
    private static final int UNDER_WAY = 16;
    private static final int BUCKETS = 500;
    private static final int BY_WORK = 0;
    private static final boolean LOCAL = true;

    @TempDir
    private Path output;

    private RunLog log;

    @BeforeEach
    void open() throws IOException {
        log = new RunLog(FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(output.toUri()));
    }

    @Test
    void noneWhereTheLastRunEnded() throws IOException {
        assertThat(suspects(State.RUNNING, State.STOPPED).isolate(Isolation.none(), LOCAL, BUCKETS))
                .isEqualTo(Isolation.none());
    }

    @Test
    void thoseOfThePartitionsThatTheDeadProcessHadBegun() throws IOException {
        stage("run-1", "17-40-0.rows", "123-160-2.rows", "slice-00001-0.rows", "empty.rows");

        Suspects suspects = suspects(State.COMPLETE, State.RUNNING);

        assertThat(suspects.spread(10_000, 64)).as("as many partitions again").isEqualTo(BUCKETS);
        assertThat(suspects.isolate(Isolation.none(), LOCAL, BUCKETS))
                .isEqualTo(Isolation.none().withCarefulPartitions(123 + 1 + UNDER_WAY));
    }

    @Test
    void thoseOfTheFirstPartitionsWhereItHadWrittenNothing() throws IOException {
        assertThat(suspects(State.RUNNING)
                        .isolate(Isolation.none(), LOCAL, BUCKETS)
                        .carefulPartitions())
                .isEqualTo(UNDER_WAY);
    }

    @Test
    void allThatAreLeftWhereTheyAreFewerThanPartitions() throws IOException {
        Suspects suspects = suspects(State.RUNNING);

        assertThat(suspects.spread(10, 2)).isEqualTo(2);
        assertThat(suspects.isolate(Isolation.none(), LOCAL, 2).care()).isEqualTo(Care.ALWAYS);
    }

    @Test
    void allWhereEitherRunDealtItsRowsByWork() throws IOException {
        assertThat(suspects(State.RUNNING)
                        .isolate(Isolation.none(), LOCAL, BY_WORK)
                        .care())
                .as("by hash before")
                .isEqualTo(Care.ALWAYS);
        for (int now : List.of(BY_WORK, BUCKETS)) {
            assertThat(new Suspects(1, BY_WORK, UNDER_WAY)
                            .isolate(Isolation.none(), LOCAL, now)
                            .care())
                    .as("by work before, over %d now", now)
                    .isEqualTo(Care.ALWAYS);
        }
    }

    @Test
    void allWhereTwoProcessesDiedOneAfterTheOther() throws IOException {
        assertThat(suspects(State.RUNNING, State.RUNNING)
                        .isolate(Isolation.none(), LOCAL, BUCKETS)
                        .care())
                .isEqualTo(Care.ALWAYS);
    }

    @Test
    void noneWhereTheProcessOnlyDroveOthers() throws IOException {
        assertThat(suspects(State.RUNNING).isolate(Isolation.none(), !LOCAL, BUCKETS))
                .isEqualTo(Isolation.none());
    }

    private Suspects suspects(State... states) throws IOException {
        List<RunRecord> runs = new ArrayList<>();
        for (State state : states) {
            runs.add(new RunRecord(
                    "run-" + runs.size(),
                    ProcessIdentity.current(),
                    "2026-11-26T00:00:0" + runs.size() + "Z",
                    null,
                    state,
                    new Settings("summarize", "f", "m", "{}", Map.of()),
                    0,
                    1,
                    0,
                    0,
                    Set.of(),
                    null,
                    BUCKETS,
                    null));
        }
        return Suspects.of(log, runs, SLOTS);
    }

    private void stage(String run, String... names) throws IOException {
        Path stage = Files.createDirectories(output.resolve("_longwing/stage").resolve(run));
        for (String name : names) {
            Files.createFile(stage.resolve(name));
        }
    }
}
