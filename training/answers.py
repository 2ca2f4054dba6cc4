"""Learning to answer questions by a span of the document, and to say that there is none.

The model reads question, document (or a window of it) and eos, encoder and decoder both, as the job does. Position 0
stands for "no answer". The decoder has one layer, which begins by passing on the encoder's state of its own position, so
that the encoder does the work and a window costs little beyond it.

Questions: CUAD's (41 kinds, in the words of CUAD and in others, contract_questions.json), COVID-QA's, and cloze questions
made from human summaries: a sentence of a summary, with a part left out that the best matching sentence of the document
(the teacher's judgement) has too. A window that does not hold the answer makes a question that has none.
"""
import json
import pickle
import re
from dataclasses import dataclass

import numpy as np
import sentencepiece
import torch
import torch.nn.functional as F
from torch import nn

import corpora
import sentences
from network import EOS, HEADS, POSITIONS, WIDTH, Network, load_starter, shifted
from summaries import OFFSET
from teacher import Teacher

WINDOWS, WINDOW_SHARES = (1024, 2048, POSITIONS), (0.6, 0.25, 0.15)
LONGEST_ANSWER = 200  # tokens
EPOCH = 4000  # questions
DECODER_LAYERS = 1
ALIKE = 0.6  # the least cosine of two sentences that say the same
CLOZE_DOCUMENTS = 80  # of each source
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
    kept = corpora.HOME / "data" / f"answers-{seed}.pkl"
    if not kept.exists():
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
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".part")
        unfinished.write_bytes(pickle.dumps(parts))
        unfinished.replace(kept)
    return pickle.loads(kept.read_bytes())


def pass_on(network, texts):
    """Makes the decoder's one layer hand on the encoder's state of its own position.

    What tells the position is found by least squares in the encoder's output and in what the decoder asks with.
    """
    layer = network.decoder.layers[0]
    with torch.no_grad():
        for linear in (layer.self_attn.out_proj, layer.fc2):
            linear.weight.zero_()
        layer.fc2.bias.zero_()
        layer.encoder_attn_layer_norm.weight.fill_(1)
        layer.encoder_attn_layer_norm.bias.zero_()
        states, asking, where = [], [], []
        for text in texts:
            ids = torch.from_numpy(text.ids[: POSITIONS - 1].astype(np.int64))
            ids = torch.cat([ids, torch.tensor([EOS])])
            encoded = network.encode(ids)
            states.append(encoded)
            asking.append(network.decode(shifted(ids)[None], encoded)[1][0][0])
            where.append(network.decoder.embed_positions.weight[: len(ids), :64])
        # the starter's decoder positions are the sines and cosines it was given
        where = torch.cat(where)
        for linear, found, scale in ((layer.encoder_attn.k_proj, states, 1.0), (layer.encoder_attn.q_proj, asking, 20.0)):
            x = torch.cat(found)
            fitted = torch.linalg.solve(x.T @ x + 1e-2 * len(x) * torch.eye(WIDTH), x.T @ where)
            linear.weight.copy_((scale * fitted.T).repeat(HEADS, 1))
        layer.encoder_attn.v_proj.weight.copy_(torch.eye(WIDTH))
        layer.encoder_attn.out_proj.weight.copy_(torch.eye(WIDTH))


@dataclass
class Example:
    ids: np.ndarray
    question: int  # its tokens
    spans: list  # of tokens of `ids`


