"""Makes sentences.json beside this script: what transformers 5.23.0 generates where prefix_allowed_tokens_fn holds it to
whole sentences of a document.

usage: make_sentences.py     (needs transformers 5.23.0, torch, numpy; takes a minute)

The rules stand here a second time, over plain lists. With a prior, which transformers has no option for, a processor of
its own bans, normalizes and adds. As in make_goldens.py, cases that hang on float32 rounding are dropped.
"""

import json
import os
import random

import numpy as np
import torch
from transformers import GenerationConfig, LogitsProcessor, LogitsProcessorList

import make_goldens as goldens

EOS = 1


class Rules:
    def __init__(self, case):
        self.sentences, self.scores, self.prior = case["sentences"], case["scores"], case["prior"]
        self.order, self.most = case["order"], case["max_sentences"] or 10**9
        self.known = {}
        self.min_length, self.max_length = case["min_length"], case["max_length"]

    def open(self, written, begin):
        """The sentences that may begin when the sequence has a length."""
        return [
            i
            for i, tokens in enumerate(self.sentences)
            if len(written) < self.most
            and begin + len(tokens) <= self.max_length - 1
            and (i not in written if self.order == "model" else not written or i > written[-1])
        ]

    def read(self, ids):
        """What a sequence has written, where its last sentence began, and what it has of that one; None when lost."""
        written, begin, held = [], 1, []
        for at, token in enumerate(ids[1:], 1):
            may = self.open(written, begin)
            if any(self.sentences[i][: len(held) + 1] == held + [token] for i in may):
                held = held + [token]
                continue
            ended = [i for i in may if held and self.sentences[i] == held]
            if not ended:
                return None
            written, begin, held = written + [ended[0]], at, [token]
            if not any(self.sentences[i][:1] == held for i in self.open(written, begin)):
                return None
        return written, begin, held

    def after(self, written, length):
        """The highest sum of scores that can still follow."""
        if self.order == "model":
            return 0.0
        key = (written[-1], length, len(written) if self.most < 10**9 else 0)
        if key not in self.known:
            self.known[key] = max([0.0] + [self.value(i, written, length) for i in self.open(written, length)])
        return self.known[key]

    def value(self, i, written, begin):
        return self.scores[i] + self.after(written + [i], begin + len(self.sentences[i]))

    def next(self, ids):
        """Each token that may come next, with what the prior adds to it."""
        state = self.read(ids)
        if state is None:
            return {EOS: 0.0}
        written, begin, held = state
        may = [i for i in self.open(written, begin) if self.sentences[i][: len(held)] == held]
        best = lambda among, written, begin: max(self.value(i, written, begin) for i in among)
        base = best(may, written, begin) if held and may else 0.0
        out = {}
        for i in may:
            if len(self.sentences[i]) > len(held):
                token = self.sentences[i][len(held)]
                below = [j for j in may if self.sentences[j][: len(held) + 1] == held + [token]]
                out[token] = best(below, written, begin) - base
        ended = [i for i in may if held and self.sentences[i] == held]
        if not ended:
            return out or {EOS: 0.0}
        rest = self.scores[ended[0]] - base
        all_written = written + [ended[0]]
        following = self.open(all_written, len(ids))
        for i in following:
            token = self.sentences[i][0]
            below = [j for j in following if self.sentences[j][0] == token]
            out.setdefault(token, rest + best(below, all_written, len(ids)))
        if len(ids) >= self.min_length or not following:
            out[EOS] = rest
        return out


class Prior(LogitsProcessor):
    def __init__(self, rules, case):
        self.rules, self.case = rules, case

    def __call__(self, ids, scores):
        out = torch.full_like(scores, -float("inf"))
        for row in range(len(ids)):
            allowed = self.rules.next(ids[row].tolist())
            tokens = torch.tensor(list(allowed))
            kept = scores[row, tokens]
            if self.case["renormalize"]:
                kept = torch.log_softmax(kept, -1)
            out[row, tokens] = kept + torch.tensor([self.rules.prior * x for x in allowed.values()], dtype=torch.float32)
        return out


