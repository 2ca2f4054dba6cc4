"""Learning to choose sentences.

The model writes a summary held to whole sentences of its source, in the order of the document: at each step only the
tokens count that begin or continue a sentence not yet passed. So that is what is learned: at each step where several
tokens are allowed (a branch), their distribution. Its target comes from a probability of each sentence to be chosen,
`inclusion`: a sentence follows the last chosen one with its own probability times those of passing over all between.
Besides, one attention head of each of the last two decoder layers is told where to look (at the token to be written, in
each sentence that may follow), and every token at the beginning of a sentence tells that sentence's inclusion through a
head that is not exported; both teach the encoder faster than the branches alone, of which a document has few.
"""
import pickle
from dataclasses import dataclass

import numpy as np
import sentencepiece
import torch
import torch.nn.functional as F
from torch import nn

import corpora
import sentences
from network import EOS, POSITIONS, START, WIDTH, Network, load_starter

OFFSET = 103  # of SentencePiece's ids
MOST, FEWEST = 160, 60  # tokens of a summary; eos is no choice before the fewest
BUDGET = 130  # tokens that `inclusion` expects to be chosen
SEQUENCES = 3  # choices learned from each time a document is read
TOLD_HEAD, TOLD_LAYERS = 3, (-1, -2)
FIRST_TOKENS = 4  # of a sentence, that tell its inclusion
WEIGHTS = {"branch": 1.0, "look": 0.3, "inclusion": 1.0, "write": 0.2}
DECODER_LAYERS = 3
VALIDATE_EVERY = 5  # of the validation examples


@dataclass
class Example:
    id: str
    source: str
    ids: np.ndarray  # with eos, at most 4,096
    starts: np.ndarray  # of the candidates, in order
    lengths: np.ndarray
    rank: np.ndarray  # what the ranker thinks of each
    alone: np.ndarray  # ROUGE of each by itself; empty without a human summary
    oracle: list  # the candidates that together come nearest to the human summary
    candidates: list  # as text
    summary: str

    def tokens(self, i):
        return self.ids[self.starts[i] : self.starts[i] + self.lengths[i]]

    def scores(self):
        """One number for each candidate: the human summary's opinion and the ranker's, standardised."""
        found = standard(self.rank)
        return standard(self.alone) + 0.5 * found if len(self.alone) else found

    def inclusion(self):
        """The probability of each candidate to be chosen."""
        soft = calibrated(1.5 * standard(self.scores()), self.lengths, BUDGET)
        if not self.oracle:
            return soft
        hard = np.full(len(soft), 0.01)
        hard[self.oracle] = 0.9
        return 0.6 * soft + 0.4 * hard


def standard(x):
    return (x - x.mean()) / max(x.std(), 1e-6)


def correlation(a, b):
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 0 and b.std() > 0 else 0.0


def calibrated(logits, lengths, budget):
    """Probabilities of these logits, shifted so that the expected number of tokens is the budget."""
    low, high = -30.0, 30.0
    for _ in range(50):
        middle = (low + high) / 2
        if (lengths / (1 + np.exp(-logits - middle))).sum() > budget:
            high = middle
        else:
            low = middle
    return np.clip(1 / (1 + np.exp(-logits - low)), 1e-3, 0.95)


def prepare(document, pieces):
    """The example of a document, or None where fewer than six sentences may be chosen."""
    texts = [s for s in sentences.split(document.text) if s]
    ids, starts, lengths, candidates = [], [], [], []
    for text, tokens in zip(texts, pieces.encode(texts)):
        if len(ids) + len(tokens) > POSITIONS - 1:
            break
        if sentences.may_stand(text) and 8 <= len(tokens) <= 80:
            starts.append(len(ids))
            lengths.append(len(tokens))
            candidates.append(text)
        ids.extend(t + OFFSET for t in tokens)
    if len(candidates) < 6:
        return None
    alone, oracle = np.zeros(0), []
    if document.summary:
        compared = sentences.Oracle(candidates, document.summary)
        alone, oracle = compared.alone(), compared.choose(lengths, MOST - 2)
    return Example(
        document.id,
        document.source,
        np.array(ids + [EOS], dtype=np.uint16),
        np.array(starts),
        np.array(lengths),
        sentences.rank(candidates),
        alone,
        oracle,
        candidates,
        document.summary,
    )


def examples(seed, starter):
    """(to learn from, for validation), made once and kept beside the checkpoints."""
    kept = corpora.HOME / "data" / f"summaries-{seed}.pkl"
    if not kept.exists():
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(starter / "spiece.model"))
        parts = [[e for d in part if (e := prepare(d, pieces))] for part in corpora.split_documents(seed)]
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".part")
        unfinished.write_bytes(pickle.dumps(parts))
        unfinished.replace(kept)
    return pickle.loads(kept.read_bytes())


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


