#!/usr/bin/env python3
"""Fits the sentence head of exported summaries: training/sentence_head.py DIRECTORY [--documents N]

Logistic regression on the mean of the encoder's states of a sentence, towards the probability that the encoder itself learned
(extracts.py), on documents with human summaries; every document counts the same. It goes into DIRECTORY/generation_config.json,
as sentence_head_weight and sentence_head_bias. 1,200 documents take some 15 minutes on two cores.
"""
import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import torch
import torch.nn.functional as F

from evaluate import STARTER, averaged
from extracts import examples
from opinions import made
from sharpen import Task

DECAY = 1e-3


def vectors(network, example):
    """The mean state of each candidate, [n, H]."""
    states = network.encode(torch.from_numpy(example.ids.astype(np.int64))[None])[0].double()
    sums = F.pad(states.cumsum(0), (0, 0, 1, 0))
    starts, lengths = torch.from_numpy(example.starts), torch.from_numpy(example.lengths)
    return ((sums[starts + lengths] - sums[starts]) / lengths[:, None]).float()


def fit(x, wanted, share):
    """Weight [H] and bias of the regression of wanted [n] on x [n, H]; share [n]: how much each sentence counts."""
    mean, deviation = x.mean(0), x.std(0) + 1e-6
    z = (x - mean) / deviation
    weight, bias = torch.zeros(x.shape[1], requires_grad=True), torch.tensor(-2.0, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        found = (F.binary_cross_entropy_with_logits(z @ weight + bias, wanted, reduction="none") * share).sum() / share.sum()
        total = found + DECAY * (weight**2).sum()
        total.backward()
        return total

    optimizer.step(loss)
    weight = weight.detach() / deviation
    return weight, float(bias.detach() - mean @ weight)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--documents", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    network, _ = averaged(Task.network(), "sharpen", "checkpoint")
    opinions = made(options.seed, STARTER)
    learned = [e for e in examples(options.seed, STARTER)[0] if len(e.alone)]
    order = np.random.default_rng(options.seed).permutation(len(learned))[: options.documents]
    x, wanted, share = [], [], []
    with torch.inference_mode():
        for i in order:
            example = replace(learned[i], opinion=opinions[learned[i].id])
            x.append(vectors(network, example))
            wanted.append(torch.from_numpy(example.inclusion()).float())
            share.append(torch.full((len(example.starts),), 1 / len(example.starts)))
    weight, bias = fit(torch.cat(x), torch.cat(wanted), torch.cat(share))
    file = options.directory / "generation_config.json"
    short = lambda number: float(f"{number:.6g}")
    head = {"sentence_head_bias": short(bias), "sentence_head_weight": [short(w) for w in weight.tolist()]}
    lines = [f' {json.dumps(k)}: {json.dumps(v)}' for k, v in (json.loads(file.read_text()) | head).items()]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(json.dumps({"documents": len(order), "sentences": sum(len(w) for w in wanted), "expected": round(float(torch.cat(wanted).mean()), 4)}))


if __name__ == "__main__":
    main()
