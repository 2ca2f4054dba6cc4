"""Learning the ten subjects of OpenStax.

The model reads the document (here: a random stretch of it), encoder and decoder both, and the head stands on the state of
the eos. It begins as a linear classifier of pieces: ten dimensions of the embedding hold what each piece says of each
subject, the decoder's one layer averages the encoder's states, and the head is fitted to that.
"""
import math
import pickle

import numpy as np
import sentencepiece
import torch
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression

import corpora
from network import EOS, VOCABULARY, WIDTH, Network, load_starter
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
    learning_rate = 1e-4
    accumulate = 4

    def __init__(self, seed, starter):
        self.training, self.validation = prepared(seed, starter)

    @staticmethod
    def network():
        return Network(DECODER_LAYERS, labels=len(LABELS))

    def begin(self, network, starter):
        """The weights before the first step: those of a linear classifier of pieces, carried by ten dimensions."""
        load_starter(network, starter)
        count = len(LABELS)
        layer = network.decoder.layers[0]
        with torch.no_grad():
            network.shared.weight[:, :count] = torch.from_numpy(self.piece_weights()).float() / math.sqrt(WIDTH)
            for stack in (network.encoder, network.decoder):
                stack.embed_positions.weight[:, :count] = 0
            for linear in (layer.self_attn.out_proj, layer.fc2, layer.encoder_attn.q_proj):
                linear.weight.zero_()
            layer.fc2.bias.zero_()
            layer.encoder_attn.v_proj.weight.copy_(torch.eye(WIDTH))
            louder = torch.full((WIDTH,), 4.0)  # a mean is small beside a token's own embedding
            louder[:count] = 40
            layer.encoder_attn.out_proj.weight.copy_(torch.diag(louder))
            self.fit_head(network)

    def piece_weights(self):
        """What each piece says of each label, [8192, labels], by logistic regression on the pieces' shares."""
        shares = np.stack([np.bincount(ids, minlength=VOCABULARY) / len(ids) for ids, _ in self.training])
        scale = 300 * np.log((1 + len(shares)) / (1 + (shares > 0).sum(0)))
        fitted = LogisticRegression(C=0.3, max_iter=400, class_weight="balanced").fit(shares * scale, [label for _, label in self.training])
        weights = (fitted.coef_ * scale).T
        return 1.5 * weights / np.sqrt((shares.mean(0)[:, None] * weights**2).sum() / len(LABELS))

    def fit_head(self, network):
        """The head by logistic regression on the state it will stand on, of the beginnings of the documents."""
        states = torch.stack([self.last_state(network, ids[first : first + 512]) for first in (0, 512) for ids, _ in self.training if len(ids) > first])
        labels = [label for first in (0, 512) for ids, label in self.training if len(ids) > first]
        dense, out = network.classification_head["dense"], network.classification_head["out_proj"]
        scale = 0.03 / states.std(0).clamp(min=1e-4)
        scale[: len(LABELS)] *= 15  # the other dimensions may say something too, but learn by heart what they are given
        dense.weight.copy_(torch.diag(scale))
        dense.bias.copy_(-states.mean(0) * scale)
        read = torch.tanh(dense(states)).numpy()
        fitted = LogisticRegression(C=1.0, max_iter=1000, class_weight="balanced").fit(read, labels)
        out.weight.copy_(torch.from_numpy(fitted.coef_))
        out.bias.copy_(torch.from_numpy(fitted.intercept_))

    def plan(self, epoch, random):
        """Every subject as often as another."""
        by_label = [[i for i, (_, label) in enumerate(self.training) if label == wanted] for wanted in range(len(LABELS))]
        chosen = [self.training[random.choice(by_label[k % len(LABELS)])] for k in range(len(self.training))]
        return [chosen[i] for i in random.permutation(len(chosen))]

    @staticmethod
    def last_state(network, ids):
        ids = torch.from_numpy(np.append(ids, EOS).astype(np.int64))
        return network.last_again(ids, network.encode(ids))

    def logits(self, network, ids):
        return network.label_logits(self.last_state(network, ids))

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

    def validate(self, network):
        logits = torch.stack([self.logits(network, ids[:2048]) for ids, _ in self.validation[::2]])
        wanted = torch.tensor([label for _, label in self.validation[::2]])
        return {"right": float((logits.argmax(1) == wanted).float().mean()), "loss": float(F.cross_entropy(logits, wanted))}
