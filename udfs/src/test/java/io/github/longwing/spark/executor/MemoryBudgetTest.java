package io.github.longwing.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.executor.MemoryBudget.Origin;
import io.github.longwing.task.Resources;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The native memory of an executor follows from the settings of Spark. */
class MemoryBudgetTest {
    private static final long MIB = 1L << 20;

    @ParameterizedTest
    @CsvSource({"6g, 6144", "512m, 512", "1073741824, 1024"})
    void itsOwnSettingWins(String setting, long mebibytes) {
        SparkConf conf = conf("yarn").set("spark.executor.memoryOverhead", "1g").set("spark.longwing.memory", setting);

        assertThat(MemoryBudget.of(conf)).isEqualTo(new MemoryBudget(mebibytes * MIB, Origin.SETTING));
    }

    @ParameterizedTest
    @CsvSource({"yarn", "k8s://https://host"})
    void theOverheadOfAContainerIsTheLimit(String master) {
        assertThat(MemoryBudget.of(conf(master).set("spark.executor.memoryOverhead", "3g")))
                .isEqualTo(new MemoryBudget(3072 * MIB, Origin.OVERHEAD));
        assertThat(MemoryBudget.of(conf(master).set("spark.executor.memoryOverhead", "700")))
                .as("a number without a unit is of mebibytes")
                .isEqualTo(new MemoryBudget(700 * MIB, Origin.OVERHEAD));
    }

    @Test
    void withoutASettingTheOverheadIsAsSparkTakesIt() {
        assertThat(MemoryBudget.of(conf("yarn")).bytes()).isEqualTo(384 * MIB);
        assertThat(MemoryBudget.of(conf("yarn").set("spark.executor.memory", "20g"))
                        .bytes())
                .isEqualTo(2048 * MIB);
        assertThat(MemoryBudget.of(conf("yarn")
                                .set("spark.executor.memory", "20g")
                                .set("spark.executor.memoryOverheadFactor", "0.4"))
                        .bytes())
                .isEqualTo(8192 * MIB);
    }

    @ParameterizedTest
    @CsvSource({"local[*]", "spark://host:7077"})
    void whereNothingLimitsExecutorsTheMachineDoes(String master) {
        assertThat(MemoryBudget.of(conf(master).set("spark.executor.memoryOverhead", "1g")))
                .isEqualTo(new MemoryBudget(Resources.nativeBytesOfThisMachine(), Origin.MACHINE));
    }

    @ParameterizedTest
    @CsvSource({"much", "-1g", "0"})
    void refusesWhatIsNoSize(String found) {
        assertThatThrownBy(() -> MemoryBudget.of(conf("local").set("spark.longwing.memory", found)))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot plan the memory of executors: spark.longwing.memory is " + found
                        + ", expected a size such as 6g");
    }

    private static SparkConf conf(String master) {
        return new SparkConf(/* loadDefaults */ false).set("spark.master", master);
    }
}
