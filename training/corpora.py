"""The texts, and which of them a model may learn from.

Every corpus is read from one folder (LONGWING_DATA: *.jsonl.gz, *.json.gz and demo/), and the articles of eLife, where
they were read (jats.py), from beside the checkpoints. A document is left out of training
where it is one of the demo documents, where it belongs to a chapter that the demo's test split draws from, where it is a
held-out contract (held_out_contracts.txt) or a contract of the same company, where it is of the source kept out, or where
it is validation data. `assert_apart` checks the result once more, by the words themselves.
"""
import gzip
import hashlib
import json
import os
import pickle
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
DATA = Path(os.environ.get("LONGWING_DATA", "data"))
HOME = Path(os.environ.get("LONGWING_TRAINING", Path.home() / "longwing-training"))
KEPT_OUT_SOURCE = "rust-rfc"  # design proposals of Rust: no model learns to summarise from them
SHINGLE = 12  # words; a document that shares many of these runs of words with a demo document is a copy of it
VALIDATION = {"openstax": 24, "fedreg": 30, "plos": 10, "pep": 30, "eip": 30, "kep": 20, "covidqa": 6, "elife": 20, KEPT_OUT_SOURCE: 60}


@dataclass(frozen=True)
class Document:
    id: str
    source: str  # openstax, fedreg, plos, elife, pep, eip, kep, rust-rfc, covidqa
    text: str
    summary: str
    label: str = ""
    chapter: str = ""


@dataclass(frozen=True)
class Question:
    id: str
    text: str
    answers: tuple  # of (text, begin), begin in code points of the context; empty: unanswerable


@dataclass(frozen=True)
class Context:
    id: str
    source: str  # cuad, covidqa
    text: str
    questions: tuple


def json_lines(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def order(seed, name):
    """A place in a random order that depends on the seed and the name alone."""
    return hashlib.sha256(f"{seed}/{name}".encode()).hexdigest()


@cache
def demo():
    return {name: json_lines(DATA / "demo" / f"{name}.jsonl") for name in ("summarization", "qa", "classification")}


@cache
def held_out_contracts():
    return frozenset((HERE / "held_out_contracts.txt").read_text(encoding="utf-8").splitlines())


def company(contract):
    return re.sub(r"[^a-z]", "", re.split(r"[_\-]", contract)[0].lower())


@cache
def documents():
    """All documents with a text, whoever may use them."""
    found = {}
    for name in ("openstax", "fedreg", "plos", "techspecs"):
        for row in json_lines(DATA / f"{name}.jsonl.gz"):
            if len(row["text"] or "") <= 1500:
                continue
            source = row["kind"] if name == "techspecs" else name
            chapter = f"{row['book']}/{row['chapter']}" if name == "openstax" else ""
            label = row["label"] if name == "openstax" else ""
            found.setdefault(row["id"], Document(row["id"], source, row["text"], (row["summary"] or "").strip(), label, chapter))
    articles = HOME / "data" / "elife.jsonl.gz"
    for row in json_lines(articles) if articles.exists() else []:
        found[row["id"]] = Document(row["id"], "elife", row["text"], row["summary"])
    for context in contexts("covidqa"):
        body = re.search(r"\n\s*Abstract: (?P<summary>.{300,3000}?)\n\s*Text: (?P<text>.+)", context.text, re.S)
        if body:
            found[context.id] = Document(context.id, "covidqa", body["text"], body["summary"].strip())
    return list(found.values())


@cache
def contexts(source):
    """The contracts of CUAD or the articles of COVID-QA, with their questions."""
    file = {"cuad": "cuad_squad_train.json.gz", "covidqa": "covidqa_squad.json.gz"}[source]
    with gzip.open(DATA / file, "rt", encoding="utf-8") as stream:
        articles = json.load(stream)["data"]
    found = []
    for article in articles:
        for paragraph in article["paragraphs"]:
            questions = tuple(
                Question(
                    str(q["id"]),
                    q["question"],
                    () if q["is_impossible"] else tuple((a["text"], a["answer_start"]) for a in q["answers"]),
                )
                for q in paragraph["qas"]
            )
            found.append(Context(article["title"], source, paragraph["context"], questions))
    return found


def kept(name, make):
    """What `make` gives, made once and kept beside the checkpoints."""
    file = HOME / "data" / f"{name}.pkl"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".part")
        unfinished.write_bytes(pickle.dumps(make()))
        unfinished.replace(file)
    return pickle.loads(file.read_bytes())


