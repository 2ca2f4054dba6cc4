"""Learning to answer questions by a span of the document, and to say that there is none.

The model (reader.py) reads question, document (or a window of it) and eos, encoder and decoder both, as the job does.
Position 0 stands for "no answer".

Questions: CUAD's (41 kinds, in the words of CUAD and in others, contract_questions.json), COVID-QA's, and cloze questions
made from human summaries: a sentence of a summary, with a part left out that the best matching sentence of the document
(the teacher's judgement) has too. A window that does not hold the answer makes a question that has none.
"""
import json
import re
from dataclasses import dataclass

import numpy as np
import sentencepiece
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

import corpora
import sentences
from extracts import OFFSET
from network import mean_measures, on_device
from reader import BLOCK, EOS, POSITIONS, QUESTION_END, WIDTH, Reader, first_embeddings
from teacher import Teacher

STRETCH = 1024  # tokens of a window that are learned from at once
ASKED_AT_ONCE = 8  # questions about a window
LONGEST_ANSWER = 300  # tokens
ALIKE = 0.6  # the least cosine of two sentences that say the same
CLOZE_DOCUMENTS = 80  # of each source
SHORT_TEXTS, SHORTEST, LONGEST_SHORT = 8, 10, 560  # in a step; tokens of one, question and eos left out
SHARES = {"many": 45, "contracts": 35, "articles": 10, "cloze": 10}  # of a hundred steps; "short" with --shares
STOP = set(
    "the a an of to in and or for is are was were be been by on at as with that this these those it its from we our their has have had not can may will which who what when where how".split()
)


@dataclass
class Text:
    id: str
    source: str
    ids: np.ndarray  # without eos
    begins: np.ndarray  # of each token in the text, code points, leading white space left out
    ends: np.ndarray


@dataclass
class Asked:
    text: int  # its place among the texts
    questions: list  # ways to ask it, the first one its own
    spans: list  # of tokens, (first, last); empty: no answer
    answers: list  # as text
    kind: str  # category of a contract's question, covidqa, cloze


def tokenize(pieces, identity, source, text):
    found = pieces.encode(text, return_type="proto").pieces
    place = np.zeros(len(text.encode()) + 1, dtype=np.int64)  # code point of each byte
    place[np.cumsum([0] + [len(c.encode()) for c in text[:-1]])] = 1 if text else 0
    place = np.cumsum(place) - 1
    place[-1] = len(text)
    begins = np.array([place[p.begin] for p in found], dtype=np.int64)
    ends = np.array([place[p.end] for p in found], dtype=np.int64)
    for i, (b, e) in enumerate(zip(begins, ends)):
        while b < e and text[b].isspace():
            b += 1
        begins[i] = b
    return Text(identity, source, np.array([p.id + OFFSET for p in found], dtype=np.uint16), begins, ends)


def span(text, begin, end):
    """The tokens that hold these code points."""
    first = int(np.searchsorted(text.ends, begin, side="right"))
    last = int(np.searchsorted(text.begins, end, side="left")) - 1
    return (first, last) if first <= last else None


def ways_to_ask(context, question):
    if context.source != "cuad":
        return [question.text]
    kind = question.id.rsplit("__", 1)[-1]
    details = question.text.split("Details:", 1)[-1].strip()
    return [question.text, details, kind, *CONTRACT_QUESTIONS[kind]]


CONTRACT_QUESTIONS = json.loads((corpora.HERE / "contract_questions.json").read_text(encoding="utf-8"))
KINDS = list(CONTRACT_QUESTIONS)


def real(contexts, pieces):
    """Texts and questions of CUAD and COVID-QA."""
    texts, asked = [], []
    for context in contexts:
        text = tokenize(pieces, context.id, context.source, context.text)
        for question in context.questions:
            spans = [s for t, b in question.answers if (s := span(text, b, b + len(t)))]
            kind = question.id.rsplit("__", 1)[-1] if context.source == "cuad" else context.source
            asked.append(Asked(len(texts), ways_to_ask(context, question), spans, [t for t, _ in question.answers], kind))
        texts.append(text)
    return texts, asked


