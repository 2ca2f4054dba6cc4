package io.github.longwing.jobs.command;

import io.github.longwing.hub.HubDownload;
import io.github.longwing.hub.HubDownloads;
import io.github.longwing.hub.HubOptions;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.store.CacheEntry;
import io.github.longwing.store.ModelCache;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows and empties the cache of models. */
@Command(
        name = "cache",
        sortOptions = false,
        customSynopsis = "longwing cache list|clear",
        description = {
            "The models that were imported on this machine, and those that were downloaded for it.",
            "LONGWING_CACHE names the cache's directory; LONGWING_CACHE_LIMIT, such as 20GB, makes it drop the least",
            "recently used models."
        })
public final class CacheCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private CacheCommand() {}

    public static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new CacheCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new ClearCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Cannot run longwing cache without a word more: expected cache list or cache clear");
    }

    /** Lists the models. */
    @Command(
            name = "list",
            customSynopsis = "longwing cache list",
            description = "Shows every model and version with its size.")
    static final class ListCommand implements Callable<Integer> {
        private static final DateTimeFormatter DAY =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

        private final Terminal terminal;

        private ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            ModelCache cache = ModelCache.fromEnvironment();
            List<CacheEntry> entries = new ArrayList<>(cache.list());
            entries.sort(Comparator.comparing(CacheEntry::source)
                    .thenComparing(CacheEntry::lastUsed, Comparator.reverseOrder()));
            long bytes = entries.stream().mapToLong(CacheEntry::bytes).sum();
            String limit = System.getenv("LONGWING_CACHE_LIMIT");
            terminal.out()
                    .println("Imported, in " + cache.directory() + ": "
                            + ProgressLine.count(entries.size(), "model") + ", " + size(bytes) + ", "
                            + (limit == null || limit.isBlank() ? "no limit" : "limit " + limit));
            for (CacheEntry entry : entries) {
                terminal.out()
                        .println(String.format(
                                Locale.ROOT,
                                "  %9s  last used %s  %s  (%s)",
                                size(entry.bytes()),
                                DAY.format(entry.lastUsed()),
                                entry.source(),
                                entry.key()));
            }
            HubOptions hub = HubOptions.fromEnvironment();
            List<HubDownload> downloads = new HubDownloads(hub).list();
            terminal.out()
                    .println("Downloaded, in " + hub.cache() + ", which Python shares: "
                            + ProgressLine.count(downloads.size(), "version"));
            for (HubDownload download : downloads) {
                terminal.out()
                        .println(String.format(
                                Locale.ROOT,
                                "  %9s  %s@%s",
                                size(download.bytes()),
                                download.repository(),
                                download.commit()));
            }
            return ExitStatus.OK.code();
        }
    }

    /** Removes models. */
    @Command(
            name = "clear",
            sortOptions = false,
            customSynopsis = "longwing cache clear [--downloads]",
            description = "Removes the imported models that no process uses.")
    static final class ClearCommand implements Callable<Integer> {
        private final Terminal terminal;

        @Option(
                names = "--downloads",
                description = "Remove what Longwing downloaded for them too; what other programs downloaded stays.")
        private boolean downloads;

        private ClearCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            ModelCache.Cleared cleared = ModelCache.fromEnvironment().clear();
            long bytes = cleared.removed().stream().mapToLong(CacheEntry::bytes).sum();
            terminal.out()
                    .println("Removed " + ProgressLine.count(cleared.removed().size(), "imported model") + ", "
                            + size(bytes));
            if (!cleared.inUse().isEmpty()) {
                terminal.out()
                        .println("Kept " + ProgressLine.count(cleared.inUse().size(), "model") + " in use");
            }
            if (downloads) {
                HubDownloads hub = new HubDownloads(HubOptions.fromEnvironment());
                List<HubDownload> removed = hub.clear();
                terminal.out().println("Removed " + ProgressLine.count(removed.size(), "downloaded version"));
                int kept = hub.list().size();
                if (kept > 0) {
                    terminal.out()
                            .println("Kept " + ProgressLine.count(kept, "version")
                                    + " that other programs downloaded, or Longwing before it kept account");
                }
            }
            return ExitStatus.OK.code();
        }
    }

    private static String size(long bytes) {
        return bytes < 1_000_000_000L
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }
}
