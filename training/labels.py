"""Learning the ten subjects of OpenStax.

The model reads the document (here: a random stretch of it), encoder and decoder both, and the head stands on the state of
the eos. The decoder's one layer begins by averaging the encoder's states, so that what is learned is at first what each
token says of the subject.
"""
import pickle

import numpy as np
import sentencepiece
import torch
import torch.nn.functional as F
from torch import nn

import corpora
from network import EOS, POSITIONS, START, WIDTH, Network, load_starter
from summaries import OFFSET

DECODER_LAYERS = 1
LABELS = ("astronomy", "biology", "chemistry", "economics", "history", "philosophy", "physics", "politics", "psychology", "sociology")
STRETCHES = (256, 512, 1024, 2048)
VALIDATION_CHAPTERS = 0.12
SMOOTHING = 0.05


def split(seed):
    """(documents to learn from, documents of chapters kept for validation); the demo's are in neither."""
    usable = [d for d in corpora.documents() if d.label and corpora.may_be_used(d)]
    usable.sort(key=lambda d: corpora.order(seed, d.id))
    chapters = sorted({d.chapter for d in usable}, key=lambda c: corpora.order(seed, c))
    kept = set(chapters[: int(len(chapters) * VALIDATION_CHAPTERS)])
    training, validation = ([d for d in usable if (d.chapter in kept) == held] for held in (False, True))
    corpora.assert_apart(training, validation)
    return training, validation


def prepared(seed, starter):
    """((ids, label), ...) to learn from and for validation, made once and kept beside the checkpoints."""
    kept = corpora.HOME / "data" / f"labels-{seed}.pkl"
    if not kept.exists():
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(starter / "spiece.model"))
        parts = [[(np.array(pieces.encode(d.text), dtype=np.uint16) + OFFSET, LABELS.index(d.label)) for d in part] for part in split(seed)]
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".part")
        unfinished.write_bytes(pickle.dumps(parts))
        unfinished.replace(kept)
    return pickle.loads(kept.read_bytes())


class Task:
    name = "labels"
    learning_rate = 4e-4
    accumulate = 4

    def __init__(self, seed, starter):
        self.training, self.validation = prepared(seed, starter)
        counts = np.bincount([label for _, label in self.training], minlength=len(LABELS))
        self.weights = (1 / counts) / (1 / counts).sum()

    def network(self, starter):
        network = Network(DECODER_LAYERS, labels=len(LABELS))
        load_starter(network, starter)
        layer = network.decoder.layers[0]
        with torch.no_grad():
            for linear in (layer.self_attn.out_proj, layer.fc2, layer.encoder_attn.q_proj):
                linear.weight.zero_()
            layer.fc2.bias.zero_()
            layer.encoder_attn.v_proj.weight.copy_(torch.eye(WIDTH))
            layer.encoder_attn.out_proj.weight.copy_(4 * torch.eye(WIDTH))  # a mean is small beside a token's own embedding
            nn.init.zeros_(network.classification_head["out_proj"].weight)
        return network

    def plan(self, epoch, random):
        """Every subject as often as another."""
        by_label = [[i for i, (_, label) in enumerate(self.training) if label == wanted] for wanted in range(len(LABELS))]
        chosen = [self.training[random.choice(by_label[k % len(LABELS)])] for k in range(len(self.training))]
        return [chosen[i] for i in random.permutation(len(chosen))]

    def logits(self, network, ids):
        ids = torch.from_numpy(np.append(ids, EOS).astype(np.int64))
        states = network.encode(ids)
        shifted = torch.cat([torch.tensor([START]), ids[:-1]])
        head = network.classification_head
        return head["out_proj"](torch.tanh(head["dense"](network.decode(shifted[None], states)[0][0, -1])))

    def loss(self, network, item, random):
        ids, label = item
        size = min(len(ids), int(random.choice(STRETCHES)))
        start = int(random.integers(len(ids) - size + 1))
        ids = ids[start : start + size]
        if random.random() < 0.5:  # some pieces unknown, so that no single one decides
            ids = np.where(random.random(len(ids)) < 0.15, np.uint16(OFFSET + 2), ids)
        logits = self.logits(network, ids)
        loss = F.cross_entropy(logits[None], torch.tensor([label]), label_smoothing=SMOOTHING)
        return loss, {"right": float(logits.argmax() == label)}

    def validate(self, network, random):
        logits = torch.stack([self.logits(network, ids[: POSITIONS - 1]) for ids, _ in self.validation])
        wanted = torch.tensor([label for _, label in self.validation])
        return {"right": float((logits.argmax(1) == wanted).float().mean()), "loss": float(F.cross_entropy(logits, wanted))}
