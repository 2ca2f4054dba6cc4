package io.github.longwing.benchmarks;

import io.github.longwing.task.Document;
import io.github.longwing.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The embedded model's tokenizer on the documents of {@code examples/}: documents and, as {@code tokens}, tokens a
 * second of one thread. After {@code ./mvnw -DskipTests package} run it with
 *
 * <pre>java -cp benchmarks/target/classes:$(cat benchmarks/target/launch/classpath) \
 *     org.openjdk.jmh.Main TokenizerBenchmark</pre>
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class TokenizerBenchmark {

    /** The loaded tokenizer, and where in the corpus the next document stands. */
    @State(Scope.Thread)
    public static class Corpus {
        private Tokenizer tokenizer;
        private List<Document> documents;
        private int next;

        @Setup
        public void load() throws IOException {
            Path directory = Files.createTempDirectory("longwing-tokenizer-benchmark");
            SampleCorpus.copyTokenizer(directory);
            tokenizer = Tokenizer.load(directory);
            documents = SampleCorpus.documents();
        }

        @TearDown
        public void close() {
            tokenizer.close();
        }

        String nextText() {
            return documents.get(next++ % documents.size()).text();
        }
    }

    /** What JMH shows beside the documents. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Counters {
        /** Tokens so far. */
        public long tokens;
    }

    @Benchmark
    public int[] documents(Corpus corpus, Counters counters) {
        int[] ids = corpus.tokenizer.tokenize(corpus.nextText()).ids();
        counters.tokens += ids.length;
        return ids;
    }
}