def words(text):
    return re.findall(r"\w+", text.lower())


def shingles(text):
    found = words(text)
    return {hash(tuple(found[i : i + SHINGLE])) for i in range(0, len(found) - SHINGLE + 1)}


@cache
def demo_shingles():
    """(shingle to the demo documents that have it, the number of shingles of each demo document)"""
    rows = demo()
    texts = {row["id"]: row["text"] for row in rows["summarization"] + rows["classification"]}
    texts |= {row["doc_id"]: row["text"] for row in rows["qa"]}
    owners, sizes = defaultdict(list), {}
    for name, text in texts.items():
        found = shingles(text)
        sizes[name] = len(found)
        for shingle in found:
            owners[shingle].append(name)
    return owners, sizes


@cache
def copies_demo(text):
    """A demo document of which this text holds at least a fifth, or which holds a fifth of this text; or None."""
    owners, sizes = demo_shingles()
    own = shingles(text)
    shared = Counter(name for shingle in own for name in owners.get(shingle, ()))
    return next((name for name, n in shared.most_common() if n > 0.2 * min(sizes[name], len(own))), None)


@cache
def demo_ids():
    rows = demo()
    ids = {row["id"] for name in ("summarization", "classification") for row in rows[name]} | {row["doc_id"] for row in rows["qa"]}
    return frozenset(ids | {re.sub(r"^erc-", "eip-", i) for i in ids} | {re.sub(r"^eip-", "erc-", i) for i in ids})


@cache
def demo_chapters():
    """The chapters of the demo's unseen documents: the test split, and the modules with a summary."""
    ids = {row["id"] for row in demo()["classification"] if row["split"] == "test"}
    ids |= {row["id"] for row in demo()["summarization"]}
    return frozenset(d.chapter for d in documents() if d.chapter and d.id in ids)


def may_be_used(document):
    return document.id not in demo_ids() and document.chapter not in demo_chapters() and not copies_demo(document.text)


def split_documents(seed):
    """(documents to learn from, documents for validation), in an order that depends on the seed alone."""
    usable = sorted((d for d in documents() if may_be_used(d)), key=lambda d: order(seed, d.id))
    by_source = defaultdict(list)
    for d in usable:
        if d.summary:
            by_source[d.source].append(d)
    validation = [d for source, n in VALIDATION.items() for d in by_source[source][:n]]
    apart = {d.id for d in validation}
    training = [d for d in usable if d.id not in apart and d.source != KEPT_OUT_SOURCE]
    assert_apart(training, validation)
    return training, validation


def split_contexts(seed, contracts=16, articles=8):
    """(contexts to learn from, contexts for validation) of both question sets."""
    held = held_out_contracts()
    closed = {company(title) for title in held | demo_ids()}
    free = [c for c in contexts("cuad") if c.id not in held and company(c.id) not in closed]
    free.sort(key=lambda c: order(seed, c.id))
    covid = [c for c in contexts("covidqa") if c.id not in demo_ids() and not copies_demo(c.text)]
    covid.sort(key=lambda c: order(seed, c.id))
    validation = free[:contracts] + covid[:articles]
    companies = {company(c.id) for c in free[:contracts]}
    training = [c for c in free[contracts:] if company(c.id) not in companies] + covid[articles:]
    training.sort(key=lambda c: order(seed, c.id))
    assert_apart(training, validation)
    return training, validation


def assert_apart(training, validation):
    """No demo document, held-out contract, closed chapter or validation document is learned from."""
    ids = {d.id for d in training}
    assert not ids & demo_ids(), sorted(ids & demo_ids())
    assert not ids & held_out_contracts(), sorted(ids & held_out_contracts())
    assert not ids & {d.id for d in validation}
    for d in training:
        assert getattr(d, "chapter", "") not in demo_chapters(), d.id
        assert d.source != KEPT_OUT_SOURCE, d.id
        found = copies_demo(d.text)
        assert found is None or d.source == "cuad", (d.id, found)  # contracts share boilerplate
