package io.github.longwing.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import io.github.longwing.hub.HubOptions.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubOptionsTest {
    @TempDir
    private Path home;

    @Test
    void hasTheDefaultsOfHuggingFace() {
        HubOptions settings = HubOptions.of(Map.of(), home);
        assertThat(settings.endpoint()).hasToString("https://huggingface.co");
        assertThat(settings.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(settings.token()).isEmpty();
        assertThat(settings.network()).isEqualTo(Network.ONLINE);
    }

    @Test
    void honoursTheVariablesOfHuggingFace() {
        HubOptions settings = HubOptions.of(
                Map.of(
                        "HF_HOME", "/data/hf",
                        "HF_ENDPOINT", "http://mirror.test:8080/hf/",
                        "HF_TOKEN", " hf_abc\n",
                        "HF_HUB_OFFLINE", "yes"),
                home);
        assertThat(settings.cache()).isEqualTo(Path.of("/data/hf/hub"));
        assertThat(settings.endpoint()).hasToString("http://mirror.test:8080/hf");
        assertThat(settings.token()).contains("hf_abc");
        assertThat(settings.network()).isEqualTo(Network.OFFLINE);
        assertThat(HubOptions.of(Map.of("HF_HOME", "/data/hf", "HF_HUB_CACHE", "~/cache"), home)
                        .cache())
                .isEqualTo(home.resolve("cache"));
        assertThat(HubOptions.of(Map.of("XDG_CACHE_HOME", "/xdg"), home).cache())
                .isEqualTo(Path.of("/xdg/huggingface/hub"));
    }

    @ParameterizedTest
    @CsvSource({"1, OFFLINE", "true, OFFLINE", "ON, OFFLINE", "0, ONLINE", "'', ONLINE", "false, ONLINE"})
    void readsSwitchesAsHuggingFaceDoes(String value, Network network) {
        assertThat(HubOptions.of(Map.of("HF_HUB_OFFLINE", value), home).network())
                .isEqualTo(network);
    }

    @Test
    void readsTheTokenThatALoginLeft() throws IOException {
        Files.writeString(home.resolve("token"), "hf_file\n");
        String hfHome = home.toString();
        assertThat(HubOptions.of(Map.of("HF_HOME", hfHome), home).token()).contains("hf_file");
        assertThat(HubOptions.of(Map.of("HF_HOME", hfHome, "HF_TOKEN", "hf_env"), home)
                        .token())
                .contains("hf_env");
        assertThat(HubOptions.of(Map.of("HF_HOME", hfHome, "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"), home)
                        .token())
                .isEmpty();
        Files.writeString(home.resolve("elsewhere"), "hf_elsewhere");
        assertThat(HubOptions.of(
                                Map.of(
                                        "HF_TOKEN_PATH",
                                        home.resolve("elsewhere").toString()),
                                home)
                        .token())
                .contains("hf_elsewhere");
    }

    @Test
    void showsNoToken() {
        assertThat(HubOptions.of(Map.of("HF_TOKEN", "hf_abc"), home).toString())
                .doesNotContain("hf_abc")
                .contains("token=***");
        assertThatThrownBy(() -> HubOptions.of(Map.of("HF_TOKEN", "hf_abc hf_def"), home))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("HF_TOKEN has spaces or other characters that no token has")
                .hasMessageNotContaining("hf_abc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface.co", "ftp://huggingface.co", "https://", "https://a b", "/x"})
    void refusesAnEndpointThatIsNoWebAddress(String endpoint) {
        assertThatThrownBy(() -> HubOptions.of(Map.of("HF_ENDPOINT", endpoint), home))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("HF_ENDPOINT is ")
                .hasMessageContaining("expected an address such as https://huggingface.co");
    }
}
