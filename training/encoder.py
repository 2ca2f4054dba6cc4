"""What the encoder of summaries and labels learns first, from the texts alone: pieces that were masked, and the vector that
all-MiniLM-L6-v2 gives each sentence (as the mean of the encoder's states of its tokens, through a head that is not exported).
"""

import numpy as np
import torch.nn.functional as F
from torch import nn

import answers
import corpora
import labels
from extracts import OFFSET, batches, examples, padded
from network import FULL_ATTENTION_UP_TO, POSITIONS, VOCABULARY, WIDTH, Network, mean_measures, on_device, starter_weights, take_over
from opinions import TEACHER_WIDTH, sentence_vectors
from summaries import DECODER_LAYERS

MASK, MASKED = 3, 0.15  # a piece of the vocabulary that no text has; the share of masked tokens
SENTENCE_WEIGHT = 4.0


class Task:
    name = "encoder"
    learning_rate = 1.5e-3
    batch = 2
    mixed = True

    def __init__(self, seed, starter):
        documents, held = examples(seed, starter)
        self.validation = [e for e in held if e.source != corpora.KEPT_OUT_SOURCE and len(e.ids) > FULL_ATTENTION_UP_TO][::4]
        self.documents = [e for e in documents if len(e.ids) > FULL_ATTENTION_UP_TO]
        known = {e.id for e in self.documents}
        self.texts = [t.ids for t in answers.prepared(seed, starter)["training"][0] if t.id not in known]
        self.texts += [ids for ids, _ in labels.prepared(seed, starter)[0]]
        self.texts = [ids for ids in self.texts if len(ids) > FULL_ATTENTION_UP_TO]
        self.vectors = sentence_vectors(seed, starter)

    @staticmethod
    def network():
        network = Network(DECODER_LAYERS)
        network.tells_sentence = nn.Linear(WIDTH, TEACHER_WIDTH)
        return network

    def begin(self, network, starter):
        """The weights before the first step."""
        take_over(network, starter_weights(starter))

    def plan(self, epoch, random):
        """Every document once, and a stretch of every other text."""
        items = [(e.ids, e.id) for e in self.documents]
        for ids in self.texts:
            first = int(random.integers(max(1, len(ids) - POSITIONS + 1)))
            items.append((ids[first : first + POSITIONS], None))
        return batches(items, lambda item: len(item[0]), self.batch, random)

    def prepare(self, items, random):
        ids, tokens = padded([ids for ids, _ in items])
        masked = (random.random(ids.shape) < MASKED) & (np.arange(ids.shape[1]) < tokens[:, None])
        rows, places = np.nonzero(masked)
        wanted, luck = ids[rows, places], random.random(len(rows))
        shown = np.where(luck < 0.8, MASK, np.where(luck < 0.9, random.integers(OFFSET + 3, VOCABULARY, len(rows)), wanted))
        ids[rows, places] = shown
        sentences = [(i, *place) for i, (_, name) in enumerate(items) if name for place in zip(*self.vectors[name][:2])]
        vectors = [self.vectors[name][2] for _, name in items if name]
        found = dict(ids=ids, tokens=tokens, rows=rows, places=places, wanted=wanted)
        if sentences:
            found |= dict(sentences=np.array(sentences), vectors=np.concatenate(vectors).astype(np.float32))
        return found

    def loss(self, network, batch):
        batch = {k: on_device(v) for k, v in batch.items()}
        states = network.encode(batch["ids"], batch["tokens"])
        pieces = F.cross_entropy(network.logits(states[batch["rows"], batch["places"]]).float(), batch["wanted"])
        parts = {"pieces": pieces}
        if "sentences" in batch:
            row, start, length = batch["sentences"].T
            sums = F.pad(states.float().cumsum(1), (0, 0, 1, 0))
            means = (sums[row, start + length] - sums[row, start]) / length[:, None]
            parts["sentences"] = (1 - F.cosine_similarity(network.tells_sentence(means).float(), batch["vectors"])).mean()
        loss = pieces + SENTENCE_WEIGHT * parts.get("sentences", 0.0)
        return loss, {k: v.detach() for k, v in parts.items()}

    @staticmethod
    def goodness(found):
        """Of what `validate` found: more is better."""
        return -found["pieces"] - found["sentences"]

    def validate(self, network):
        found = [self.loss(network, self.prepare([(e.ids, e.id)], np.random.default_rng(0)))[1] for e in self.validation]
        return mean_measures(found)
