package io.github.longwing.hub;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where the Hub is and where its files are kept. {@link #toString} leaves the token out.
 *
 * @param endpoint http or https, without a slash at its end
 * @param cache the directory that holds {@code models--owner--name}
 * @param token sent to the endpoint alone
 * @param initialPause what to wait before the second attempt; doubled before every further one
 * @param maxSilence after so long without a byte a connection counts as cut
 */
public record HubOptions(
        URI endpoint, Path cache, Optional<String> token, Network network, Duration initialPause, Duration maxSilence) {

    /** Whether the network may be used. */
    public enum Network {
        ONLINE,
        OFFLINE
    }

    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern TOKEN = Pattern.compile("[!-~]+");

    public HubOptions {
        String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || endpoint.getHost() == null) {
            throw new UserException("Cannot use the Hub: HF_ENDPOINT is " + endpoint
                    + ", expected an address such as https://huggingface.co");
        }
        if (token.isPresent() && !TOKEN.matcher(token.get()).matches()) {
            throw new UserException("Cannot use the Hub: HF_TOKEN has spaces or other characters that no token has,"
                    + " expected a token such as hf_...");
        }
    }

    /** What the variables that huggingface_hub knows say: HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_ENDPOINT, ... */
    public static HubOptions fromEnvironment() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static HubOptions of(Map<String, String> environment, Path userHome) {
        Path home = variable(environment, "HF_HOME").map(v -> path(v, userHome)).orElseGet(() -> variable(
                        environment, "XDG_CACHE_HOME")
                .map(v -> path(v, userHome))
                .orElse(userHome.resolve(".cache"))
                .resolve("huggingface"));
        return new HubOptions(
                endpoint(variable(environment, "HF_ENDPOINT").orElse("https://huggingface.co")),
                variable(environment, "HF_HUB_CACHE")
                        .or(() -> variable(environment, "HUGGINGFACE_HUB_CACHE"))
                        .map(v -> path(v, userHome))
                        .orElse(home.resolve("hub")),
                token(environment, home, userHome),
                isTrue(environment, "HF_HUB_OFFLINE") || isTrue(environment, "TRANSFORMERS_OFFLINE")
                        ? Network.OFFLINE
                        : Network.ONLINE,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60));
    }

    @Override
    public String toString() {
        return "HubOptions[endpoint=" + endpoint + ", cache=" + cache + ", token="
                + (token.isPresent() ? "***" : "none") + ", network=" + network + "]";
    }

    private static Optional<String> token(Map<String, String> environment, Path home, Path userHome) {
        Optional<String> given =
                variable(environment, "HF_TOKEN").or(() -> variable(environment, "HUGGING_FACE_HUB_TOKEN"));
        if (given.isPresent() || isTrue(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
            return given;
        }
        Path file = variable(environment, "HF_TOKEN_PATH")
                .map(v -> path(v, userHome))
                .orElse(home.resolve("token"));
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file).strip()).filter(t -> !t.isEmpty());
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read the token in " + file + ": " + e + ", expected a readable file; or set HF_TOKEN", e);
        }
    }

    private static URI endpoint(String text) {
        try {
            return new URI(text.replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw new UserException(
                    "Cannot use the Hub: HF_ENDPOINT is " + text
                            + ", expected an address such as https://huggingface.co",
                    e);
        }
    }

    private static Path path(String text, Path userHome) {
        return text.equals("~") || text.startsWith("~/")
                ? userHome.resolve(text.substring(Math.min(2, text.length())))
                : Path.of(text);
    }

    private static boolean isTrue(Map<String, String> environment, String name) {
        return variable(environment, name)
                .map(v -> v.toUpperCase(Locale.ROOT))
                .filter(TRUE::contains)
                .isPresent();
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
    }
}
