"""Makes traces.json and distributions.json beside this script: what transformers 5.23.0 generates.

usage: make_goldens.py     (needs transformers 5.23.0, torch, numpy; takes a few minutes)

The model is a function of the tokens before the next one, exact in float32 and written a second time in
FakeModel.java. torch.multinomial is replaced by draws from the documented generator of RandomStream.java, so that
sampling can be compared token for token. Every case runs again with its logits shaken by a few millionths; a case
whose outcome changes hangs on float32 rounding and is dropped.
"""

import hashlib
import json
import os
import random
import struct

import numpy as np
import torch
from transformers import GenerationConfig, GenerationMixin, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput, CausalLMOutput, Seq2SeqLMOutput

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
MASK = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15


def mix64(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def mix64_array(z):
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def logits(seed, vocab, eos_bonus, ids):
    """Half a bigram model, which likes to go round in circles, and half noise that knows the whole prefix."""
    whole = mix64(seed)
    for token in ids:
        whole = mix64(((whole ^ (token + 1)) * GAMMA) & MASK)
    bigram = mix64((seed + (ids[-1] + 1) * GAMMA) & MASK)
    steps = np.arange(1, vocab + 1, dtype=np.uint64) * np.uint64(GAMMA)
    a = (mix64_array(np.uint64(bigram) + steps) >> np.uint64(44)).astype(np.int64) - (1 << 19)
    b = (mix64_array(np.uint64(whole) + steps) >> np.uint64(44)).astype(np.int64) - (1 << 19)
    out = (a * 4 + b) * 2.0**-19
    out[1] += eos_bonus
    return out


class FakeConfig(PretrainedConfig):
    model_type = "fake"


class Encoder(torch.nn.Module):
    main_input_name = "input_ids"

    def forward(self, input_ids=None, **kwargs):
        return BaseModelOutput(last_hidden_state=torch.zeros(*input_ids.shape, 1))


class Fake(PreTrainedModel, GenerationMixin):
    config_class = FakeConfig
    main_input_name = "input_ids"

    def __init__(self, config):
        super().__init__(config)
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.encoder = Encoder()
        self.shake = None

    def get_encoder(self, *args, **kwargs):
        return self.encoder

    def use(self, case, shake):
        self.case = case
        self.shake = None if shake is None else np.random.default_rng(shake)

    def next_logits(self, ids):
        rows = np.stack([logits(self.case["seed"], self.case["vocab"], self.case["eos_bonus"], r) for r in ids.tolist()])
        if self.shake is not None:
            rows = rows + 3e-6 * self.shake.standard_normal(rows.shape)
        return torch.tensor(rows, dtype=torch.float32)[:, None, :]


class FakeDecoder(Fake):
    def forward(self, input_ids=None, **kwargs):
        return CausalLMOutput(logits=self.next_logits(input_ids))


class FakeSeq2Seq(Fake):
    def forward(self, input_ids=None, encoder_outputs=None, decoder_input_ids=None, **kwargs):
        return Seq2SeqLMOutput(logits=self.next_logits(decoder_input_ids))


class Draws:
    """In place of torch.multinomial: the uniform numbers of RandomStream.java."""

    def __init__(self, seed, document):
        digest = hashlib.sha256(struct.pack(">q", seed) + document.encode("utf-8")).digest()
        self.key = struct.unpack(">Q", digest[:8])[0]
        self.step = 0

    def uniform(self, index):
        inner = mix64((self.key + (self.step + 1) * GAMMA) & MASK)
        return ((mix64((inner + (index + 1) * GAMMA) & MASK) >> 12) + 0.5) * 2.0**-52

    def multinomial(self, probabilities, num_samples, **kwargs):
        p = probabilities.double().numpy()
        if np.isnan(p).any():
            raise RuntimeError("every token is banned")  # as torch.multinomial does
        if num_samples == 1:
            drawn = []
            for row in range(p.shape[0]):
                passed = np.cumsum(p[row])
                mark = self.uniform(row) * passed[-1]
                drawn.append([int(np.argmax(passed > mark))])
        else:
            possible = np.nonzero(p[0])[0]
            noise = {int(i): -np.log(-np.log(self.uniform(int(i)))) for i in possible}
            order = sorted(noise, key=lambda i: -(np.log(p[0][i]) + noise[i]))
            rest = [i for i in range(p.shape[1]) if i not in noise]  # to make up the number, in any order
            drawn = [(order + rest)[:num_samples]]
        self.step += 1
        return torch.tensor(drawn)


SPECIAL = dict(pad_token_id=0, eos_token_id=1, bos_token_id=2, decoder_start_token_id=2)


def generate(case, shake):
    model = SEQ2SEQ if case["prompt"] is None else DECODER
    model.use(case, shake)
    options = {**SPECIAL, **case["options"]}
    draws = Draws(options.pop("seed", 0), case["document"])
    model.generation_config = GenerationConfig()
    original = torch.multinomial
    torch.multinomial = draws.multinomial
    try:
        out = model.generate(
            torch.tensor([case["encoder"] if case["prompt"] is None else case["prompt"]]),
            generation_config=GenerationConfig(**options, use_cache=False),
            return_dict_in_generate=True,
            output_scores=True,
        )
    finally:
        torch.multinomial = original
    scores = getattr(out, "sequences_scores", None)
    return out.sequences.tolist(), None if scores is None else scores.tolist()


def random_case(r):
    vocab = r.choice([9, 12, 20, 40])
    free = list(range(3, vocab))
    ids = lambda n: [r.choice(free) for _ in range(n)]
    o = {}
    beams = r.choice([1, 1, 2, 2, 3, 4, 5])
    if beams > 1:
        o["num_beams"] = beams
        if r.random() < 0.6:
            o["length_penalty"] = r.choice([0.0, 0.6, 0.8, 1.0, 2.0, -0.5, -1.0])
        if r.random() < 0.6:
            o["early_stopping"] = r.choice([True, False, "never"])
        if r.random() < 0.5:
            o["num_return_sequences"] = r.randint(1, beams)
    sampling = r.random() < 0.25
    if sampling:
        o["do_sample"] = True
        o["seed"] = r.randrange(-5, 1 << 40)
        if beams == 1 and r.random() < 0.5:
            o["num_return_sequences"] = r.randint(2, 4)
        if r.random() < 0.5:
            o["temperature"] = r.choice([0.5, 0.7, 1.3, 2.0])
        if r.random() < 0.5:
            o["top_k"] = r.choice([0, 3, 5])
        if r.random() < 0.4:
            o["top_p"] = r.choice([0.5, 0.8, 0.95])
        if r.random() < 0.2:
            o["typical_p"] = r.choice([0.4, 0.8])
        if r.random() < 0.1:
            o["min_p"] = 0.05
        if r.random() < 0.1:
            o["top_h"] = 0.6
        if r.random() < 0.1:
            o["epsilon_cutoff"] = 0.02
        if r.random() < 0.1:
            o["eta_cutoff"] = 0.05
    o["max_length" if r.random() < 0.7 else "max_new_tokens"] = r.choice([3, 6, 10, 16, 24, 24])
    x = r.random()
    if x < 0.2:
        o["min_length"] = r.choice([3, 6, 9, 30])
    elif x < 0.4:
        o["min_new_tokens"] = r.choice([1, 4, 8])
    if r.random() < 0.25:
        o["no_repeat_ngram_size"] = r.choice([1, 2, 3, 4])
    if r.random() < 0.12:
        o["encoder_no_repeat_ngram_size"] = r.choice([1, 2, 3])
    if r.random() < 0.2:
        o["repetition_penalty"] = r.choice([0.8, 1.2, 1.7])
    if r.random() < 0.1:
        o["encoder_repetition_penalty"] = r.choice([0.7, 1.5])
    if r.random() < 0.25:
        o["bad_words_ids"] = [ids(r.choice([1, 2, 2, 3])) for _ in range(r.randint(1, 6))]
        if r.random() < 0.3:
            o["bad_words_ids"].append([1])
    if r.random() < 0.08:
        o["sequence_bias"] = [[ids(n), r.choice([-2.5, 1.5, 3.0])] for n in (1, 1, 2, 2, 3)]
    if r.random() < 0.15:
        o["forced_bos_token_id"] = r.choice(free)
    if r.random() < 0.2:
        # two forced tokens tie exactly, and beam search takes them in an order that torch.topk leaves open
        o["forced_eos_token_id"] = [1, 3] if beams == 1 and r.random() < 0.5 else 1
    if r.random() < 0.15:
        o["suppress_tokens"] = ids(2)
    if r.random() < 0.15:
        o["begin_suppress_tokens"] = [1] + ids(1)
    if r.random() < 0.06:
        o["exponential_decay_length_penalty"] = [r.choice([1, 4]), r.choice([1.05, 1.4])]
    if r.random() < 0.08:
        o["renormalize_logits"] = True
    x = r.random()
    if x < 0.25:
        o["eos_token_id"] = [1] + r.sample(free, r.choice([1, 2]))
    elif x < 0.3:
        o["eos_token_id"] = None
    if r.random() < 0.1:
        o["pad_token_id"] = 5
    case = dict(
        document=r.choice(["a", "b", "déjà vu", "document-17"]),
        seed=r.randrange(1 << 62),
        vocab=vocab,
        eos_bonus=r.choice([-2.0, 0.0, 0.0, 1.0, 2.5]),
        encoder=ids(r.randint(1, 12)) + [1],
        prompt=ids(r.randint(1, 7)) if r.random() < 0.2 else None,
    )
    if case["prompt"] is not None and "max_length" in o:
        o["max_length"] += len(case["prompt"])
    case["options"] = o
    return case


def traces():
    r = random.Random(17)
    cases, near_ties, degenerate, refused = [], 0, 0, 0
    while len(cases) < 450:
        case = random_case(r)
        try:
            sequences, scores = generate(case, None)
            shaken = [generate(case, s) for s in (1, 2, 3)]
        except (ValueError, RuntimeError, IndexError) as e:
            refused += 1  # settings that transformers refuses, or that ban every token
            print(json.dumps(case["options"]), e)
            continue
        if scores:  # with fewer possible continuations than beams the last places are ties of -1e9
            clear = sum(s > -1e6 for s in scores)
            sequences, scores = sequences[:clear], scores[:clear]
            shaken = [(s[0][:clear], s[1]) for s in shaken]
        if not sequences:
            degenerate += 1
            continue
        if any(s[0] != sequences for s in shaken):
            near_ties += 1
            continue
        cases.append({**case, "sequences": sequences, "scores": scores})
    print(f"{len(cases)} traces, {near_ties} near ties, {degenerate} degenerate, {refused} refused by transformers")
    with open(os.path.join(HERE, "traces.json"), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")


def processed(options, prompt, encoder, scores):
    config = GenerationConfig(**{**SPECIAL, "max_length": 20, **options})
    config.update(**GenerationConfig._get_default_generation_params(), defaults_only=True)
    SEQ2SEQ._prepare_special_tokens(config, True, device="cpu")
    processors = SEQ2SEQ._get_logits_processor(config, input_ids_seq_length=1, encoder_input_ids=torch.tensor([encoder]), device="cpu")
    return processors(torch.tensor([prompt]), scores)


def distributions():
    r = random.Random(23)
    g = torch.Generator().manual_seed(23)
    cases, dropped = [], 0
    values = dict(
        temperature=[0.3, 0.7, 1.5],
        top_k=[0, 1, 4, 20, 500],
        top_p=[0.1, 0.5, 0.9, 0.99],
        typical_p=[0.1, 0.5, 0.9, 0.99],
        min_p=[0.0, 0.02, 0.3, 1.0],
        top_h=[0.2, 0.5, 0.9, 1.0],
        epsilon_cutoff=[0.001, 0.02, 0.5],
        eta_cutoff=[0.002, 0.1, 0.9],
        repetition_penalty=[1.3],
        no_repeat_ngram_size=[2],
        suppress_tokens=[[7, 8, 9]],
        min_length=[10],
        renormalize_logits=[True],
        num_beams=[3],
        eos_token_id=[[1, 4]],
    )
    picks = [[name] for name in list(values)[:8] for _ in range(4)]
    picks += [r.sample(list(values), r.randint(2, 5)) for _ in range(60)]
    for names in picks:
        options = {"do_sample": True, "top_k": 0, **{n: r.choice(values[n]) for n in names}}
        vocab = r.choice([12, 30, 130])
        prompt = [2] + [r.randrange(3, vocab) for _ in range(6)]
        scores = (torch.randint(-4096, 4096, (1, vocab), generator=g) / 1024.0).float()
        out = processed(options, prompt, [5, 6, 1], scores)
        shaken = [processed(options, prompt, [5, 6, 1], scores + 3e-6 * torch.randn(scores.shape, generator=g)) for _ in range(4)]
        if any((s.isinf() != out.isinf()).any() for s in shaken):
            dropped += 1
            continue
        kept = (~out.isinf())[0].nonzero()[:, 0].tolist()
        cases.append(
            dict(
                options=options,
                ids=prompt,
                scores=[round(float(v) * 1024) for v in scores[0]],
                kept=kept,
                probabilities=[float(f"{v:.8g}") for v in out.softmax(-1)[0][kept]],
            )
        )
    print(f"{len(cases)} distributions, {dropped} dropped for near ties")
    with open(os.path.join(HERE, "distributions.json"), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")


SEQ2SEQ = FakeSeq2Seq(FakeConfig(is_encoder_decoder=True, vocab_size=40))
DECODER = FakeDecoder(FakeConfig(vocab_size=40))
if __name__ == "__main__":
    distributions()
    traces()
