"""Writes the small checkpoints that the tests of io.github.longwing.checkpoint read.

    python make_checkpoints.py        (torch 2.15, safetensors 0.8)

formats/*        one state dict in every form; x-rounded is the float32 of what x can hold
views/*          views and types of torch tensors, and the same values stored plainly
protocols/*      the same state dict with every pickle protocol that torch.save takes in zip files
legacy, hostile  files that must be refused
"""

import collections
import json
import os
import pathlib

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def place(name):
    folder = HERE / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def state_dict():
    torch.manual_seed(20)
    shared = torch.randn(7, 4)
    state = collections.OrderedDict()
    state["final_logits_bias"] = torch.arange(7.0).reshape(1, 7) / 8
    state["model.shared.weight"] = shared
    state["model.encoder.layers.0.fc1.weight"] = torch.randn(6, 4)
    state["model.encoder.layers.0.fc1.bias"] = torch.randn(6)
    state["model.encoder.layers.1.fc1.weight"] = torch.randn(6, 4) * 1e-6  # subnormal in float16
    state["model.encoder.layers.1.fc1.bias"] = torch.tensor([float("inf"), -float("inf"), 0.0, -0.0, 65504.0, 1e-40])
    return state


def save_sharded(state, folder, stem, extension, save):
    names = list(state)
    weight_map = {}
    for number, part in ((1, names[:3]), (2, names[3:])):
        file = f"{stem}-{number:05d}-of-00002.{extension}"
        save({n: state[n] for n in part}, place(folder) / file)
        weight_map.update({n: file for n in part})
    index = {"metadata": {"total_size": sum(t.nbytes for t in state.values())}, "weight_map": weight_map}
    (place(folder) / f"{stem}.{extension}.index.json").write_text(json.dumps(index, indent=1) + "\n")


def formats():
    state = state_dict()
    safetensors = lambda s, f: save_file(s, f, metadata={"format": "pt"})
    safetensors(state, place("formats/float32") / "model.safetensors")
    for name, dtype in (("float16", torch.float16), ("bfloat16", torch.bfloat16)):
        narrow = {n: t.to(dtype) for n, t in state.items()}
        safetensors(narrow, place("formats/" + name) / "model.safetensors")
        safetensors({n: t.float() for n, t in narrow.items()}, place(f"formats/{name}-rounded") / "model.safetensors")
    torch.save(state, place("formats/pytorch") / "pytorch_model.bin")
    torch.save({n: t.half() for n, t in state.items()}, place("formats/pytorch-float16") / "pytorch_model.bin")
    save_sharded(state, "formats/sharded", "model", "safetensors", safetensors)
    save_sharded(state, "formats/pytorch-sharded", "pytorch_model", "bin", torch.save)


def views():
    base = torch.arange(24.0).reshape(4, 6)
    linear = torch.nn.Linear(3, 2)
    with torch.no_grad():
        linear.weight.copy_(torch.arange(6.0).reshape(2, 3))
        linear.bias.copy_(torch.tensor([-1.0, 1.0]))
    state = linear.state_dict()  # an OrderedDict with the attribute _metadata
    state["parameter"] = torch.nn.Parameter(torch.tensor([0.5, -0.5]))
    state["base"] = base
    state["tied"] = base
    state["transposed"] = base.t()
    state["columns"] = base[:, 1:6:2]
    state["rows"] = base[1:3]
    state["permuted"] = torch.arange(24.0).reshape(2, 3, 4).permute(2, 0, 1)
    state["expanded"] = torch.tensor([[1.0], [2.0]]).expand(2, 5)
    state["scalar"] = torch.tensor(2.5)
    state["empty"] = torch.zeros(0, 3)
    state["one_row"] = base[2:3, ::5]
    state["float64"] = torch.tensor([1e300, 0.1], dtype=torch.float64)
    state["float16"] = torch.tensor([0.1, -2.0], dtype=torch.float16)
    state["bfloat16"] = torch.tensor([0.1, -2.0], dtype=torch.bfloat16)
    state["int64"] = torch.tensor([-(2**40), 7])
    state["int32"] = torch.tensor([-(2**20), 7], dtype=torch.int32)
    state["int16"] = torch.tensor([-300, 7], dtype=torch.int16)
    state["int8"] = torch.tensor([-3, 7], dtype=torch.int8)
    state["uint8"] = torch.tensor([200, 7], dtype=torch.uint8)
    state["bool"] = torch.tensor([True, False])
    torch.save(state, place("views/pytorch") / "pytorch_model.bin")
    plain = {n: t.detach().clone().contiguous() for n, t in state.items()}
    save_file(plain, place("views/safetensors") / "model.safetensors")
    save_file({n: t.float() for n, t in plain.items()}, place("views/float32") / "model.safetensors")


def protocols():
    for protocol in (2, 3, 4, 5):
        torch.save(state_dict(), place(f"protocols/{protocol}") / "pytorch_model.bin", pickle_protocol=protocol)


class Hostile:
    def __reduce__(self):
        return os.system, ("echo this must never run",)


def refused():
    torch.save(state_dict(), place("legacy") / "pytorch_model.bin", _use_new_zipfile_serialization=False)
    state = state_dict()
    state["payload"] = Hostile()
    torch.save(state, place("hostile") / "pytorch_model.bin")


formats()
views()
protocols()
refused()
