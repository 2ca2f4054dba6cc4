package io.github.longwing.spark.source;

import io.github.longwing.error.DocumentException;
import io.github.longwing.spark.files.FileText;
import io.github.longwing.spark.files.Slice;
import io.github.longwing.spark.files.SourceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records of all parts of files that a task has. One file is open at a time, until the task ends at the latest. */
final class SplitRecords implements Iterator<SplitRecords.FileRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(SplitRecords.class);

    private final Iterator<byte[]> splits;
    private final RecordFormat format;
    private final Configuration hadoop;
    private final SliceEnd atEnd;
    private final Deque<Slice> slices = new ArrayDeque<>();

    /** All three null between files. */
    private Slice slice;

    private FileText text;
    private RecordReader reader;

    /** Null where none was asked for. */
    private FileRecord next;

    /** A record and where it is from. */
    record FileRecord(SourceFile file, SourceRecord record) {}

    /** Is told of every part that was read. */
    interface SliceEnd {
        /**
         * The part is read.
         *
         * @param lines how many lines it has
         */
        void read(Slice slice, RecordReader reader, long lines);
    }

    SplitRecords(Iterator<byte[]> splits, RecordFormat format, Configuration hadoop, SliceEnd atEnd) {
        this.splits = splits;
        this.format = format;
        this.hadoop = hadoop;
        this.atEnd = atEnd;
        TaskContext context = TaskContext.get();
        if (context != null) { // the driver has none where Spark evaluates there
            TaskContext unused = context.addTaskCompletionListener((TaskCompletionListener) c -> close());
        }
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null) {
                Optional<SourceRecord> record = reader == null ? Optional.empty() : reader.next();
                if (record.isPresent()) {
                    next = new FileRecord(slice.file(), record.get());
                } else {
                    if (reader != null) {
                        atEnd.read(slice, reader, text.line() - slice.firstLine());
                        close();
                    }
                    if (!openNext()) {
                        return false;
                    }
                }
            }
            return true;
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public FileRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The task has no more records");
        }
        FileRecord record = next;
        next = null;
        return record;
    }

    /** Opens the next part; one that cannot be opened is a record that could not be read. */
    private boolean openNext() throws IOException {
        while (slices.isEmpty()) {
            if (!splits.hasNext()) {
                return false;
            }
            slices.addAll(Splits.slices(splits.next()));
        }
        slice = slices.removeFirst();
        try {
            text = FileText.open(slice, format.options(), hadoop);
            reader = format.records(text, slice.file());
        } catch (DocumentException e) {
            next = new FileRecord(slice.file(), new SourceRecord(format.known(slice.file()), Optional.of(e)));
        }
        return true;
    }

    private void close() {
        if (text != null) {
            try {
                text.close();
            } catch (IOException e) { // nothing is lost: it was only read
                LOG.debug("Cannot close {}", slice.file().shown(), e);
            }
        }
        text = null;
        reader = null;
    }
}
