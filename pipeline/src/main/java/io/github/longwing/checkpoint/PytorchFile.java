package io.github.longwing.checkpoint;

import io.github.longwing.error.UserException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The format of torch.save since 1.6: a zip file with one root folder that holds the pickle of the state dict
 * ({@code data.pkl}) and one stored entry for the bytes of each storage ({@code data/KEY}), which tensors may share.
 */
final class PytorchFile {
    private static final Pattern PICKLE = Pattern.compile("[^/]+/data\\.pkl");
    /** Far more than any checkpoint needs; keeps a hostile pickle from filling the heap. */
    private static final int MAX_PICKLE_BYTES = 16 << 20;

    private final MappedFile file;
    private final Map<String, StoredZip.Entry> entries;
    private final Map<String, MappedRegion> storages = new HashMap<>();
    private final String root;

    private PytorchFile(MappedFile file, Map<String, StoredZip.Entry> entries, String root) {
        this.file = file;
        this.entries = entries;
        this.root = root;
    }

    /** The tensors, in the order of the state dict. */
    static List<Tensor> tensors(MappedFile file) {
        if (!StoredZip.isZip(file)) {
            throw notZip(file);
        }
        Map<String, StoredZip.Entry> entries = StoredZip.entries(file);
        List<String> pickles = entries.keySet().stream()
                .filter(name -> PICKLE.matcher(name).matches())
                .toList();
        if (pickles.size() != 1) {
            throw file.unreadable("it has " + pickles.size()
                    + " entries named data.pkl in a root folder, expected one, as torch.save writes");
        }
        String root = pickles.get(0).substring(0, pickles.get(0).indexOf('/') + 1);
        PytorchFile pytorch = new PytorchFile(file, entries, root);
        pytorch.requireLittleEndian();
        return pytorch.tensors(entries.get(pickles.get(0)));
    }

    private List<Tensor> tensors(StoredZip.Entry pickle) {
        if (pickle.length() > MAX_PICKLE_BYTES) {
            throw file.unreadable("its data.pkl has " + pickle.length() + " bytes, expected at most " + MAX_PICKLE_BYTES
                    + " for a dict of tensors");
        }
        ByteBuffer bytes = file.copy(pickle.position(), (int) pickle.length());
        List<Tensor> tensors = new ArrayList<>();
        StateDictPickle.stateDict(bytes, file::unreadable).forEach((name, stored) -> {
            StateDictPickle.Storage storage = stored.storage();
            tensors.add(new Tensor(name, storage.type(), stored.layout(), region(name, storage)));
        });
        return tensors;
    }

    private MappedRegion region(String tensor, StateDictPickle.Storage storage) {
        String entryName = root + "data/" + storage.key();
        StoredZip.Entry entry = entries.get(entryName);
        if (entry == null) {
            throw file.unreadable(UntrustedText.text(tensor) + " lies in the entry " + UntrustedText.text(entryName)
                    + ", which is missing");
        }
        if (storage.elements() > entry.length() / storage.type().bytes()) {
            throw file.unreadable(
                    UntrustedText.text(tensor) + " lies in the entry " + UntrustedText.text(entryName) + ", which has "
                            + entry.length() + " bytes, expected " + storage.elements() + " elements of "
                            + storage.type().bytes());
        }
        return storages.computeIfAbsent(storage.key(), key -> file.region(entry.position(), entry.length()));
    }

    private void requireLittleEndian() {
        StoredZip.Entry entry = entries.get(root + "byteorder");
        if (entry == null) {
            return; // written before torch 2.1, when little-endian was the only order
        }
        String order = entry.length() > 16
                ? "unknown"
                : new String(file.copy(entry.position(), (int) entry.length()).array(), StandardCharsets.US_ASCII);
        if (!order.equals("little")) {
            throw file.unreadable("its byte order is " + UntrustedText.text(order)
                    + ", expected little; save it again as safetensors, whose byte order is always little");
        }
    }

    private static UserException notZip(MappedFile file) {
        if (GitLfsPointer.isOne(file)) {
            return GitLfsPointer.refusal(file);
        }
        boolean pickle = file.size() > 1 && file.copy(0, 1).get() == (byte) 0x80;
        return file.unreadable(
                pickle
                        ? "it is in the legacy format of torch before 1.6, expected the zip format; load and save it with "
                                + "a current torch, or convert it to safetensors"
                        : "it is not a file of torch.save in the zip format, or it is damaged; fetch it again");
    }
}
