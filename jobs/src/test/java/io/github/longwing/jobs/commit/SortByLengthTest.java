package io.github.longwing.jobs.commit;

import static org.apache.spark.sql.functions.spark_partition_id;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.columns.RowFingerprint;
import io.github.longwing.spark.executor.WorkShares;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.EqualTexts;
import io.github.longwing.spark.options.Questions;
import io.github.longwing.task.ResultBasis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks get about equal work and begin their longest documents first, and nothing else changes. */
class SortByLengthTest {
    private static final int DOCUMENTS = 60;
    private static final int PARTITIONS = 3;
    private static SparkSession spark;

    @TempDir
    private Path directory;

    private Path input;
    private TestCommands commands;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void writeDocuments() throws IOException {
        commands = TestCommands.in(directory.resolve("small"));
        input = directory.resolve("in.jsonl");
        Files.write(
                input,
                IntStream.range(0, DOCUMENTS)
                        .mapToObj(i -> "{\"id\": \"a" + i + "\", \"text\": \""
                                + "word ".repeat(1 + i * 7 % 10) // six of each length, of two texts
                                + (i % 2 == 0 ? "a" : "b") + "\"}")
                        .toList());
    }

    @Test
    void beginsTheLongestOfEachPartitionAndLeavesTheRowsInTheirPartitions() {
        Dataset<Row> rows = documents();

        Map<Integer, List<Row>> sorted = partitions(identity(EqualTexts.EACH).longestFirst(rows));

        assertThat(sorted).hasSize(PARTITIONS);
        Map<Integer, List<Row>> given = partitions(rows);
        sorted.forEach((partition, found) -> {
            assertThat(found.stream().map(SortByLengthTest::textLength))
                    .as("lengths of partition %d", partition)
                    .isSortedAccordingTo((a, b) -> b - a);
            assertThat(found.stream().map(SortByLengthTest::id))
                    .as("documents of partition %d", partition)
                    .containsExactlyInAnyOrderElementsOf(given.get(partition).stream()
                            .map(SortByLengthTest::id)
                            .toList());
        });
    }

    @Test
    void leavesEqualTextsOneAfterTheOther() {
        RowIdentity identity = identity(EqualTexts.ONCE);

        partitions(identity.longestFirst(identity.spread(documents(), PARTITIONS)))
                .forEach((partition, found) -> {
                    Set<String> earlier = new HashSet<>();
                    String last = "";
                    for (Row row : found) {
                        String text = new String(row.<byte[]>getAs(InputColumns.TEXT), StandardCharsets.UTF_8);
                        assertThat(text.equals(last) || earlier.add(text))
                                .as("'%s' comes once more after other texts", text)
                                .isTrue();
                        last = text;
                    }
                });
    }

    @Test
    void dealsTextsToPartitionsOfAboutEqualWork() {
        for (EqualTexts equalTexts : EqualTexts.values()) {
            RowIdentity identity = identity(equalTexts);
            Dataset<Row> rows = documents();
            WorkShares shares = identity.shares(rows, Optional.empty(), bytes -> bytes);

            Map<Integer, List<Row>> dealt = partitions(identity.longestFirst(identity.dealt(rows, shares, PARTITIONS)));

            assertThat(shares.documents()).isEqualTo(equalTexts == EqualTexts.ONCE ? 10 : DOCUMENTS);
            assertThat(dealt.values().stream().flatMap(List::stream).map(SortByLengthTest::id))
                    .as("documents, %s", equalTexts)
                    .hasSize(DOCUMENTS)
                    .doesNotHaveDuplicates();
            List<Integer> work = dealt.values().stream()
                    .map(found -> work(found, equalTexts))
                    .toList();
            int all = work.stream().mapToInt(Integer::intValue).sum();
            assertThat(work).as("bytes that are computed, %s", equalTexts).allSatisfy(bytes -> assertThat(bytes)
                    .isBetween((int) (0.95 * all / PARTITIONS), (int) (1.05 * all / PARTITIONS)));
        }
    }

    @Test
    void dealsWhatIsLeftOfAnInput() {
        RowIdentity identity = identity(EqualTexts.EACH);
        Dataset<Row> rows = documents();
        Dataset<Row> committed = identity.keys(rows).where("id IN ('a1', 'a2', 'a3')");

        assertThat(identity.shares(rows, Optional.of(committed), bytes -> bytes).documents())
                .isEqualTo(DOCUMENTS - 3);
    }

    @Test
    void givesTheSameRows() throws IOException {
        assertThat(rowsOf("given")).isNotEmpty().isEqualTo(rowsOf("sorted", "--sort-by-length"));
    }

    private List<String> rowsOf(String name, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("summarize", "--input", input.toString(), "--output"));
        arguments.add(directory.resolve(name).toString());
        arguments.addAll(List.of(more));
        TestCommands.Outcome outcome = commands.run(arguments.toArray(String[]::new));
        assertThat(outcome.status()).as(outcome.err()).isZero();
        return spark.read().parquet(directory.resolve(name).toString()).orderBy("id").collectAsList().stream()
                .map(Row::toString)
                .toList();
    }

    private Dataset<Row> documents() {
        DocumentColumns columns = new DocumentColumns(List.of("id"), "text", new Questions.None(), List.of(), "");
        return InputColumns.project(spark.read().json(input.toString()), columns)
                .repartition(PARTITIONS);
    }

    private static RowIdentity identity(EqualTexts equalTexts) {
        return new RowIdentity(RowFingerprint.of("summarize", "options"), "model", ResultBasis.TEXT, 1, equalTexts);
    }

    private static Map<Integer, List<Row>> partitions(Dataset<Row> rows) {
        Map<Integer, List<Row>> partitions = new LinkedHashMap<>();
        rows.withColumn("partition", spark_partition_id()).collectAsList().forEach(row -> partitions
                .computeIfAbsent(row.<Integer>getAs("partition"), p -> new ArrayList<>())
                .add(row));
        return partitions;
    }

    /** Bytes of the texts, equal ones counted once where they are computed once. */
    private static int work(List<Row> rows, EqualTexts equalTexts) {
        Stream<String> texts =
                rows.stream().map(row -> new String(row.<byte[]>getAs(InputColumns.TEXT), StandardCharsets.UTF_8));
        return (equalTexts == EqualTexts.ONCE ? texts.distinct() : texts)
                .mapToInt(String::length)
                .sum();
    }

    private static int textLength(Row row) {
        return row.<byte[]>getAs(InputColumns.TEXT).length;
    }

    private static String id(Row row) {
        return row.getString(InputColumns.DOCUMENT_ID);
    }
}
