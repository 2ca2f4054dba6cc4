"""Learning to choose sentences.

The model writes a summary held to whole sentences of its source, in the order of the document: at each step only the
tokens count that begin or continue a sentence not yet passed. So that is what is learned: at each step where several
tokens are allowed (a branch), their distribution. Its target comes from a probability of each sentence to be chosen,
`inclusion`: a sentence follows the last chosen one with its own probability times those of passing over all between.
Besides, one attention head of each of the last two decoder layers is told where to look (at the token to be written, in
each sentence that may follow), and every token at the beginning of a sentence tells that sentence's inclusion through a
head that is not exported; both teach the encoder faster than the branches alone, of which a document has few.
"""
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import corpora
import opinions
import sentences
from extracts import MOST, batches, correlation, examples, padded, standard, thinned
from network import EOS, FULL_ATTENTION_UP_TO, START, WIDTH, Network, encoder_weights, mean_measures, on_device, starter_weights, take_over

FEWEST = 60  # tokens of a summary: eos is no choice before
SEQUENCES = 3  # choices learned from each time a document is read
TOLD_HEAD, TOLD_LAYERS = 3, (-1, -2)
FIRST_TOKENS = 4  # of a sentence, that tell its inclusion
WEIGHTS = {"branch": 1.0, "look": 0.3, "inclusion": 1.0, "write": 0.2}
DECODER_LAYERS = 3
VALIDATE_EVERY = 5  # of the validation examples


@dataclass
class Branch:
    sequence: int
    place: int  # in the decoder's output
    allowed: list  # tokens
    target: list  # their probabilities
    looks: list  # places in the source
    shares: list  # of the attention
    begins: bool  # a sentence, rather than going on with one


def branches(example, chosen, inclusion, sequence):
    """Where writing the chosen sentences could have gone on otherwise."""
    place, last, found = 0, -1, []
    for step in [*chosen, None]:
        later = np.arange(last + 1, len(inclusion))
        later = later[example.lengths[later] <= MOST - 1 - place]
        passing = np.cumprod(1 - inclusion[later])
        chance = inclusion[later] * np.concatenate([[1.0], passing[:-1]]) if len(later) else np.zeros(0)
        end = float(passing[-1]) if len(later) else 1.0
        may_end = place >= FEWEST or not len(later)
        offset = 0
        while True:
            groups = {}
            for j, share in zip(later, chance):
                if offset < example.lengths[j]:
                    groups[int(example.ids[example.starts[j] + offset])] = groups.get(int(example.ids[example.starts[j] + offset]), 0.0) + share
            if offset == 0 and may_end:
                groups[EOS] = groups.get(EOS, 0.0) + end
            if len(groups) < 2:
                break
            total = sum(groups.values())
            looks = [int(example.starts[j] + offset) for j in later if offset < example.lengths[j]]
            shares = [float(s) for j, s in zip(later, chance) if offset < example.lengths[j]]
            if total > 0 and sum(shares) > 0:
                found.append(
                    Branch(sequence, place + offset, list(groups), [v / total for v in groups.values()], looks, [s / sum(shares) for s in shares], offset == 0)
                )
            if step is None:
                break
            token = example.ids[example.starts[step] + offset]
            kept = np.array([offset < example.lengths[j] and example.ids[example.starts[j] + offset] == token for j in later])
            later, chance = later[kept], chance[kept]
            offset += 1
        if step is not None:
            place += int(example.lengths[step])
            last = step
    return found


def tells(network, states, beginnings):
    """What the first tokens of sentences tell of their inclusion, as logits, [n, 4]. beginnings: [n, 2], row and token."""
    row, start = beginnings.T
    return network.tells_inclusion(states[row[:, None], start[:, None] + torch.arange(FIRST_TOKENS)]).float()[..., 0]


