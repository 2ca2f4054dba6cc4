package io.github.longwing.hub;

import io.github.longwing.checkpoint.UntrustedText;
import io.github.longwing.error.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests to the Hub. Redirects are followed by hand, because the token belongs to the endpoint alone: once a redirect
 * has left the endpoint's scheme, host and port, it is not sent any more. Safe for use by several threads.
 */
final class HubConnection {
    private static final Logger LOG = LoggerFactory.getLogger(HubConnection.class);
    private static final int MAX_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int MAX_TEXT_BYTES = 64 << 20;
    private static final String PROXY_REMEDY = "check HF_ENDPOINT and any proxy on the way";

    private final HubOptions settings;
    private final HttpClient client;

    HubConnection(HubOptions settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .followRedirects(Redirect.NEVER)
                .version(Version.HTTP_1_1) // one long body at a time: nothing that HTTP/2 would speed up
                .connectTimeout(settings.maxSilence())
                .build();
    }

    /** A request, and what it is for in messages. */
    record Request(String method, String path, String what, Map<String, String> headers) {
        static Request get(String path, String what) {
            return new Request("GET", path, what, Map.of());
        }
    }

    /**
     * The answer of the last server of a chain of redirects.
     *
     * @param description the headers that say what a file is: the endpoint's own even where its bytes lie elsewhere
     */
    record Answer(int status, HttpHeaders description, HttpHeaders headers, InputStream body) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /** What one attempt of a request gives. */
    interface Attempt<T> {
        T run(Answer answer) throws IOException;
    }

    /** Sends a request with a short answer, and repeats it after transient failures. */
    <T> T send(Request request, Attempt<T> attempt) throws IOException {
        Retries retries = new Retries(settings.initialPause());
        while (true) {
            try (Answer answer = send(request)) {
                return attempt.run(answer);
            } catch (TransientFailure e) {
                retries.pauseAfter(e);
            }
        }
    }

    /** The body of a short answer. */
    String text(Request request) throws IOException {
        return send(request, answer -> {
            try (SilenceGuard guard = SilenceGuard.watch(answer.body, settings.maxSilence())) {
                byte[] text = answer.body.readNBytes(MAX_TEXT_BYTES);
                guard.heard();
                return new String(text, StandardCharsets.UTF_8);
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                throw new TransientFailure("Cannot fetch " + request.what + ": the answer was cut (" + e + ")", e);
            }
        });
    }

