package io.github.longwing.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLockTest {
    @TempDir
    private Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void letsOneThreadInAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Future<?>[] all = IntStream.range(0, 8)
                .mapToObj(i -> threads.submit(() -> {
                    ProcessLock lock = ProcessLock.exclusive(file());
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.sleep(5);
                    inside.decrementAndGet();
                    lock.close();
                    return null;
                }))
                .toArray(Future<?>[]::new);
        for (Future<?> one : all) {
            one.get();
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void forgetsAFileOnceNobodyHoldsItsLockOrWaitsForIt() throws Exception {
        ProcessLock shared = ProcessLock.shared(file());
        assertThat(ProcessLock.tryExclusive(file())).isEmpty();
        assertThat(ProcessLock.isInUse(file())).isTrue();
        Future<?> waiting = threads.submit(() -> {
            ProcessLock.exclusive(file()).close();
            return null;
        });
        shared.close();
        waiting.get();

        assertThat(ProcessLock.isInUse(file())).isFalse();
        ProcessLock.exclusive(file()).close();
        ProcessLock.tryExclusive(file()).orElseThrow().close();
        assertThatThrownBy(() -> ProcessLock.exclusive(Path.of("/dev/null/no/lock")))
                .isInstanceOf(IOException.class);
        assertThat(ProcessLock.isInUse(file())).isFalse();
        assertThat(ProcessLock.isInUse(Path.of("/dev/null/no/lock"))).isFalse();
    }

    @Test
    void isSharedByManyAndThenHeldByNobodyAlone() throws IOException {
        ProcessLock first = ProcessLock.shared(file());
        ProcessLock second = ProcessLock.shared(file());
        assertThat(ProcessLock.tryExclusive(file())).isEmpty();
        first.close();
        first.close(); // once is enough
        assertThat(ProcessLock.tryExclusive(file())).isEmpty();
        second.close();
        assertThat(ProcessLock.tryExclusive(file())).hasValueSatisfying(ProcessLock::close);
    }

    @Test
    void mayBeClosedByAnotherThread() throws Exception {
        ProcessLock lock = ProcessLock.shared(file());
        threads.submit(lock::close).get();
        assertThat(ProcessLock.tryExclusive(file())).hasValueSatisfying(ProcessLock::close);
    }

    @Test
    void endsAWaitThatIsInterrupted() throws Exception {
        ProcessLock lock = ProcessLock.exclusive(file());
        Future<?> waiting = threads.submit(() -> {
            assertThatThrownBy(() -> ProcessLock.exclusive(file()).close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("interrupted while waiting for " + file());
        });
        assertThatThrownBy(() -> waiting.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        threads.shutdownNow();
        waiting.get();
        lock.close();
        assertThat(ProcessLock.tryExclusive(file())).hasValueSatisfying(ProcessLock::close);
    }

    @Test
    void holdsAgainstItsOwnClassInAnotherClassLoader() throws Exception {
        try (URLClassLoader other = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Class<?> twin = other.loadClass(ProcessLock.class.getName());
            assertThat(twin).isNotSameAs(ProcessLock.class);
            AutoCloseable held =
                    (AutoCloseable) twin.getMethod("exclusive", Path.class).invoke(null, file());
            assertThat(ProcessLock.tryExclusive(file())).isEmpty();
            Future<ProcessLock> waiting = threads.submit(() -> ProcessLock.exclusive(file()));
            assertThatThrownBy(() -> waiting.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            held.close();
            waiting.get().close();

            AutoCloseable shared =
                    (AutoCloseable) twin.getMethod("shared", Path.class).invoke(null, file());
            ProcessLock.shared(file()).close(); // does not wait forever
            shared.close();
        }
    }

    private Path file() {
        return directory.resolve("locks/a.lock");
    }

    private static URL[] classPath() {
        String paths = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(paths.split(File.pathSeparator))
                .map(path -> {
                    try {
                        return Path.of(path).toUri().toURL();
                    } catch (MalformedURLException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toArray(URL[]::new);
    }
}