class Task:
    """What training asks of a stage."""

    name = "summaries"
    learning_rate = 4e-4
    batch = 2
    mixed = True  # half precision where the device has it
    varied = 0.7  # how much the choices that are learned from differ from the best one

    def __init__(self, seed, starter):
        self.training, self.validation = examples(seed, starter)
        said = opinions.made(seed, starter)
        for example in (*self.training, *self.validation):
            example.opinion = said[example.id]

    @staticmethod
    def network():
        network = Network(DECODER_LAYERS)
        network.tells_inclusion = nn.Linear(WIDTH, 1)
        return network

    def begin(self, network, starter):
        """The weights before the first step."""
        take_over(network, starter_weights(starter) | encoder_weights())
        nn.init.zeros_(network.tells_inclusion.weight)
        nn.init.constant_(network.tells_inclusion.bias, -3.0)

    def plan(self, epoch, random):
        """Every document once."""
        return batches(self.training, lambda e: len(e.ids), self.batch, random)

    def choices(self, example, random):
        """Sets of sentences to write: the oracle's where there is one, and some of high scores, varied by chance."""
        scores = standard(example.opinion)
        chosen = [example.oracle] if example.oracle else []
        while len(chosen) < SEQUENCES:
            varied = scores + self.varied * random.gumbel(size=len(scores))
            chosen.append(sentences.fill(varied, example.lengths, MOST - 2, 100))
        return chosen

    def prepare(self, items, random):
        """What is learned from these documents."""
        found = [thinned(e, random) for e in items]
        return self.arrays(found if min(len(e.ids) for e in found) > FULL_ATTENTION_UP_TO else items, random)

    def arrays(self, items, random):
        """What is learned from these examples, as arrays. Branches are those of all examples, in order."""
        ids, tokens = padded([e.ids for e in items])
        written, found, looks, shares, beginnings, inclusions = [], [], [], [], [], []
        for n, example in enumerate(items):
            inclusion = example.inclusion()
            chosen = self.choices(example, random)
            written += [np.concatenate([*(example.tokens(i) for i in c), [EOS]]).astype(np.int64) for c in chosen]
            own = [b for k, c in enumerate(chosen) for b in branches(example, c, inclusion, n * SEQUENCES + k)]
            looks += [(n, i, place) for i, b in enumerate(own) for place in b.looks]
            shares += [share / len(own) for b in own for share in b.shares]
            found.append(own)
            beginnings += [(n, start) for start in example.starts]
            inclusions += [(p, 1 / len(inclusion)) for p in inclusion]
        longest = max(len(w) for w in written)
        outputs = np.full((len(written), longest), -100)  # -100: nothing is learned from it
        inputs = np.full((len(written), longest), EOS)
        for row, given, w in zip(outputs, inputs, written):
            row[: len(w)] = w
            given[0] = START
            given[1 : len(w)] = w[:-1]
        outputs[[i for i in range(len(outputs)) if i % SEQUENCES]] = -100
        widest = max(len(b.allowed) for own in found for b in own)
        flat = [b for own in found for b in own]
        allowed, target, outside = np.zeros((len(flat), widest), np.int64), np.zeros((len(flat), widest), np.float32), np.ones((len(flat), widest), bool)
        for i, b in enumerate(flat):
            allowed[i, : len(b.allowed)], target[i, : len(b.target)], outside[i, : len(b.allowed)] = b.allowed, b.target, False
        return dict(
            ids=ids,
            tokens=tokens,
            inputs=inputs,
            outputs=outputs,
            rows=np.array([b.sequence for b in flat]),
            places=np.array([b.place for b in flat]),
            counts=np.array([len(own) for own in found]),
            allowed=allowed,
            target=target,
            outside=outside,
            begins=np.array([b.begins for b in flat]),
            looks=np.array(looks),
            shares=np.array(shares, np.float32),
            beginnings=np.array(beginnings),
            inclusions=np.array(inclusions, np.float32),
        )

    def loss(self, network, batch):
        """(loss, measures) of what `prepare` made of some examples."""
        return self.compare(network, batch, network.encode(on_device(batch["ids"]), on_device(batch["tokens"])))

    def compare(self, network, batch, states):
        counts = batch["counts"].tolist()
        batch = {k: on_device(v) for k, v in batch.items()}
        rows, places, begins, target = (batch[k] for k in ("rows", "places", "begins", "target"))
        hidden, asked = network.decode(batch["inputs"], states, batch["tokens"])
        logits = network.logits(hidden[rows, places]).float()
        scores = F.log_softmax(logits.gather(1, batch["allowed"]).masked_fill(batch["outside"], -1e9), -1)
        divergence = (target * (target.clamp(min=1e-9).log() - scores)).masked_fill(batch["outside"], 0).sum(1)
        weights = torch.repeat_interleave(1 / (batch["counts"] * len(counts)), batch["counts"])  # every example alike

        look = 0.0
        for layer in TOLD_LAYERS:
            attention, asking = network.decoder.layers[layer].encoder_attn, asked[layer][rows, places].split(counts)
            for n, own in enumerate(asking):
                that = batch["looks"][:, 0] == n
                _, branch, place = batch["looks"][that].T
                log_weights = attention.log_weights(own, states[n, : batch["tokens"][n]], TOLD_HEAD).float()
                look = look - (log_weights[branch, place] * batch["shares"][that]).sum() / (len(counts) * len(TOLD_LAYERS))

        told = tells(network, states, batch["beginnings"])
        wanted, share = batch["inclusions"].T
        entropy = -(wanted * wanted.log() + (1 - wanted) * (1 - wanted).log())
        divergence_told = F.binary_cross_entropy_with_logits(told, wanted[:, None].expand_as(told), reduction="none").mean(1) - entropy

        write = F.cross_entropy(network.logits(hidden[::SEQUENCES]).float().flatten(0, 1), batch["outputs"][::SEQUENCES].flatten())
        parts = {"branch": (divergence * weights).sum(), "look": look, "inclusion": 10 * (divergence_told * share).sum() / len(counts), "write": write}
        measures = {k: v.detach() for k, v in parts.items()} | {"begin": divergence[begins].mean().detach()}
        if (~begins).any():
            measures["go_on"] = divergence[~begins].mean().detach()
        return sum(WEIGHTS[k] * v for k, v in parts.items()), measures | {"told": told.detach().mean(1)}

    @staticmethod
    def goodness(found):
        """Of what `validate` found: more is better."""
        return -found["branch"]

    def validated(self):
        """Validation examples of the sources that are learned from, some of them."""
        return [e for e in self.validation if e.source != corpora.KEPT_OUT_SOURCE][::VALIDATE_EVERY]

    def validate(self, network):
        """Mean measures of validation examples of the sources that are learned from; and how what is told of a sentence
        correlates with the human summary's opinion of it, beside the ranker's."""
        found = []
        for example in self.validated():
            measures = self.loss(network, self.arrays([example], np.random.default_rng(0)))[1]
            told = measures.pop("told").cpu().numpy()
            if len(example.alone):
                measures |= {"agrees": correlation(told, example.wanted()), "ranker_agrees": correlation(example.rank, example.wanted())}
            found.append(measures)
        return mean_measures(found)
