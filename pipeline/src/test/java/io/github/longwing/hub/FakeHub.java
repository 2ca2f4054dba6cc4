package io.github.longwing.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * A Hub on this machine that holds one model. It serves files as huggingface.co does, large ones through a redirect to a
 * second server, and misbehaves on order.
 */
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final HubId ID = new HubId("owner/model", "main");

    /** One request as it arrived; an absent header is "". */
    record Received(String method, String path, String range, String authorization) {}

    /** Answers a request for a file in its own way. */
    interface Misbehaviour {
        void answer(HttpExchange exchange, byte[] content) throws IOException;
    }

    /** How much the listing says about files. */
    enum Listing {
        WITH_HASHES,
        NAMES_ONLY
    }

    private final HttpServer hub;
    private final HttpServer store;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, byte[]> files = new TreeMap<>();
    private final Set<String> large = new HashSet<>();
    private final Map<String, Deque<Misbehaviour>> orders = new ConcurrentHashMap<>();
    private final Map<String, Misbehaviour> standing = new ConcurrentHashMap<>();
    final List<Received> atHub = new CopyOnWriteArrayList<>();
    final List<Received> atStore = new CopyOnWriteArrayList<>();
    Listing listing = Listing.WITH_HASHES;

    FakeHub() throws IOException {
        hub = server();
        store = server();
        hub.createContext("/api/models/", exchange -> serve(exchange, atHub, this::answerListing));
        hub.createContext("/owner/model/resolve/", exchange -> serve(exchange, atHub, this::answerResolve));
        store.createContext("/store/", exchange -> serve(exchange, atStore, this::answerStore));
        hub.start();
        store.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    URI storeAddress(String name) {
        return URI.create("http://127.0.0.1:" + store.getAddress().getPort() + "/store/" + name + "?signature=secret");
    }

    /** A file in git itself. */
    FakeHub small(String name, String text) {
        files.put(name, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** A file in LFS. */
    FakeHub large(String name, byte[] bytes) {
        files.put(name, bytes.clone());
        large.add(name);
        return this;
    }

    /** Lets the next requests for the bytes of a file (or, for "", for the listing) go like this, one after the other. */
    FakeHub next(String name, Misbehaviour... inTurn) {
        orders.computeIfAbsent(name, n -> new ArrayDeque<>()).addAll(Arrays.asList(inTurn));
        return this;
    }

    FakeHub always(String name, Misbehaviour misbehaviour) {
        standing.put(name, misbehaviour);
        return this;
    }

    /** The GET requests for the bytes of a file. */
    List<Received> fetches(String name) {
        List<Received> all = large.contains(name) ? atStore : atHub;
        return all.stream()
                .filter(r -> r.method.equals("GET") && r.path.endsWith("/" + name))
                .toList();
    }

    static Misbehaviour status(int status, String... headers) {
        return (exchange, content) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** Cuts the connection after so many bytes of the body. */
    static Misbehaviour cutAfter(int bytes) {
        return (exchange, content) -> sendPart(exchange, content, bytes);
    }

    /** Sends so many bytes and then nothing for a while. */
    static Misbehaviour stallAfter(int bytes, long millis) {
        return (exchange, content) -> {
            int begin = rangeBegin(exchange);
            sendHeaders(exchange, content, begin);
            OutputStream out = exchange.getResponseBody();
            out.write(content, begin, bytes);
            out.flush();
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    static Misbehaviour wrongBytes() {
        return (exchange, content) -> {
            byte[] wrong = content.clone();
            wrong[wrong.length / 2] ^= 1;
            sendPart(exchange, wrong, wrong.length);
        };
    }

    /** Sends the whole file whatever part was asked for. */
    static Misbehaviour ignoreRange() {
        return (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        };
    }

    static Misbehaviour tooManyBytes() {
        return (exchange, content) -> {
            exchange.sendResponseHeaders(200, 0); // chunked, so without a length
            exchange.getResponseBody().write(content);
            exchange.getResponseBody().write(new byte[1 << 20]);
        };
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }

    static String gitHash(byte[] bytes) {
        byte[] header = ("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII);
        return hash("SHA-1", header, bytes);
    }

    static String sha256(byte[] bytes) {
        return hash("SHA-256", bytes);
    }

    private static String hash(String algorithm, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        return server;
    }

    private interface Handler {
        void answer(HttpExchange exchange, String name) throws IOException;
    }

    private static void serve(HttpExchange exchange, List<Received> received, Handler handler) throws IOException {
        try (exchange) {
            received.add(new Received(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    header(exchange, "Range"),
                    header(exchange, "Authorization")));
            String path = exchange.getRequestURI().getPath();
            handler.answer(exchange, path.substring(path.lastIndexOf('/') + 1));
        }
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private void answerListing(HttpExchange exchange, String revision) throws IOException {
        if (misbehaves(exchange, "", new byte[0])) {
            return;
        }
        String siblings = files.entrySet().stream()
                .map(e -> sibling(e.getKey(), e.getValue()))
                .collect(Collectors.joining(","));
        byte[] json = ("{\"id\":\"owner/model\",\"sha\":\"" + COMMIT + "\",\"siblings\":[" + siblings + "]}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, json.length);
        exchange.getResponseBody().write(json);
    }

    private String sibling(String name, byte[] content) {
        if (listing == Listing.NAMES_ONLY) {
            return "{\"rfilename\":\"" + name + "\"}";
        }
        int size = content.length;
        String lfs = large.contains(name)
                ? ",\"lfs\":{\"sha256\":\"" + sha256(content) + "\",\"size\":" + size + ",\"pointerSize\":134}"
                : "";
        return "{\"rfilename\":\"" + name + "\",\"size\":" + size + ",\"blobId\":\"" + gitHash(content) + "\"" + lfs
                + "}";
    }

    private void answerResolve(HttpExchange exchange, String name) throws IOException {
        byte[] content = files.get(name);
        exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
        if (content == null) {
            status(404, "X-Error-Code", "EntryNotFound").answer(exchange, new byte[0]);
        } else if (large.contains(name)) {
            exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + sha256(content) + "\"");
            exchange.getResponseHeaders().set("X-Linked-Size", Integer.toString(content.length));
            status(302, "Location", storeAddress(name).toString()).answer(exchange, new byte[0]);
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            status(200, "ETag", "\"" + gitHash(content) + "\"").answer(exchange, new byte[0]);
        } else if (!misbehaves(exchange, name, content)) {
            sendPart(exchange, content, content.length);
        }
    }

    private void answerStore(HttpExchange exchange, String name) throws IOException {
        byte[] content = files.get(name);
        if (!misbehaves(exchange, name, content)) {
            sendPart(exchange, content, content.length);
        }
    }

    private boolean misbehaves(HttpExchange exchange, String name, byte[] content) throws IOException {
        Deque<Misbehaviour> inTurn = orders.getOrDefault(name, new ArrayDeque<>());
        Misbehaviour misbehaviour = inTurn.isEmpty() ? standing.get(name) : inTurn.poll();
        if (misbehaviour != null) {
            misbehaviour.answer(exchange, content);
        }
        return misbehaviour != null;
    }

    private static void sendPart(HttpExchange exchange, byte[] content, int bytes) throws IOException {
        int begin = rangeBegin(exchange);
        if (begin >= content.length) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        sendHeaders(exchange, content, begin);
        exchange.getResponseBody().write(content, begin, Math.min(bytes, content.length - begin));
        exchange.getResponseBody().flush();
    }

    private static void sendHeaders(HttpExchange exchange, byte[] content, int begin) throws IOException {
        if (begin > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %d-%d/%d".formatted(begin, content.length - 1, content.length));
        }
        exchange.sendResponseHeaders(begin > 0 ? 206 : 200, content.length - begin);
    }

    private static int rangeBegin(HttpExchange exchange) {
        String range = header(exchange, "Range");
        return range.isEmpty() ? 0 : Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1"));
    }
}