def shared_parts(question, sentence):
    """Runs of up to five words that both have and that may be asked for, the longest first."""
    words = question.split()
    found = []
    for size in range(5, 0, -1):
        for i in range(len(words) - size + 1):
            part = " ".join(words[i : i + size]).strip(",.;:()\"'“”")
            own = part.lower().split()
            if not own or own[0] in STOP or own[-1] in STOP or len(part) < 3:
                continue
            telling = re.search(r"\d", part) or part[0].isupper() and i > 0 or size > 1
            if telling and re.search(rf"\b{re.escape(part)}\b", sentence) and not any(part in longer for longer in found):
                found.append(part)
    return found


def without(question, part):
    """The question's sentence with a question word in the place of the part."""
    word = "how many" if re.fullmatch(r"[\d.,%]+", part) else "when" if re.fullmatch(r"(\w+ )?(\d+, )?[12]\d{3}", part) else "what"
    return re.sub(rf"\b{re.escape(part)}\b", word, question, count=1).rstrip(".") + "?"


def cloze(documents, pieces, teacher, random):
    """Texts and questions made from human summaries."""
    texts, asked = [], []
    for document in documents:
        lines = [s for s in sentences.split(document.text) if s]
        body = "\n".join(lines)[:60_000]
        summary = [s for s in sentences.split(document.summary) if 6 <= len(s.split()) <= 45][:4]
        candidates = [s for s in lines if sentences.may_stand(s)]
        if not summary or len(candidates) < 5:
            continue
        text, found, pairs = None, [], []
        counted = [set(sentences.rouge_words(s)) - STOP for s in candidates]
        for question in summary:
            own = set(sentences.rouge_words(question)) - STOP
            overlap = np.array([2 * len(own & c) / (len(own) + len(c) + 1) for c in counted])
            near = [candidates[i] for i in np.argsort(-overlap, kind="stable")[:3]]
            pairs.append((question, near))
        if not pairs:
            continue
        vectors = iter(teacher.vectors([s for question, near in pairs for s in (question, *near)]).split([1 + len(near) for _, near in pairs]))
        for (question, near), those in zip(pairs, vectors):
            alike = (those[1:] @ those[0]).tolist()
            sentence = near[int(np.argmax(alike))]
            if max(alike) < ALIKE or sentence not in body or sentence == question:
                continue
            begin = body.index(sentence)
            text = text or tokenize(pieces, document.id, document.source, body)
            parts = shared_parts(question, sentence)
            for part in parts[:2]:
                at = begin + re.search(rf"\b{re.escape(part)}\b", sentence).start()
                if place := span(text, at, at + len(part)):
                    found.append(Asked(len(texts), [without(question, part)], [place], [part], "cloze"))
            if place := span(text, begin, begin + len(sentence)):
                found.append(Asked(len(texts), [question], [place], [sentence], "cloze"))
        if found:
            texts.append(text)
            asked.extend(found)
    return texts, asked


def prepared(seed, starter):
    """{"training": (texts, asked), "validation": ..., "cloze": ...}, made once and kept beside the checkpoints."""

    def make():
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(starter / "spiece.model"))
        training, validation = corpora.split_contexts(seed)
        documents = corpora.split_documents(seed)[0]
        apart = {c.id for c in validation}
        usable = [d for d in documents if d.summary and d.id not in apart]
        documents = [d for source in sorted({d.source for d in usable}) for d in [u for u in usable if u.source == source][:CLOZE_DOCUMENTS]]
        parts = {
            "training": real(training, pieces),
            "validation": real(validation, pieces),
            "cloze": cloze(documents, pieces, Teacher(), np.random.default_rng(seed)),
        }
        return parts

    return corpora.kept(f"answers-{seed}", make)