class Task:
    """What training asks of a stage."""

    name = "summaries"
    learning_rate = 4e-4
    accumulate = 2

    def __init__(self, seed, starter):
        self.training, self.validation = examples(seed, starter)

    @staticmethod
    def network():
        network = Network(DECODER_LAYERS)
        network.tells_inclusion = nn.Linear(WIDTH, 1)
        return network

    def begin(self, network, starter):
        """The weights before the first step."""
        load_starter(network, starter)
        nn.init.zeros_(network.tells_inclusion.weight)
        nn.init.constant_(network.tells_inclusion.bias, -3.0)

    def plan(self, epoch, random):
        """Every document once."""
        return [self.training[i] for i in random.permutation(len(self.training))]

    def choices(self, example, random):
        """Sets of sentences to write: the oracle's where there is one, and some of high scores, varied by chance."""
        scores = standard(example.scores())
        chosen = [example.oracle] if example.oracle else []
        while len(chosen) < SEQUENCES:
            varied = scores + 0.7 * random.gumbel(size=len(scores))
            chosen.append(sentences.fill(varied, example.lengths, MOST - 2, 100))
        return chosen

    def loss(self, network, example, random):
        """(loss, measures) of one example."""
        inclusion = example.inclusion()
        chosen = self.choices(example, random)
        written = [np.concatenate([*(example.tokens(i) for i in c), [EOS]]).astype(np.int64) for c in chosen]
        longest = max(len(w) for w in written)
        inputs = torch.full((len(written), longest), EOS)
        for row, w in zip(inputs, written):
            row[0] = START
            row[1 : len(w)] = torch.from_numpy(w[:-1])
        found = [b for k, c in enumerate(chosen) for b in branches(example, c, inclusion, k)]

        states = network.encode(torch.from_numpy(example.ids.astype(np.int64)))
        hidden, asked = network.decode(inputs, states)
        rows, places = torch.tensor([b.sequence for b in found]), torch.tensor([b.place for b in found])
        logits = network.logits(hidden[rows, places])
        widest = max(len(b.allowed) for b in found)
        allowed, target = torch.zeros(len(found), widest, dtype=torch.long), torch.zeros(len(found), widest)
        for i, b in enumerate(found):
            allowed[i, : len(b.allowed)] = torch.tensor(b.allowed)
            target[i, : len(b.target)] = torch.tensor(b.target)
        outside = torch.arange(widest) >= torch.tensor([len(b.allowed) for b in found])[:, None]
        scores = F.log_softmax(logits.gather(1, allowed).masked_fill(outside, -1e9), -1)
        divergence = (target * (target.clamp(min=1e-9).log() - scores)).masked_fill(outside, 0).sum(1)
        begins = torch.tensor([b.begins for b in found])

        look = torch.zeros(())
        for layer in TOLD_LAYERS:
            weights = network.decoder.layers[layer].encoder_attn.log_weights(asked[layer][rows, places], states, TOLD_HEAD)
            for i, b in enumerate(found):
                look = look - (weights[i, torch.tensor(b.looks)] * torch.tensor(b.shares)).sum()
        look = look / (len(found) * len(TOLD_LAYERS))

        beginnings = torch.from_numpy(example.starts[:, None] + np.arange(FIRST_TOKENS))
        told = network.tells_inclusion(states[beginnings])[..., 0]
        wanted = torch.from_numpy(inclusion).float()
        tells = F.binary_cross_entropy_with_logits(told, wanted[:, None].expand_as(told)) - F.binary_cross_entropy(wanted, wanted)

        write = F.cross_entropy(network.logits(hidden[0, : len(written[0])]), torch.from_numpy(written[0]))
        parts = {"branch": divergence.mean(), "look": look, "inclusion": 10 * tells, "write": write}
        measures = {k: float(v.detach()) for k, v in parts.items()} | {
            "begin": float(divergence[begins].mean().detach()),
            "go_on": float(divergence[~begins].mean().detach()) if (~begins).any() else 0.0,
        }
        if len(example.alone):  # correlations with the human summary's opinion
            measures["agrees"] = correlation(told.detach().mean(1).numpy(), example.alone)
            measures["ranker_agrees"] = correlation(example.rank, example.alone)
        return sum(WEIGHTS[k] * v for k, v in parts.items()), measures

    def validate(self, network):
        """Mean measures of validation examples of the sources that are learned from."""
        examples = [e for e in self.validation if e.source != corpora.KEPT_OUT_SOURCE][::VALIDATE_EVERY]
        found = [self.loss(network, e, np.random.default_rng(0))[1] for e in examples]
        return {k: float(np.mean([m[k] for m in found])) for k in found[0]}
