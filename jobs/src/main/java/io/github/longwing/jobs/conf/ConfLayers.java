package io.github.longwing.jobs.conf;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The places that give an option its value if the command line does not; the first one that has a value wins. */
public record ConfLayers(List<ConfLayer> layers) implements IDefaultValueProvider {

    /** A value and where it comes from. */
    public record Found(String value, String origin) {}

    public ConfLayers {
        layers = List.copyOf(layers);
    }

    public Optional<Found> find(String key) {
        return layers.stream()
                .filter(layer -> layer.values().containsKey(key))
                .findFirst()
                .map(layer -> new Found(layer.values().get(key), layer.origin()));
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? find(OptionNames.key(option)).map(Found::value).orElse(null)
                : null;
    }
}
