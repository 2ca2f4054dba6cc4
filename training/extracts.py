"""Documents with the sentences that may stand in their summaries, and what is wanted of each sentence."""
from dataclasses import dataclass, field, replace

import numpy as np
import sentencepiece

import corpora
import sentences
from network import EOS, FULL_ATTENTION_UP_TO, PAD, POSITIONS

OFFSET = 103  # of SentencePiece's ids
MOST = 160  # tokens of a summary
BUDGET = 130  # tokens that `inclusion` expects to be chosen
TEACHER_SHARE, SHARPER = 0.7, 1.2  # of the target of inclusion; of the teacher's logits


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
    often: np.ndarray  # how often each is among the best of some of them; empty without a human summary
    candidates: list  # as text
    summary: str
    opinion: np.ndarray = field(default_factory=lambda: np.zeros(0))  # the teacher's of each, as logits (opinions.py)

    def tokens(self, i):
        return self.ids[self.starts[i] : self.starts[i] + self.lengths[i]]

    def wanted(self):
        """What the human summary says of each candidate."""
        best = np.zeros(len(self.starts))
        best[self.oracle] = 1
        return 0.5 * self.often + 0.5 * best

    def inclusion(self):
        """The probability of each candidate to be chosen."""
        soft = calibrated(SHARPER * self.opinion, self.lengths, BUDGET)
        return np.clip(TEACHER_SHARE * soft + (1 - TEACHER_SHARE) * self.wanted(), 1e-3, 0.95) if len(self.alone) else soft


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
    alone, oracle, often = np.zeros(0), [], np.zeros(0)
    if document.summary:
        compared = sentences.Oracle(candidates, document.summary)
        alone, oracle = compared.alone(), compared.choose(lengths, MOST - 2)
        often = compared.often(lengths, MOST - 2, np.random.default_rng(int(corpora.order(0, document.id)[:8], 16)))
    return Example(
        document.id,
        document.source,
        np.array(ids + [EOS], dtype=np.uint16),
        np.array(starts),
        np.array(lengths),
        sentences.rank(candidates),
        alone,
        oracle,
        often,
        candidates,
        document.summary,
    )


def examples(seed, starter):
    """(to learn from, for validation), made once and kept beside the checkpoints."""

    def make():
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(starter / "spiece.model"))
        return [[e for d in part if (e := prepare(d, pieces))] for part in corpora.split_documents(seed)]

    return corpora.kept(f"summaries-{seed}", make)


def thinned(example, random):
    """Half of the time a document without some of its sentences, so that it is not learned by heart."""
    if random.random() < 0.5:
        return example
    kept = random.random(len(example.starts)) >= random.uniform(0.1, 0.5)
    if kept.sum() < 6:
        return example
    left_out = np.zeros(len(example.ids) + 1, dtype=np.int64)
    for start, length in zip(example.starts[~kept], example.lengths[~kept]):
        left_out[start : start + length] = 1
    before = np.cumsum(left_out) - left_out
    places = np.cumsum(kept) - 1
    return replace(
        example,
        ids=example.ids[left_out[:-1] == 0],
        starts=example.starts[kept] - before[example.starts[kept]],
        lengths=example.lengths[kept],
        rank=example.rank[kept],
        alone=example.alone[kept] if len(example.alone) else example.alone,
        often=example.often[kept] if len(example.often) else example.often,
        opinion=example.opinion[kept],
        oracle=[int(places[i]) for i in example.oracle if kept[i]],
    )


def padded(sequences):
    """(ids [N, longest], tokens [N])"""
    tokens = np.array([len(s) for s in sequences])
    ids = np.full((len(sequences), tokens.max()), PAD)
    for row, sequence in zip(ids, sequences):
        row[: len(sequence)] = sequence
    return ids, tokens


def batches(items, tokens, size, random):
    """Lists of so many items in a random order, those of a list of similar length, and short ones (which get full attention)
    apart from others."""
    order = [items[i] for i in random.permutation(len(items))]
    found = []
    for part in ([i for i in order if tokens(i) <= FULL_ATTENTION_UP_TO], [i for i in order if tokens(i) > FULL_ATTENTION_UP_TO]):
        for first in range(0, len(part), 8 * size):
            near = sorted(part[first : first + 8 * size], key=tokens)
            found += [near[k : k + size] for k in range(0, len(near), size)]
    return [found[i] for i in random.permutation(len(found))]
