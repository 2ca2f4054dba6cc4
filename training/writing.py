"""Writing a summary of whole sentences: beam search over the tokens that begin or continue a sentence of the source, in
the order of the document, each step's scores renormalised over what is allowed."""
from dataclasses import dataclass, field

import numpy as np
import torch

from network import EOS, START, hidden_from


@dataclass
class Hypothesis:
    tokens: list
    score: float
    sentence: tuple  # candidates that the tokens of the unfinished sentence agree with; empty between sentences
    offset: int  # tokens of that sentence
    chosen: tuple
    past: list = None
    read: int = 0  # tokens whose keys and values `past` holds
    logits: torch.Tensor = None
    finished: bool = field(default=False)


class Writer:
    def __init__(self, network, example, prior=0.0, beams=4, longest=160, fewest=100):
        self.network, self.example = network, example
        self.prior = prior * example.rank
        self.beams, self.longest, self.fewest = beams, longest, fewest
        states = network.encode(torch.from_numpy(example.ids.astype(np.int64))[None])
        self.sources, self.mask = network.sources(states), hidden_from(torch.tensor([len(example.ids)]), states.shape[1])

    def write(self):
        """The chosen candidates, in order."""
        running, best = [Hypothesis([START], 0.0, (), 0, ())], None
        while running:
            steps = [step for h in running for step in self.steps(h)]
            steps.sort(key=lambda h: -h.score)
            for h in steps:
                if h.finished and (best is None or h.score > best.score):
                    best = h
            running = [h for h in steps if not h.finished][: self.beams]
            if best and all(h.score <= best.score for h in running) and not self.prior.any():
                break
        return list(best.chosen)

    def steps(self, h):
        """Every way to go on by one token."""
        left = self.longest - len(h.tokens) - 1
        example, groups = self.example, {}
        for j in h.sentence:
            groups.setdefault(int(example.ids[example.starts[j] + h.offset]), []).append(j)
        if not h.sentence:
            last = h.chosen[-1] if h.chosen else -1
            for j in range(last + 1, len(example.lengths)):
                if example.lengths[j] <= left:
                    groups.setdefault(int(example.ids[example.starts[j]]), []).append(j)
            if len(h.tokens) >= self.fewest or not groups:
                groups[EOS] = []
        base = max(self.prior[list(h.sentence)]) if h.sentence else 0.0
        added = {t: (max(self.prior[those]) - base if those else 0.0) for t, those in groups.items()}
        if len(groups) == 1:
            scores = {t: 0.0 for t in groups}
        else:
            logits = self.read(h)
            allowed = list(groups)
            scores = dict(zip(allowed, torch.log_softmax(logits[allowed], 0).tolist()))
        found = []
        for token, those in groups.items():
            score = h.score + scores[token] + float(added[token])
            if token == EOS:
                found.append(Hypothesis(h.tokens, score, (), 0, h.chosen, finished=True))
                continue
            offset = h.offset + 1
            ended = [j for j in those if example.lengths[j] == offset]
            longer = tuple(j for j in those if example.lengths[j] > offset)
            if ended:
                found.append(Hypothesis([*h.tokens, token], score, (), 0, (*h.chosen, ended[0]), h.past, h.read))
            if longer:
                found.append(Hypothesis([*h.tokens, token], score, longer, offset, h.chosen, h.past, h.read))
        return found

    def read(self, h):
        hidden, _, h.past = self.network.decode_on(torch.tensor([h.tokens[h.read :]]), self.sources, h.past, self.mask)
        h.read = len(h.tokens)
        return self.network.logits(hidden[0, -1])