class Task:
    name = "answers"
    learning_rate = 4e-4
    accumulate = 4

    def __init__(self, seed, starter):
        self.pieces = sentencepiece.SentencePieceProcessor(model_file=str(starter / "spiece.model"))
        self.parts = prepared(seed, starter)
        texts, asked = self.parts["training"]
        self.contracts = {}
        self.articles = []
        for a in asked:
            if texts[a.text].source == "cuad":
                self.contracts.setdefault(a.text, []).append(a)
            else:
                self.articles.append(a)

    @staticmethod
    def network():
        network = Network(DECODER_LAYERS, answers=True)
        network.tells_answer = nn.Linear(WIDTH, 1)
        return network

    def begin(self, network, starter):
        """The weights before the first step."""
        load_starter(network, starter)
        nn.init.zeros_(network.qa_outputs.weight)
        nn.init.zeros_(network.qa_outputs.bias)
        nn.init.constant_(network.tells_answer.bias, -4.0)
        pass_on(network, self.parts["training"][0][:3] + self.parts["cloze"][0][:3])

    def plan(self, epoch, random):
        """The questions of an epoch: first mostly cloze, then mostly real ones."""
        made = int(EPOCH * max(0.2, 0.6 - 0.2 * epoch))
        cloze_asked = self.parts["cloze"][1]
        chosen = [("cloze", cloze_asked[i]) for i in random.choice(len(cloze_asked), made)]
        articles = (EPOCH - made) // 4
        chosen += [("training", self.articles[i]) for i in random.choice(len(self.articles), articles)]
        contracts = list(self.contracts.values())
        while len(chosen) < EPOCH:
            asked = contracts[random.integers(len(contracts))]
            answerable = [a for a in asked if a.spans]
            rest = [a for a in asked if not a.spans]
            pool = answerable if (random.random() < 0.7 and answerable) or not rest else rest
            chosen.append(("training", pool[random.integers(len(pool))]))
        return [chosen[i] for i in random.permutation(len(chosen))]

    def example(self, item, random):
        part, asked = item
        text = self.parts[part][0][asked.text]
        ways = asked.questions
        way = ways[0] if len(ways) == 1 or random.random() < 0.25 else ways[1 + random.integers(len(ways) - 1)]
        if part == "cloze" and random.random() < 0.5:
            words = way.split()
            way = " ".join(w for w in words if w.lower().strip("?") in ("what", "when", "how", "many") or random.random() > 0.25) or way
        question = [t + OFFSET for t in self.pieces.encode(way)]
        room = int(random.choice(WINDOWS, p=WINDOW_SHARES)) - len(question) - 1
        last_start = max(0, len(text.ids) - room)
        if asked.spans and random.random() < 0.85:
            first, last = asked.spans[random.integers(len(asked.spans))]
            low, high = max(0, min(last - room + 1, last_start)), min(first, last_start)
            start = int(random.integers(low, high + 1)) if high >= low else min(first, last_start)
        else:
            start = int(random.integers(last_start + 1))
        return build(question, text, asked.spans, start, room)

    def loss(self, network, item, random):
        example = self.example(item, random)
        ids = torch.from_numpy(example.ids.astype(np.int64))
        states = network.encode(ids)
        logits = network.qa_outputs(network.read_again(ids, states))
        scores = F.log_softmax(restricted(logits, example.question), 0)
        firsts, lasts = zip(*(example.spans or [(0, 0)]))
        start, end = (-torch.logsumexp(scores[list(set(places)), i], 0) for i, places in enumerate((firsts, lasts)))
        inside = torch.zeros(len(ids))
        for first, last in example.spans:
            inside[first : last + 1] = 1
        told = network.tells_answer(states)[example.question :, 0]
        tells = F.binary_cross_entropy_with_logits(told, inside[example.question :], pos_weight=torch.tensor(5.0))
        measures = {"start": float(start.detach()), "end": float(end.detach()), "tells": float(tells.detach())}
        key = "answerable" if example.spans else "unanswerable"
        measures[key] = float((start + end).detach()) / 2
        return (start + end) / 2 + tells, measures

    def validate(self, network):
        texts, asked = self.parts["validation"]
        order = np.random.default_rng(0).permutation(len(asked))
        found = []
        kinds = {True: 0, False: 0}
        for i in order:
            answerable = bool(asked[i].spans)
            if kinds[answerable] >= 20:
                continue
            kinds[answerable] += 1
            found.append(self.loss(network, ("validation", asked[i]), np.random.default_rng(int(i)))[1])
        return {k: float(np.mean([m[k] for m in found if k in m])) for k in ("start", "end", "tells", "answerable", "unanswerable")}


def build(question, text, spans, start, room):
    """What the model reads: question, a window of the text and eos."""
    document = text.ids[start : start + room]
    inside = [(a, b) for a, b in spans if a >= start and b < start + len(document) and b - a < LONGEST_ANSWER]
    shift = len(question) - start
    ids = np.concatenate([np.array(question, dtype=np.uint16), document, [EOS]])
    return Example(ids, len(question), [(a + shift, b + shift) for a, b in inside])


def restricted(logits, question):
    """Only position 0 and the document may hold an answer: the question and the eos get nothing."""
    hidden = torch.zeros(len(logits), 1)
    hidden[1:question] = -1e9
    hidden[-1] = -1e9
    return logits + hidden
