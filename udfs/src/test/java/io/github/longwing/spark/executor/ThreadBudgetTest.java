package io.github.longwing.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadBudgetTest {

    @ParameterizedTest
    @CsvSource({
        // cores, task.cpus, tasks, threads
        "1, 1, 1, 1",
        "2, 1, 2, 2",
        "2, 2, 1, 2",
        "8, 1, 8, 8",
        "8, 2, 4, 8",
        "8, 3, 2, 6",
        "8, 8, 1, 8",
        "2, 4, 1, 2",
    })
    void givesTheEngineEveryCoreThatItsTasksWereGiven(int cores, int taskCpus, int tasks, int threads) {
        assertThat(ThreadBudget.of(cores, taskCpus)).isEqualTo(new ThreadBudget(cores, tasks, threads));
    }

    @ParameterizedTest
    @CsvSource({
        "local, 1",
        "local[*], 16",
        "local[4], 4",
        "local[64], 16",
        "'local[4,3]', 4",
        "'local[*,3]', 16",
        "'local-cluster[2,3,1024]', 3",
        "'local-cluster[2, 3, 1024]', 3",
        "spark://host:7077, 16",
        "yarn, 1",
        "k8s://https://host, 1",
        "'', 16",
    })
    void readsTheCoresOfAnExecutorFromTheMaster(String master, int cores) {
        assertThat(ThreadBudget.cores(16, master, OptionalInt.empty())).isEqualTo(cores);
    }

    @ParameterizedTest
    @CsvSource({"spark://host:7077, 4", "yarn, 4", "k8s://https://host, 4", "local[*], 16", "local[2], 2"})
    void believesTheSettingOfExecutorsWhereThereAreExecutors(String master, int cores) {
        assertThat(ThreadBudget.cores(16, master, OptionalInt.of(4))).isEqualTo(cores);
    }

    @Test
    void neverCountsMoreCoresThanTheMachineHas() {
        assertThat(ThreadBudget.cores(2, "yarn", OptionalInt.of(8))).isEqualTo(2);
    }

    @Test
    void takesTheWholeMachineOutsideOfSpark() {
        assertThat(ThreadBudget.ofThisExecutor().cores())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
    }
}
