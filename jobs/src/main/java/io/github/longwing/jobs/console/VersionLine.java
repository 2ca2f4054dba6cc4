package io.github.longwing.jobs.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The versions of Longwing and of Java. */
public final class VersionLine implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "longwing " + version() + " (Java " + Runtime.version().feature() + ", " + System.getProperty("os.name")
                    + " " + System.getProperty("os.arch") + ")"
        };
    }

    public static String version() {
        try (InputStream stream = VersionLine.class.getResourceAsStream("/io/github/longwing/jobs/build.properties")) {
            Properties build = new Properties();
            build.load(stream);
            return build.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
