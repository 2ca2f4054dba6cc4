#!/usr/bin/env python3
"""Writes a stage's averaged weights as a transformers directory: training/export.py STAGE DIRECTORY [--set NAME=VALUE]...

float16 model.safetensors, config.json, generation_config.json and spiece.model. Then the directory is loaded with
transformers and must compute what the training code computes from the same rounded weights, on a short text (full
attention), one that needs padding and one of 4,096 tokens.
"""
import argparse
import importlib
import json
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import torch
import transformers

from evaluate import STARTER, averaged
from network import EOS, FULL_ATTENTION_UP_TO, START, save_transformers

TOLERANCE = 2e-4
GENERATION = {"bos_token_id": 2, "decoder_start_token_id": 2, "eos_token_id": 1, "pad_token_id": 0}
PRESETS = {
    "summaries": {"num_beams": 4, "max_length": 180, "min_length": 100, "length_penalty": 0.0, "renormalize_logits": True},
    "answers": {},
    "labels": {},
}


@torch.inference_mode()
def compare(directory, network, architecture):
    """The largest difference between transformers and the training code."""
    reference = getattr(transformers, architecture).from_pretrained(directory, dtype=torch.float32).eval()
    random, worst = np.random.default_rng(0), 0.0
    for length in (300, 1000, 4096):
        ids = torch.from_numpy(np.append(random.integers(110, 8192, length - 1), EOS))
        reference.model.encoder.set_attention_type("original_full" if length <= FULL_ATTENTION_UP_TO else "block_sparse")
        if architecture.endswith("QuestionAnswering"):
            given = reference(input_ids=ids[None])
            expected = torch.stack([given.start_logits[0], given.end_logits[0]], 1)
            found = network.ask(network.encode(ids[None]), network.before(ids[None]))[0]
        elif architecture.endswith("ConditionalGeneration"):
            states = network.encode(ids[None])
            decoded = torch.from_numpy(np.append([START], random.integers(110, 8192, 30)))
            expected = reference(input_ids=ids[None], decoder_input_ids=decoded[None]).logits[0]
            found = network.logits(network.decode(decoded[None], states, torch.tensor([length]))[0][0])
        else:
            expected = reference(input_ids=ids[None]).logits[0]
            found = network.label_logits(network.read_again(ids[None])[0, -1])
        worst = max(worst, float((expected - found).abs().max()) / max(1.0, float(expected.abs().max())))
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=["summaries", "sharpen", "answers", "labels"])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--weights", default="checkpoint", help="of which file of the stage: checkpoint or best")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="of generation_config.json; the value as JSON")
    options = parser.parse_args()
    network, step = averaged(importlib.import_module(options.stage).Task.network(), options.stage, options.weights)
    own = {k: v for k, v in network.state_dict().items() if not k.startswith("tells_")}
    config = {}
    if options.stage == "labels":
        from labels import LABELS

        config = {"id2label": dict(enumerate(LABELS)), "label2id": {label: i for i, label in enumerate(LABELS)}}
    save_transformers(network, own, options.directory, config)
    given = {name: json.loads(value) for name, value in (pair.split("=", 1) for pair in options.set)}
    preset = GENERATION | PRESETS.get(options.stage, PRESETS["summaries"]) | given
    (options.directory / "generation_config.json").write_text(json.dumps(preset, indent=1) + "\n")
    shutil.copyfile(STARTER / "spiece.model", options.directory / "spiece.model")

    network.load_state_dict({k: v.half().float() for k, v in network.state_dict().items()})
    difference = compare(options.directory, network, network.config()["architectures"][0])
    assert difference < TOLERANCE, f"transformers computes something else: relative difference {difference}, expected at most {TOLERANCE}"
    size = (options.directory / "model.safetensors").stat().st_size
    parameters = sum(v.numel() for v in own.values())
    print(json.dumps({"stage": options.stage, "step": step, "parameters": parameters, "bytes": size, "difference": difference}))


if __name__ == "__main__":
    main()