def generate(case, shake):
    model = goldens.SEQ2SEQ
    model.use(case, shake)
    options = {**goldens.SPECIAL, **case["options"], "max_length": case["max_length"]}
    draws = goldens.Draws(options.pop("seed", 0), case["document"])
    rules = Rules(case)
    held = (
        dict(logits_processor=LogitsProcessorList([Prior(rules, case)]))
        if case["prior"]
        else dict(prefix_allowed_tokens_fn=lambda batch, ids: sorted(rules.next(ids.tolist())))
    )
    if case["renormalize"] and not case["prior"]:
        options["renormalize_logits"] = True
    model.generation_config = GenerationConfig()
    original = torch.multinomial
    torch.multinomial = draws.multinomial
    try:
        out = model.generate(
            torch.tensor([[3, 4, 1]]),
            generation_config=GenerationConfig(**options, use_cache=False),
            return_dict_in_generate=True,
            output_scores=True,
            **held,
        )
    finally:
        torch.multinomial = original
    scores = getattr(out, "sequences_scores", None)
    ids = out.sequences[0].tolist()
    end = ids.index(EOS) + 1 if EOS in ids else len(ids)
    return ids[:end], None if scores is None else scores.tolist()[0]


def random_case(r, n):
    vocab = r.choice([9, 12, 20, 40])
    sentences = [[r.randrange(3, vocab) for _ in range(r.randint(1, 6))] for _ in range(r.choice([1, 2, 5, 12, 30]))]
    for _ in range(r.choice([0, 2, 4])):  # some begin as others do, some are alike, some go on where others end
        one = r.choice(sentences)
        sentences.insert(r.randrange(len(sentences)), one[: r.randint(1, len(one))] + [r.randrange(3, vocab)] * r.randint(0, 3))
    options = {}
    beams = r.choice([1, 1, 2, 3, 4, 5])
    if beams > 1:
        options["num_beams"] = beams
        options["length_penalty"] = r.choice([0.0, 0.8, 1.0, 2.0, -0.5])
        if r.random() < 0.5:
            options["early_stopping"] = r.choice([True, False, "never"])
    prior = r.choice([0, 0, 0, 1, 2.5])
    if prior == 0 and r.random() < 0.3:
        options["do_sample"] = True
        options["seed"] = r.randrange(1 << 40)
        if r.random() < 0.5:
            options["temperature"] = r.choice([0.7, 2.0])
        if r.random() < 0.5:
            options["top_k"] = r.choice([0, 3])
    if r.random() < 0.3:
        options["forced_eos_token_id"] = 1
    return dict(
        document=f"document {n}",
        seed=r.randrange(1 << 62),
        vocab=vocab,
        eos_bonus=r.choice([0.0, 1.0, -2.0]),
        sentences=sentences,
        scores=[round(r.random() * 1.3, 3) for _ in sentences],
        order=r.choice(["document", "document", "model"]),
        max_sentences=r.choice([None, None, 1, 3]),
        min_length=r.choice([0, 5, 12, 30]),
        max_length=r.choice([3, 8, 16, 24, 40]),
        renormalize=r.random() < 0.5,
        prior=prior,
        options=options,
    )


def main():
    r = random.Random(7)
    cases = []
    while len(cases) < 300:
        case = random_case(r, len(cases))
        sequence, score = generate(case, None)
        if score is not None and score < -1e8:
            continue
        shaken = [generate(case, s) for s in (1, 2)]
        if any(s[0] != sequence for s in shaken):
            continue
        cases.append({**case, "sequence": sequence, "score": score})
    with open(os.path.join(goldens.HERE, "sentences.json"), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")


if __name__ == "__main__":
    main()
