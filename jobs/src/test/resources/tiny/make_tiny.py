"""Makes the models beside this file: the classes of pipeline's small random family, without its tokenizer.

usage: make_tiny.py, with safetensors and numpy
"""

import json
from pathlib import Path

from safetensors.numpy import load_file, save_file

HERE = Path(__file__).resolve().parent
TASK = HERE.parents[4] / "pipeline/src/test/resources/task"

CLASSES = {
    "summaries": ("BigBirdPegasusForConditionalGeneration", lambda n: n.startswith("model.") or n == "final_logits_bias"),
    "labels": (
        "BigBirdPegasusForSequenceClassification",
        lambda n: n.startswith(("model.", "classification_head.")),
    ),
    "answers": ("BigBirdPegasusForQuestionAnswering", lambda n: n.startswith(("model.", "qa_outputs."))),
    "prompts": ("BigBirdPegasusForCausalLM", lambda n: n.startswith("model.") and not n.startswith("model.encoder.")),
}

family = load_file(TASK / "family.safetensors")
for folder, (name, belongs) in CLASSES.items():
    tensors = {n: t for n, t in family.items() if belongs(n)}
    if folder == "prompts":
        shared = tensors.pop("model.shared.weight")
        tensors |= {"model.decoder.embed_tokens.weight": shared, "lm_head.weight": shared.copy()}
    config = json.loads((TASK / "family.json").read_text(encoding="utf-8"))
    config["architectures"] = [name]
    if folder == "labels":
        config["id2label"] = {"0": "sea", "1": "land", "2": "air"}
    (HERE / folder).mkdir(exist_ok=True)
    (HERE / folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    save_file(tensors, HERE / folder / "model.safetensors")
