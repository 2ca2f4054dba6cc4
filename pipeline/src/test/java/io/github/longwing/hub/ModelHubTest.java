package io.github.longwing.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.checkpoint.Checkpoint;
import io.github.longwing.checkpoint.Fixtures;
import io.github.longwing.error.UserException;
import io.github.longwing.hub.FakeHub.Listing;
import io.github.longwing.hub.FakeHub.Received;
import io.github.longwing.hub.HubOptions.Network;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelHubTest {
    private static final String TOKEN = "hf_thisMustStaySecret";
    private static final String WEIGHTS = "model.safetensors";
    private static final byte[] BYTES = weights();
    private static final HubId AT_COMMIT = new HubId("owner/model", FakeHub.COMMIT);

    @TempDir
    private Path cache;

    private FakeHub hub;

    @BeforeEach
    void start() throws IOException {
        hub = new FakeHub()
                .small("config.json", "{\"model_type\": \"bigbird_pegasus\"}")
                .small("tokenizer_config.json", "{}")
                .large("spiece.model", new byte[] {1, 2, 3})
                .large(WEIGHTS, BYTES);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void fetchesWhatLongwingNeedsIntoTheUsualLayout() throws IOException {
        hub.small("README.md", "long")
                .large("pytorch_model.bin", new byte[10])
                .large("flax_model.msgpack", new byte[10]);
        Path snapshot = download();
        Path repository = cache.resolve("models--owner--model");
        assertThat(snapshot).isEqualTo(repository.resolve("snapshots").resolve(FakeHub.COMMIT));
        assertThat(names(snapshot))
                .containsExactlyInAnyOrder("config.json", "tokenizer_config.json", "spiece.model", WEIGHTS);
        assertThat(snapshot.resolve(WEIGHTS)).hasBinaryContent(BYTES);
        assertThat(Files.readSymbolicLink(snapshot.resolve(WEIGHTS)))
                .isEqualTo(Path.of("../../blobs").resolve(FakeHub.sha256(BYTES)));
        assertThat(Files.readSymbolicLink(snapshot.resolve("tokenizer_config.json")))
                .isEqualTo(Path.of("../../blobs").resolve(FakeHub.gitHash("{}".getBytes(UTF_8))));
        assertThat(repository.resolve("refs/main")).hasContent(FakeHub.COMMIT);
        assertThat(repository.resolve(".no_exist").resolve(FakeHub.COMMIT).resolve("tokenizer.json"))
                .isEmptyFile();
        assertThat(names(repository.resolve("blobs"))).hasSize(4);
    }

    @Test
    void describesAModelWithoutItsWeights() throws IOException {
        ModelHub models = new ModelHub(settings(hub.endpoint(), Network.ONLINE));

        Path snapshot = models.downloadDescription(models.resolve(FakeHub.ID));

        assertThat(names(snapshot)).containsExactlyInAnyOrder("config.json", "tokenizer_config.json", "spiece.model");
        int requests = hub.atHub.size();
        models.downloadDescription(models.resolve(AT_COMMIT));
        new ModelHub(settings(hub.endpoint(), Network.OFFLINE)).downloadDescription(models.resolve(AT_COMMIT));
        assertThat(hub.atHub).as("all of it is there").hasSize(requests);

        assertThat(download()).isEqualTo(snapshot);
        assertThat(snapshot.resolve(WEIGHTS)).hasBinaryContent(BYTES);
    }

    @Test
    void fetchesTheShardsThatTheIndexNames() throws IOException {
        try (FakeHub sharded = new FakeHub().small("config.json", "{}")) {
            for (String name : names(Fixtures.checkpoint("formats/sharded"))) {
                byte[] bytes = Files.readAllBytes(
                        Fixtures.checkpoint("formats/sharded").resolve(name));
                if (name.endsWith(".json")) {
                    sharded.small(name, new String(bytes, UTF_8));
                } else {
                    sharded.large(name, bytes);
                }
            }
            Path snapshot = new ModelHub(settings(sharded.endpoint(), Network.ONLINE)).download(FakeHub.ID);
            try (Checkpoint checkpoint = Checkpoint.open(snapshot)) {
                assertThat(checkpoint.tensorNames()).hasSize(6);
            }
            int requests = sharded.atHub.size();
            new ModelHub(settings(sharded.endpoint(), Network.ONLINE)).download(AT_COMMIT);
            assertThat(sharded.atHub).hasSize(requests);
        }
    }

    @Test
    void namesAShardThatTheModelDoesNotHave() throws IOException {
        try (FakeHub sharded = new FakeHub()
                .small("config.json", "{}")
                .small(
                        "pytorch_model.bin.index.json",
                        "{\"weight_map\": {\"w\": \"pytorch_model-00001-of-00001.bin\"}}")) {
            assertThatThrownBy(() -> new ModelHub(settings(sharded.endpoint(), Network.ONLINE)).download(FakeHub.ID))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("its shard pytorch_model-00001-of-00001.bin is missing");
        }
    }

    @Test
    void refusesWhatIsNotAModelOfTransformers() throws IOException {
        try (FakeHub other = new FakeHub().small("README.md", "hello")) {
            ModelHub models = new ModelHub(settings(other.endpoint(), Network.ONLINE));
            assertThatThrownBy(() -> models.download(FakeHub.ID))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("Cannot use owner/model@main: it has no config.json");
            other.small("config.json", "{}").large("model.gguf", new byte[3]);
            assertThatThrownBy(() -> models.download(FakeHub.ID))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("it has neither model.safetensors nor pytorch_model.bin");
        }
    }

    @Test
    void usesACompleteSnapshotWithoutTheNetwork() {
        Path snapshot = download();
        int requests = hub.atHub.size();
        assertThat(hub().download(AT_COMMIT)).isEqualTo(snapshot);
        assertThat(hub.atHub).hasSize(requests);
        hub.close();
        assertThat(hub().download(AT_COMMIT)).isEqualTo(snapshot);
    }

    @Test
    void usesTheCommitInTheCacheWhenTheHubCannotBeReached() {
        Path snapshot = download();
        hub.close();
        assertThat(download()).isEqualTo(snapshot);
    }

    @Test
    void usesTheCacheAloneWhenOffline() {
        Path snapshot = download();
        int requests = hub.atHub.size();
        ModelHub offline = new ModelHub(settings(hub.endpoint(), Network.OFFLINE));
        assertThat(offline.download(FakeHub.ID)).isEqualTo(snapshot);
        assertThatThrownBy(() -> offline.download(new HubId("owner/model", "v2")))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use owner/model@v2: HF_HUB_OFFLINE is set and the cache in " + cache
                        + " holds only " + FakeHub.COMMIT
                        + ", expected the whole model; unset it, or set HF_HOME to where the model is");
        assertThatThrownBy(() -> offline.download(new HubId("owner/other", FakeHub.COMMIT)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("holds nothing of it");
        assertThat(hub.atHub).hasSize(requests);
    }

    @Test
    void fetchesOnlyWhatIsMissingFromASnapshot() throws IOException {
        Path snapshot = download();
        Files.delete(snapshot.resolve("config.json"));
        Files.delete(snapshot.resolve(WEIGHTS));
        Files.delete(cache.resolve("models--owner--model/blobs").resolve(FakeHub.sha256(BYTES)));
        download();
        assertThat(snapshot.resolve(WEIGHTS)).hasBinaryContent(BYTES);
        assertThat(hub.fetches(WEIGHTS)).hasSize(2);
        assertThat(hub.fetches("config.json")).hasSize(1); // its blob was still there
        assertThat(hub.fetches("spiece.model")).hasSize(1);
    }

    @Test
    void continuesWhereTheConnectionWasCut() {
        hub.next(WEIGHTS, FakeHub.cutAfter(100_000), FakeHub.cutAfter(50_000));
        assertThat(download().resolve(WEIGHTS)).hasBinaryContent(BYTES);
        List<String> ranges = hub.fetches(WEIGHTS).stream().map(Received::range).toList();
        assertThat(ranges).hasSize(3).first().isEqualTo("");
        assertThat(ranges.subList(1, 3)).allMatch(r -> r.matches("bytes=[1-9][0-9]*-"));
    }

    @Test
    void survivesMoreCutsThanFailuresInARowWhileItGetsOn() {
        for (int i = 0; i < 12; i++) {
            hub.next(WEIGHTS, FakeHub.cutAfter(20_000));
        }
        assertThat(download().resolve(WEIGHTS)).hasBinaryContent(BYTES);
    }

    @Test
    void continuesWhatAnEarlierProcessLeft() throws IOException {
        Path incomplete = incomplete();
        Files.write(incomplete, Arrays.copyOf(BYTES, 70_000));
        assertThat(download().resolve(WEIGHTS)).hasBinaryContent(BYTES);
        assertThat(hub.fetches(WEIGHTS)).extracting(Received::range).containsExactly("bytes=70000-");
        assertThat(incomplete).doesNotExist();
    }

    @Test
    void checksAFileThatAnEarlierProcessLeftWhole() throws IOException {
        Files.write(incomplete(), BYTES);
        assertThat(download().resolve(WEIGHTS)).hasBinaryContent(BYTES);
        assertThat(hub.fetches(WEIGHTS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {70_000, 300_000, 400_000})
    void startsAgainWhereAnEarlierProcessLeftSomethingElse(int length) throws IOException {
        Files.write(incomplete(), new byte[length]);
        assertThat(download().resolve(WEIGHTS)).hasBinaryContent(BYTES);
    }

    @Test
    void startsAgainWhereTheServerIgnoresTheRange() {
        hub.next(WEIGHTS, FakeHub.cutAfter(100_000), FakeHub.ignoreRange());
        assertThat(download().resolve(WEIGHTS)).hasBinaryContent(BYTES);
        assertThat(hub.fetches(WEIGHTS)).hasSize(2);
    }

    @Test
    void startsAgainWhereTheServerCannotContinue() {
        hub.next(WEIGHTS, FakeHub.cutAfter(100_000), FakeHub.status(416));
        assertThat(download().resolve(WEIGHTS)).hasBinaryContent(BYTES);
        assertThat(hub.fetches(WEIGHTS).get(2).range()).isEmpty();
    }

    @Test
    void startsAgainWhereTheServerContinuesElsewhere() {
        hub.next(WEIGHTS, FakeHub.cutAfter(100_000), (exchange, content) -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 5-9/" + content.length);
            exchange.sendResponseHeaders(206, 5);
            exchange.getResponseBody().write(content, 5, 5);
        });
        assertThat(download().resolve(WEIGHTS)).hasBinaryContent(BYTES);
    }

    @Test
    void fetchesWrongBytesAgain() {
        hub.next(WEIGHTS, FakeHub.wrongBytes()).next("config.json", FakeHub.wrongBytes());
        assertThat(download().resolve(WEIGHTS)).hasBinaryContent(BYTES);
        assertThat(hub.fetches("config.json")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"model.safetensors, SHA_256", "config.json, GIT_SHA_1"})
    void refusesBytesThatAreWrongAgain(String name, String hash) throws IOException {
        hub.always(name, FakeHub.wrongBytes());
        assertThatThrownBy(this::download)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Cannot fetch " + name + " of owner/model@main: has the " + hash + " ")
                .hasMessageContaining("something between here and http://127.0.0.1");
        assertThat(names(cache.resolve("models--owner--model/blobs")))
                .noneMatch(blob -> blob.endsWith(".incomplete") || blob.equals(FakeHub.sha256(BYTES)));
        assertThat(cache.resolve("models--owner--model/refs/main")).doesNotExist();
    }

    @Test
    void refusesAServerThatSendsTooMuch() {
        hub.always(WEIGHTS, FakeHub.tooManyBytes());
        assertThatThrownBy(this::download)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has more bytes than 300000, which the Hub says it has");
    }

    @Test
    void takesHashesFromTheHeadersWhereTheListingHasNone() {
        hub.listing = Listing.NAMES_ONLY;
        hub.next(WEIGHTS, FakeHub.cutAfter(100_000), FakeHub.wrongBytes());
        Path snapshot = download();
        assertThat(snapshot.resolve(WEIGHTS)).hasBinaryContent(BYTES);
        assertThat(snapshot.resolve("tokenizer_config.json")).hasContent("{}");
        assertThat(cache.resolve("models--owner--model/blobs").resolve(FakeHub.sha256(BYTES)))
                .exists();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | - | the name is wrong, or the model is private or gated: set HF_TOKEN to a token that may read it",
                "403 | GatedRepo | the model is gated: accept its conditions on its page, and set HF_TOKEN",
                "404 | RepoNotFound | there is no such model, revision or file: check owner/name@revision",
                "404 | RevisionNotFound | there is no such revision: check what follows the @",
                "400 | - | check HF_ENDPOINT and any proxy on the way",
            })
    void explainsARefusal(int status, String code, String remedy) {
        hub.always("", FakeHub.status(status, "X-Error-Code", code, "X-Error-Message", "because"));
        assertThatThrownBy(this::download)
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot fetch owner/model@main: " + hub.endpoint()
                        + "/api/models/owner/model/revision/main answered " + status + " (because); " + remedy);
        assertThat(hub.atHub).hasSize(1);
    }

    @Test
    void explainsARefusalOfTheTokenWithoutShowingIt() {
        hub.always("", FakeHub.status(401));
        assertThatThrownBy(() -> withToken().download(FakeHub.ID))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("check that the token in HF_TOKEN is valid and may read it")
                .hasMessageNotContaining(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void triesAgainWhenTheServerIsBusyOrBroken(int status) {
        hub.next("", FakeHub.status(status), FakeHub.status(status)).next(WEIGHTS, FakeHub.status(status));
        assertThat(download().resolve(WEIGHTS)).hasBinaryContent(BYTES);
    }

    @Test
    void waitsAsLongAsTheServerAsks() {
        hub.next("", FakeHub.status(429, "Retry-After", "1"));
        long begin = System.nanoTime();
        download();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void givesUpAfterAFewAttempts() {
        hub.always("", FakeHub.status(503));
        assertThatThrownBy(this::download)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("answered 503; check the network, proxies and HF_ENDPOINT");
        assertThat(hub.atHub).hasSize(6);
    }

    @Test
    void explainsAHubThatCannotBeReached() {
        hub.close();
        assertThatThrownBy(this::download)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Cannot fetch owner/model@main: the connection to " + hub.endpoint())
                .hasMessageContaining(
                        "check the network, proxies and HF_ENDPOINT, or name a directory that has the model");
    }

    @Test
    @Timeout(300)
    void takesSilenceForACut() {
        // far beyond the patience of this test, so that only the guard ends the silence
        hub.next(WEIGHTS, FakeHub.stallAfter(1000, 3_600_000)).next("", FakeHub.stallAfter(0, 3_600_000));
        HubOptions impatient = new HubOptions(
                hub.endpoint(), cache, Optional.empty(), Network.ONLINE, Duration.ofMillis(1), Duration.ofSeconds(1));
        assertThat(new ModelHub(impatient).download(FakeHub.ID).resolve(WEIGHTS))
                .hasBinaryContent(BYTES);
    }

    @Test
    void sendsTheTokenToTheHubAlone() {
        withToken().download(FakeHub.ID);
        assertThat(hub.atHub).isNotEmpty().allMatch(r -> r.authorization().equals("Bearer " + TOKEN));
        assertThat(hub.atStore).isNotEmpty().allMatch(r -> r.authorization().isEmpty());
    }

    @Test
    void sendsNoTokenWhereThereIsNone() {
        download();
        assertThat(hub.atHub).isNotEmpty().allMatch(r -> r.authorization().isEmpty());
    }

    @Test
    void keepsTheTokenOnARedirectWithinTheHub() {
        hub.next("", FakeHub.status(307, "Location", "/api/models/owner/renamed/revision/main"));
        withToken().download(FakeHub.ID);
        assertThat(hub.atHub.get(1).path()).isEqualTo("/api/models/owner/renamed/revision/main");
        assertThat(hub.atHub.get(1).authorization()).isEqualTo("Bearer " + TOKEN);
    }

    @Test
    void dropsTheTokenForGoodOnceARedirectHasLeftTheHub() throws IOException {
        String back = hub.endpoint() + "/api/models/owner/model/revision/" + FakeHub.COMMIT;
        hub.next("", FakeHub.status(302, "Location", hub.storeAddress(WEIGHTS).toString()))
                .next(WEIGHTS, FakeHub.status(302, "Location", back));
        withToken().resolve(FakeHub.ID);
        assertThat(hub.atHub).extracting(Received::authorization).containsExactly("Bearer " + TOKEN, "");
    }

    @Test
    void showsNeitherTokenNorSignatureInMessagesAndLogs() {
        hub.always(WEIGHTS, FakeHub.status(503)).next("", FakeHub.status(500), FakeHub.status(429));
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream standard = System.err;
        System.setErr(new PrintStream(log, true, UTF_8));
        try {
            assertThatThrownBy(() -> withToken().download(FakeHub.ID))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("/store/model.safetensors answered 503")
                    .hasMessageNotContainingAny(TOKEN, "signature", "secret");
        } finally {
            System.setErr(standard);
        }
        assertThat(log.toString(UTF_8))
                .contains("trying again in")
                .doesNotContain(TOKEN)
                .doesNotContain("signature");
    }

    @Test
    void refusesToBeSentAroundInCircles() {
        hub.always("", FakeHub.status(302, "Location", "/api/models/owner/model/revision/main"));
        assertThatThrownBy(this::download)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("redirects again after 10 redirects");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://example.org/x", "file:///etc/passwd", "http:", "ht tp://x"})
    void refusesRedirectsToWhatIsNoWebAddress(String location) {
        hub.always("", FakeHub.status(302, "Location", location));
        assertThatThrownBy(this::download)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("/api/models/owner/model/revision/main redirects to ");
    }

    @Test
    void refusesToLeaveHttpsForHttp() {
        assertThatThrownBy(() -> HubConnection.target("x", URI.create("https://hub.test/a"), "http://hub.test/a?key=1"))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot fetch x: https://hub.test/a redirects to http://hub.test/a, expected an https address");
        assertThat(HubConnection.target("x", URI.create("http://hub.test/a"), "https://hub.test/a"))
                .isEqualTo(URI.create("https://hub.test/a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>login</html>", "{}", "[]", "{\"sha\": \"../..\"}", "{\"sha\": 3}", ""})
    void refusesAnAnswerThatIsNotOfAHub(String answer) {
        hub.always("", (exchange, content) -> {
            byte[] bytes = answer.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        });
        assertThatThrownBy(this::download)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the Hub's answer about owner/model@main");
    }

    @Test
    void refusesAHashThatLeadsOutOfTheCache() {
        hub.always("", (exchange, content) -> {
            byte[] bytes = ("{\"sha\":\"" + FakeHub.COMMIT + "\",\"siblings\":[{\"rfilename\":\"config.json\","
                            + "\"size\":2,\"blobId\":\"../../../x\"}]}")
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        });
        assertThatThrownBy(this::download)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Cannot fetch config.json: its ETag is ../../../x, expected a hash");
    }

    @Test
    void fetchesEachFileOnceHoweverManyStartTogether() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Path>> downloads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                downloads.add(threads.submit(this::download));
            }
            for (Future<Path> download : downloads) {
                assertThat(download.get().resolve(WEIGHTS)).hasBinaryContent(BYTES);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(hub.fetches(WEIGHTS)).hasSize(1);
        assertThat(hub.fetches("config.json")).hasSize(1);
    }

    @Test
    void explainsACacheThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(cache.resolve("file"), "");
        HubOptions settings = new HubOptions(
                hub.endpoint(), file, Optional.empty(), Network.ONLINE, Duration.ofMillis(1), Duration.ofSeconds(20));
        assertThatThrownBy(() -> new ModelHub(settings).download(FakeHub.ID))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot write " + file)
                .hasMessageContaining("set HF_HOME to a directory with room");
    }

    private Path download() {
        return hub().download(FakeHub.ID);
    }

    private ModelHub hub() {
        return new ModelHub(settings(hub.endpoint(), Network.ONLINE));
    }

    private ModelHub withToken() {
        return new ModelHub(new HubOptions(
                hub.endpoint(),
                cache,
                Optional.of(TOKEN),
                Network.ONLINE,
                Duration.ofMillis(1),
                Duration.ofSeconds(5)));
    }

    private HubOptions settings(URI endpoint, Network network) {
        return new HubOptions(endpoint, cache, Optional.empty(), network, Duration.ofMillis(1), Duration.ofSeconds(20));
    }

    private Path incomplete() throws IOException {
        Path blobs = Files.createDirectories(cache.resolve("models--owner--model/blobs"));
        return blobs.resolve(FakeHub.sha256(BYTES) + ".incomplete");
    }

    private static List<String> names(Path directory) throws IOException {
        try (var list = Files.list(directory)) {
            return list.map(p -> p.getFileName().toString()).toList();
        }
    }

    private static byte[] weights() {
        byte[] bytes = new byte[300_000];
        new Random(5).nextBytes(bytes);
        return bytes;
    }
}
