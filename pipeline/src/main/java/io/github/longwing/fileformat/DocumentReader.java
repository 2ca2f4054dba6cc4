package io.github.longwing.fileformat;

import io.github.longwing.error.DocumentException;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Reads files such as PDF. Implementations are services ({@link ServiceLoader}) in jars of their own, which keeps their
 * libraries out of the core. They are stateless: any number of threads may share one.
 */
public interface DocumentReader {

    /**
     * Reads one file.
     *
     * @param name the file's name, of which the ending may tell what it is
     * @throws DocumentException where the file is damaged, encrypted, too large or of no known kind
     */
    ReadDocument read(byte[] content, String name);

    /** The reader that the thread's context class loader sees, where Spark puts the jars of a job. */
    static Optional<DocumentReader> find() {
        return ServiceLoader.load(DocumentReader.class, Thread.currentThread().getContextClassLoader())
                .findFirst();
    }
}