@dataclass
class Stretch:
    """A part of a window: the question and the document's tokens after it (the first block), a run of blocks, and the last
    block. In the window that these are of, the tokens of the inner blocks compute just the same."""

    ids: np.ndarray  # [STRETCH]
    positions: np.ndarray
    tokens: np.ndarray  # of the document; -1 for the question and the eos
    first: int  # the window's first token of the document


def stretch(question, text, focus, random):
    """focus: a span that should be in it, or None; "begin" for the beginning of the document."""
    n, length = len(question), len(text.ids)
    latest = length - (STRETCH - n - 1)
    if focus == "begin" or random.random() < 0.3:
        first = 0
    elif focus is None:
        first = int(random.integers(latest + 1))
    else:
        low = max(0, focus[1] - (POSITIONS - n - 200))
        first = int(random.integers(min(low, latest, focus[0]), min(focus[0], latest) + 1))
    blocks = min(POSITIONS // BLOCK, (n + length - first + 1) // BLOCK)
    window = np.concatenate([question, text.ids[first : first + blocks * BLOCK - n - 1], [EOS]]).astype(np.int64)
    inner = STRETCH // BLOCK - 2
    last_begin = blocks - 1 - inner
    if focus == "begin":
        begin = 1
    elif focus is None or focus[0] < first:
        begin = int(random.integers(1, last_begin + 1))
    else:
        low, high = (focus[1] - first + n) // BLOCK - inner + 1, (focus[0] - first + n) // BLOCK
        low, high = (min(max(1, b), last_begin) for b in (low, high))
        begin = int(random.integers(low, high + 1)) if high >= low else high
    places = np.concatenate([np.arange(BLOCK), np.arange(begin * BLOCK, (begin + inner) * BLOCK), np.arange((blocks - 1) * BLOCK, blocks * BLOCK)])
    tokens = np.where((places >= n) & (places < blocks * BLOCK - 1), places - n + first, -1)
    return Stretch(window[places], places, tokens, first)


def targets(part, spans):
    """Where the spans stand in a stretch: (their places, whether one is there in part only)."""
    shown = np.flatnonzero(part.tokens >= 0)
    tokens = part.tokens[shown]
    found, cut = [], False
    for a, b in spans:
        i, j = (int(np.searchsorted(tokens, t)) for t in (a, b))
        has_a, has_b = i < len(tokens) and tokens[i] == a, j < len(tokens) and tokens[j] == b
        if has_a and has_b and b - a < LONGEST_ANSWER:
            found.append((int(shown[i]), int(shown[j])))
        elif has_a or has_b or j > i:
            cut = True
    return found, cut and not found


def span_loss(logits, none, allowed, golds):
    """The cross entropy of first and last tokens, [R]. logits: [R, S, 2]; none: [R, 2] or 0, the logits of no answer;
    allowed: [R, S]; golds: [n, 3], a row and a span of it, whose tokens are both -1 where the row has none."""
    rows = torch.cat([none.expand(len(logits), 2)[:, None], logits.masked_fill(~allowed[..., None], -1e9)], 1)
    scores = rows - torch.logsumexp(rows, 1, keepdim=True)
    right = torch.full(rows.shape, -1e9)
    row, first, last = golds.T
    right[row, first + 1, 0] = 0
    right[row, last + 1, 1] = 0
    return -torch.logsumexp(scores + right, 1).mean(1)


def gold_rows(golds):
    """What `span_loss` takes, of a list of spans for each row."""
    return np.array([(i, a, b) for i, spans in enumerate(golds) for a, b in spans or [(-1, -1)]])


def unknown(made, random):
    """Some of the document's tokens unknown, in every second stretch, so that no text is learned by heart."""
    if random.random() < 0.5:
        made.ids = np.where((made.tokens >= 0) & (random.random(len(made.ids)) < 0.08), OFFSET + 2, made.ids)
    return made


def stacked(stretches):
    return {name: np.stack([getattr(s, name) for s in stretches]) for name in ("ids", "positions", "tokens")}


class Task:
    name = "answers"
    learning_rate = 1.2e-3
    batch = 2  # windows
    mixed = False  # places are told by angles that half precision does not hold
    shares = SHARES

    def __init__(self, seed, starter):
        self.seed = seed
        self.pieces = sentencepiece.SentencePieceProcessor(model_file=str(starter / "spiece.model"))
        self.parts = prepared(seed, starter)
        self.ends = {i + OFFSET for i in range(len(self.pieces)) if self.pieces.id_to_piece(i)[-1] in ".?!;:"}
        self.by_text = {}
        for part, (texts, asked) in self.parts.items():
            for a in asked:
                if len(texts[a.text].ids) > STRETCH + 64:
                    self.by_text.setdefault((part, texts[a.text].source == "cuad"), {}).setdefault(a.text, []).append(a)

    @staticmethod
    def network():
        return Reader(len(KINDS))

    def begin(self, network, starter):
        """The weights before the first step."""
        learned = load_file(starter / "model.safetensors")
        shared = next(v for k, v in learned.items() if k.endswith("shared.weight")).float()
        network.begin(first_embeddings(self.pieces, OFFSET, Teacher(), shared, self.seed))
        with torch.no_grad():
            for piece in ("?", "▁?"):
                network.shared.weight[self.pieces.piece_to_id(piece) + OFFSET, QUESTION_END] = 3 / WIDTH**0.5

    def plan(self, epoch, random):
        """So many steps: of many questions about contracts, of one question each about contracts, articles, summaries, and
        of short texts."""
        kinds = [kind for kind, share in self.shares.items() for _ in range(share)]
        return [kinds[i] for i in random.permutation(len(kinds))]

    def encoded(self, way, random):
        """A question's tokens, now and then written carelessly."""
        if random.random() < 0.1:
            way = way.lower()
        if random.random() < 0.1:
            way = way.rstrip("?")
        return np.array(self.pieces.encode(way)[:48], dtype=np.int64) + OFFSET

    def way(self, asked, random):
        ways = asked.questions
        return ways[0] if len(ways) == 1 or random.random() < 0.12 else ways[1 + random.integers(len(ways) - 1)]

    def draw(self, table, random):
        return table[list(table)[random.integers(len(table))]]

    def prepare(self, item, random):
        own = {"many": self.prepare_many, "short": self.prepare_short}
        return own[item](random, "training") if item in own else self.prepare_one(item, random)

    def loss(self, network, batch):
        kind = batch["kind"]
        if kind == "short":
            return self.short(network, [{k: on_device(v) for k, v in text.items()} for text in batch["texts"]])
        batch = {k: on_device(v) for k, v in batch.items() if k != "kind"}
        return self.many(network, batch) if kind == "many" else self.one(network, batch, kind)

    def prepare_many(self, random, part):
        """Several windows of contracts, in each one question that is read and others whose vectors are put in its place."""
        texts = self.parts[part][0]
        stretches, blocks, golds, kind_golds, kinds, ignored = [], [], [], [], [], []
        while len(stretches) < self.batch:
            asked = self.draw(self.by_text[part, True], random)
            text = texts[asked[0].text]
            answered = [a for a in asked if a.spans and min(b - a0 for a0, b in a.spans) < LONGEST_ANSWER]
            luck = random.random()
            focus = "begin" if luck < 0.2 else None
            if luck > 0.32 and answered:
                spans = answered[random.integers(len(answered))].spans
                focus = spans[random.integers(len(spans))]
            read = self.encoded(self.way(asked[random.integers(len(asked))], random), random)
            made = stretch(read, text, focus, random)
            all_found = [targets(made, a.spans) for a in asked]
            present = [i for i, (found, cut) in enumerate(all_found) if found]
            absent = [i for i, (found, cut) in enumerate(all_found) if not found and not cut]
            present = [present[i] for i in random.permutation(len(present))[: ASKED_AT_ONCE - 3]]
            chosen = present + [absent[i] for i in random.permutation(len(absent))[: ASKED_AT_ONCE - len(present)]]
            for i in chosen:
                way = self.encoded(self.way(asked[i], random), random)
                blocks.append(np.concatenate([way, text.ids[made.first : made.first + BLOCK - len(way)]]))
                golds.append(all_found[i][0])
                kinds.append(KINDS.index(asked[i].kind))
            by_kind = {KINDS.index(a.kind): f for a, f in zip(asked, all_found)}
            for k in range(len(KINDS)):
                found, cut = by_kind.get(k, ([], True))
                kind_golds.append(found)
                ignored.append(cut)
            stretches.append(unknown(made, random) if part == "training" else made)
        return stacked(stretches) | dict(
            kind="many",
            blocks=np.stack(blocks).astype(np.int64),
            golds=gold_rows(golds),
            has=np.array([bool(g) for g in golds]),
            kinds=np.array(kinds),
            kind_golds=gold_rows(kind_golds),
            kind_has=np.array([bool(g) for g in kind_golds]),
            ignored=np.array(ignored),
        )

    def many(self, network, batch):
        ids, positions, has, kind_has, counted = (batch[k] for k in ("ids", "positions", "has", "kind_has", "ignored"))
        counted, allowed, windows = ~counted, batch["tokens"] >= 0, len(ids)
        x = network.encode(ids, positions, matching=0.0)
        before = network.before(ids, positions)
        vectors = network.asked(batch["blocks"])
        logits = network.ask_many(x, before, vectors.view(windows, -1, 64))
        count = logits.shape[1]
        losses = span_loss(logits.flatten(0, 1), torch.zeros(1, 2), allowed.repeat_interleave(count, 0), batch["golds"])
        told = network.tells_kind(network.encoder.layernorm_embedding(x)).view(windows, STRETCH, len(KINDS), 2).transpose(1, 2).flatten(0, 1)
        told = span_loss(told, torch.zeros(1, 2), allowed.repeat_interleave(len(KINDS), 0), batch["kind_golds"])
        which = F.cross_entropy(network.tells_question(vectors), batch["kinds"])
        told_loss = (told * (kind_has * 1.0 + (~kind_has) * 0.3) * counted).sum() / (windows * 6)
        loss = losses.mean() + 0.5 * told_loss + 0.2 * which
        parts = {"has": (losses, has), "none": (losses, ~has), "kind_has": (told, kind_has), "kind_none": (told, counted & ~kind_has)}
        return loss, masked_means(parts) | {"which": which.detach()}

    def prepare_one(self, item, random, learned="training"):
        """Several windows with one question each, as the exported model reads them."""
        part = "cloze" if item == "cloze" else learned
        texts = self.parts[part][0]
        table = self.by_text[part, item == "contracts"]
        stretches, golds = [], []
        while len(stretches) < self.batch:
            asked = self.draw(table, random)
            answered = [a for a in asked if a.spans]
            if item == "contracts" and random.random() < 0.4 or not answered:
                chosen = asked[random.integers(len(asked))]
            else:
                chosen = answered[random.integers(len(answered))]
            way = self.way(chosen, random)
            spans = chosen.spans
            if item != "contracts" and random.random() < 0.15:  # what another text is asked has no answer here
                other = self.draw(table, random)
                if other[0].text != chosen.text:
                    way, spans = self.way(other[random.integers(len(other))], random), []
            text = texts[chosen.text]
            focus = spans[random.integers(len(spans))] if spans and random.random() < 0.75 else None
            made = stretch(self.encoded(way, random), text, focus, random)
            found, cut = targets(made, spans)
            if not cut:
                stretches.append(unknown(made, random) if learned == "training" else made)
                golds.append(found)
        return stacked(stretches) | dict(kind=item, golds=gold_rows(golds), has=np.array([bool(g) for g in golds]))

    def one(self, network, batch, item):
        ids, positions, has = (batch[k] for k in ("ids", "positions", "has"))
        logits = network.ask(network.encode(ids, positions), network.before(ids, positions))
        losses = span_loss(logits, logits[:, 0], batch["tokens"] >= 0, batch["golds"])
        return losses.mean(), masked_means({f"{item}_has": (losses, has), f"{item}_none": (losses, ~has)})

    def excerpt(self, text, focus, random):
        """Some sentences of a text, (first token, token after the last): around a span, or anywhere."""
        length = len(text.ids)
        borders = np.array([0, *(np.flatnonzero(np.isin(text.ids, list(self.ends))) + 1), length])
        wanted = int(np.exp(random.uniform(np.log(SHORTEST), np.log(LONGEST_SHORT))))
        at = int(random.integers(length)) if focus is None else focus[0]
        begin = borders[np.searchsorted(borders, max(0, at - random.integers(wanted)), side="right") - 1]
        least = begin + wanted if focus is None else max(focus[1] + 1, begin + wanted)
        end = borders[min(len(borders) - 1, np.searchsorted(borders, least))]
        return int(begin), int(min(end, length))

    def prepare_short(self, random, learned):
        """Short texts, each read whole: sentences around an answer, or others of the same text, or what another text is asked."""
        made, sources = [], [("cloze", False)] * (learned == "training") + [(learned, False)] + 3 * [(learned, True)]
        while len(made) < SHORT_TEXTS:
            source = sources[random.integers(len(sources))]
            texts, table = self.parts[source[0]][0], self.by_text[source]
            asked = self.draw(table, random)
            answered = [a for a in asked if a.spans]
            chosen = answered[random.integers(len(answered))] if answered else asked[random.integers(len(asked))]
            text, luck = texts[chosen.text], random.random()
            begin, end = self.excerpt(text, chosen.spans[random.integers(len(chosen.spans))] if answered else None, random)
            if luck < 0.35:  # another question, which the sentences may answer too
                chosen = asked[random.integers(len(asked))]
            elif luck < 0.45 and not source[1]:
                chosen = self.draw(table, random)[0]
            spans = chosen.spans if texts[chosen.text] is text else []
            inside = [(a, b) for a, b in spans if begin <= a and b < end]
            cut = [(a, b) for a, b in spans if a < end and begin <= b]
            if end - begin < SHORTEST or end - begin > LONGEST_SHORT or (cut and not inside):
                continue
            question = self.encoded(self.way(chosen, random), random)
            ids = np.concatenate([question, text.ids[begin:end], [EOS]]).astype(np.int64)
            made.append({"ids": ids[None], "golds": gold_rows([[(a - begin + len(question), b - begin + len(question)) for a, b in inside]]), "question": np.array(len(question))})
        return {"kind": "short", "texts": made}

    def short(self, network, texts):
        losses, has = [], []
        for text in texts:
            ids, question = text["ids"], int(text["question"])
            allowed = torch.zeros(ids.shape, dtype=torch.bool)
            allowed[:, question:-1] = True
            logits = network.ask(network.encode(ids), network.before(ids))
            losses.append(span_loss(logits, logits[:, 0], allowed, text["golds"]))
            has.append(text["golds"][:, 1:].max() >= 0)
        losses, has = torch.cat(losses), torch.stack(has)
        return losses.mean(), masked_means({"short_has": (losses, has), "short_none": (losses, ~has)})

    @staticmethod
    def goodness(found):
        """Of what `validate` found: more is better."""
        return -sum(found[f"{kind}_{which}"] for kind in ("contracts", "short") for which in ("has", "none"))

    def validate(self, network):
        """With the vectors of questions put in, and as the exported model reads."""
        many = [self.loss(network, self.prepare_many(np.random.default_rng([7, i]), "validation"))[1] for i in range(24 // self.batch)]
        one = [self.loss(network, self.prepare_one("contracts", np.random.default_rng([8, i]), "validation"))[1] for i in range(64 // self.batch)]
        short = [self.loss(network, self.prepare_short(np.random.default_rng([9, i]), "validation"))[1] for i in range(16)]
        return mean_measures(many + one + short)


def masked_means(parts):
    """{name: (values, mask)} -> the mean of each where there are some."""
    return {name: values[mask].mean().detach() for name, (values, mask) in parts.items() if mask.any()}