    /**
     * Sends one request and follows its redirects.
     *
     * @return an answer with status 2xx or 416, which the caller closes; for HEAD also a redirect that describes a file
     * @throws TransientFailure if another attempt may succeed
     * @throws UserException if another attempt would fail in the same way
     */
    Answer send(Request request) throws TransientFailure, InterruptedIOException {
        URI uri = URI.create(settings.endpoint() + request.path);
        boolean mayHaveToken = true;
        Optional<HttpHeaders> description = Optional.empty();
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            mayHaveToken = mayHaveToken && isEndpoint(uri);
            HttpResponse<InputStream> response = exchange(request, uri, mayHaveToken);
            HttpHeaders headers = response.headers();
            if (description.isEmpty() && isEndpoint(uri) && describes(headers)) {
                description = Optional.of(headers);
            }
            int status = response.statusCode();
            boolean isRedirect = REDIRECTS.contains(status);
            if (status / 100 == 2
                    || status == RANGE_NOT_SATISFIABLE
                    || (isRedirect && request.method.equals("HEAD") && description.isPresent())) {
                return new Answer(status, description.orElse(headers), headers, response.body());
            }
            discard(response.body());
            if (!isRedirect) {
                throw failure(request, uri, response);
            }
            uri = target(request.what, uri, headers.firstValue("location").orElse(""));
        }
        throw new UserException("Cannot fetch " + request.what + ": " + shown(uri) + " redirects again after "
                + MAX_REDIRECTS + " redirects; check HF_ENDPOINT");
    }

    /** Whether these headers describe a file, rather than the place of its bytes. */
    private static boolean describes(HttpHeaders headers) {
        return headers.firstValue("x-linked-etag").isPresent();
    }

    private HttpResponse<InputStream> exchange(Request request, URI uri, boolean withToken)
            throws TransientFailure, InterruptedIOException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .method(request.method, BodyPublishers.noBody())
                .timeout(settings.maxSilence())
                .header("User-Agent", "longwing")
                .header("Accept-Encoding", "identity");
        request.headers.forEach(builder::header);
        if (withToken) {
            settings.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
        }
        try {
            return client.send(builder.build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (IOException e) {
            throw new TransientFailure(
                    "Cannot fetch " + request.what + ": the connection to " + shown(uri) + " failed (" + e + ")", e);
        }
    }

    /** The target of a redirect; refused from https to http, and for other schemes. */
    static URI target(String what, URI from, String location) {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    "Cannot fetch " + what + ": " + shown(from) + " redirects to what is no address", e);
        }
        String scheme = to.getScheme() == null ? "" : to.getScheme().toLowerCase(Locale.ROOT);
        boolean isSafe = scheme.equals("https") || (scheme.equals("http") && !isSecure(from));
        if (!isSafe || to.getHost() == null) {
            throw new UserException("Cannot fetch " + what + ": " + shown(from) + " redirects to " + shown(to)
                    + ", expected an https address");
        }
        return to;
    }

    private static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    private boolean isEndpoint(URI uri) {
        URI endpoint = settings.endpoint();
        return endpoint.getScheme().equalsIgnoreCase(uri.getScheme())
                && endpoint.getHost().equalsIgnoreCase(uri.getHost())
                && port(endpoint) == port(uri);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : isSecure(uri) ? 443 : 80;
    }

    private TransientFailure failure(Request request, URI uri, HttpResponse<?> response) {
        int status = response.statusCode();
        if (PASSING.contains(status)) {
            return new TransientFailure(
                    "Cannot fetch " + request.what + ": " + shown(uri) + " answered " + status,
                    response.headers().firstValue("retry-after").flatMap(HubConnection::delay));
        }
        throw new UserException("Cannot fetch " + request.what + ": " + shown(uri) + " answered " + status
                + reason(response.headers()) + "; "
                + (isEndpoint(uri) ? remedy(status, response.headers()) : PROXY_REMEDY));
    }

    private static String reason(HttpHeaders headers) {
        return headers.firstValue("x-error-message")
                .map(message -> " (" + UntrustedText.text(message) + ")")
                .orElse("");
    }

    private String remedy(int status, HttpHeaders headers) {
        String code = headers.firstValue("x-error-code").orElse("");
        String token = settings.token().isPresent()
                ? "check that the token in HF_TOKEN is valid and may read it"
                : "set HF_TOKEN to a token that may read it";
        return switch (status) {
            case 401 ->
                settings.token().isPresent()
                        ? "the name is wrong, or the model is private: " + token
                        : "the name is wrong, or the model is private or gated: " + token;
            case 403 ->
                code.equals("GatedRepo") || settings.token().isEmpty()
                        ? "the model is gated: accept its conditions on its page, and " + token
                        : token;
            case 404 ->
                code.equals("RevisionNotFound")
                        ? "there is no such revision: check what follows the @"
                        : "there is no such model, revision or file: check owner/name@revision; if it is private, "
                                + token;
            default -> PROXY_REMEDY;
        };
    }

    /** Retry-After holds seconds or a date. */
    private static Optional<Duration> delay(String value) {
        if (value.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        try {
            Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration delay = Duration.between(Instant.now(), until);
            return Optional.of(delay.isNegative() ? Duration.ZERO : delay);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** An address without its query, which may hold a signature that gives access. */
    private static String shown(URI uri) {
        String authority = uri.getHost() + (uri.getPort() >= 0 ? ":" + uri.getPort() : "");
        return uri.getScheme() + "://" + authority + UntrustedText.text(uri.getPath() == null ? "" : uri.getPath());
    }

    /** Reads a short rest so that the connection can be used again, and drops a long one. */
    private static void discard(InputStream body) {
        try (body) {
            body.readNBytes(1 << 14);
        } catch (IOException e) {
            // the answer is complete without its body
            LOG.debug("Dropped the rest of an answer", e);
        }
    }
}
