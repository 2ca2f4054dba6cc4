package io.github.longwing.checkpoint;

import java.util.List;

/** The files that hold weights in a transformers directory, the preferred one first. */
public enum CheckpointFormat {
    SAFETENSORS("model.safetensors"),
    PYTORCH("pytorch_model.bin");

    private final String fileName;

    CheckpointFormat(String fileName) {
        this.fileName = fileName;
    }

    /** The file that holds all weights. */
    public String fileName() {
        return fileName;
    }

    /** The file that says which shard holds which weight, where there are several. */
    public String indexName() {
        return fileName + ".index.json";
    }

    List<Tensor> tensors(MappedFile file) {
        return switch (this) {
            case SAFETENSORS -> SafetensorsFile.tensors(file);
            case PYTORCH -> PytorchFile.tensors(file);
        };
    }
}
