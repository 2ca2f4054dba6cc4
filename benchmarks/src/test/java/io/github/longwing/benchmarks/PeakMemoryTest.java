package io.github.longwing.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PeakMemoryTest {
    private static final int MEBIBYTE = 1 << 20;

    @Test
    void readsTheHighWaterMarkInBytes() {
        assertThat(PeakMemory.bytes(List.of("VmPeak:\t  900000 kB", "VmHWM:\t  123456 kB", "VmRSS:\t     100 kB")))
                .isEqualTo(123_456L * 1024);
    }

    @Test
    void refusesAStatusOfAnotherForm() {
        assertThatThrownBy(() -> PeakMemory.bytes(List.of("VmRSS:\t 100 kB")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cannot measure the peak of memory: /proc/self/status has no VmHWM:, expected Linux's"
                        + " form of it");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void seesWhatThisProcessHolds() {
        byte[] held = new byte[64 * MEBIBYTE];
        for (int i = 0; i < held.length; i += 1024) {
            held[i] = 1; // so that the page is in memory
        }
        assertThat(PeakMemory.bytes()).isGreaterThan(held.length);
    }
}
