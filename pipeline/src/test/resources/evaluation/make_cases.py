#!/usr/bin/env python3
"""Makes the expected figures of this folder with the field's own packages: make_cases.py TEXTS...

pip install rouge-score==0.1.2 nltk scikit-learn numpy. TEXTS are JSON lines with "text" and "summary", the first of them
examples/summarization.jsonl; what is taken from it keeps the licences of examples/LICENSES.md.
rouge.jsonl     texts as they are, with F1 of rouge1, rouge2, rougeLsum, use_stemmer=True
stems.txt.gz    words of the texts and their stems by nltk's PorterStemmer, a word and its stem on each line
labels.json     accuracy_score, f1_score(average="macro") and brier of scikit-learn, expected calibration error
answers.json    exact match and F1 by the rules of the evaluation of SQuAD 2
"""
import collections
import gzip
import json
import random
import re
import string
import sys
from pathlib import Path

import numpy
from nltk.stem.porter import PorterStemmer
from rouge_score import rouge_scorer
from sklearn.metrics import accuracy_score, f1_score

HERE = Path(__file__).parent
random.seed(11)


def opened(path):
    return gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")


records = [json.loads(line) for path in sys.argv[1:] for line in opened(path)]
scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeLsum"], use_stemmer=True)
cases = []


def add(name, text, reference):
    scores = scorer.score(reference, text)
    cases.append({"name": name, "text": text, "reference": reference, **{k: scores[k].fmeasure for k in scores}})


for name, text, reference in [
    ("empty", "", ""),
    ("empty text", "", "The cat sat."),
    ("empty reference", "The cat sat.", ""),
    ("blank", " \n \n", "The cat sat."),
    ("one word", "cat", "cat"),
    ("case", "THE CAT", "the cat"),
    ("punctuation alone", "... !!! ???", "The cat sat."),
    ("Greek", "Η γάτα κάθισε.", "Η γάτα κάθισε."),
    ("Chinese", "猫坐在垫子上。", "猫坐在垫子上。"),
    ("mixed scripts", "The cat 猫 sat on the mat.", "A cat sat 垫子 on mats."),
    ("accents", "The café was naïve about the résumé.", "The cafe was naive about the resume."),
    ("dotted capital I", "İstanbul and IRAN", "istanbul and iran"),
    ("Kelvin sign", "300 \u212a is warm", "300 K is warm"),
    ("numbers", "In 2024, 3.14 and 1,000 units", "2024 saw 1000 units and 3.14"),
    ("lines", "the cat sat\non the mat\nand slept", "the cat slept\nand sat on the mat"),
    ("lines repeated", "the cat sat\nthe cat sat\nthe cat sat", "the cat sat\na dog ran"),
    ("empty lines", "the cat\n\n\nsat", "\nthe cat sat\n"),
    ("order", "mat the on sat cat the", "the cat sat on the mat"),
    ("irregular stems", "Skies were dying, lying and tying outings in the news.", "The sky was died lied tied outing new"),
    ("short words", "it is as was his", "its is ass was hiss"),
    ("apostrophes", "The company's shareholders don't agree.", "The companys shareholders do not agree"),
]:
    add(name, text, reference)
sentences = lambda text: "\n".join(s.strip() for s in re.split(r"(?<=[.!?]) ", text) if s.strip())
for i, record in enumerate([r for r in records if r.get("summary")][:43]):
    words = record["text"].split()
    add(f"lead of {record['id']}", sentences(" ".join(words[:90])), sentences(record["summary"]))
    if i % 6 == 0:
        start = random.randrange(max(1, len(words) - 400))
        add(f"long part of {record['id']}", sentences(" ".join(words[start : start + 400])), sentences(record["summary"]))
    if i % 6 == 1:
        add(f"one line of {record['id']}", " ".join(words[:60]), " ".join(record["summary"].split()))
with open(HERE / "rouge.jsonl", "w", encoding="utf-8") as out:
    for case in cases:
        out.write(json.dumps(case, ensure_ascii=False) + "\n")

counts = collections.Counter(w for r in records for w in re.findall(r"[a-z0-9]+", r["text"].lower()))
vocabulary = sorted(w for w, n in counts.items() if len(w) <= 30)
limit = 40_000
if len(vocabulary) > limit:
    vocabulary = sorted(random.sample(vocabulary, limit))
letters = "aeiouybcdlnrst"
ends = "ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize eed ed ing ied ies sses s y ll e".split()
vocabulary += sorted({"".join(random.choice(letters) for _ in range(random.randint(0, 6))) + random.choice(ends) for _ in range(8_000)} - set(vocabulary))
stemmer = PorterStemmer()
with gzip.GzipFile(HERE / "stems.txt.gz", "wb", mtime=0) as out:
    for word in vocabulary:
        out.write(f"{word} {stemmer.stem(word)}\n".encode())

labels = []
for kinds, size in ((2, 40), (5, 200), (9, 300), (4, 1)):
    right = [f"label {random.randrange(kinds)}" for _ in range(size)]
    given, probabilities = [], []
    for label in right:
        p = numpy.array([random.random() ** 3 + (1.0 if f"label {k}" == label and random.random() < 0.6 else 0) for k in range(kinds)])
        p /= p.sum()
        probabilities.append({f"label {k}": float(p[k]) for k in range(kinds)})
        given.append(f"label {int(p.argmax())}")
    top = numpy.array([max(p.values()) for p in probabilities])
    correct = numpy.array([float(a == b) for a, b in zip(right, given)])
    edges = numpy.linspace(0, 1, 16)
    error = sum(
        abs(top[inside].mean() - correct[inside].mean()) * inside.mean()
        for low, high in zip(edges[:-1], edges[1:])
        if (inside := (top > low) & (top <= high)).any()
    )
    labels.append(
        {
            "right": right,
            "given": given,
            "probabilities": probabilities,
            "accuracy": accuracy_score(right, given),
            "macro_f1": f1_score(right, given, average="macro", zero_division=0),
            "brier": float(numpy.mean([sum((p[k] - (k == label)) ** 2 for k in p) for p, label in zip(probabilities, right)])),
            "calibration_error": float(error),
        }
    )
(HERE / "labels.json").write_text(json.dumps(labels) + "\n", encoding="utf-8")


def normalized(text):
    text = "".join(c for c in text.lower() if c not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text, flags=re.UNICODE).split())


def f1(right, given):
    a, b = normalized(right).split(), normalized(given).split()
    same = sum((collections.Counter(a) & collections.Counter(b)).values())
    if not a or not b:
        return float(a == b)
    return 2 * same / (len(a) + len(b)) if same else 0.0


answers = []
for given, right in [
    ("the Cat", ["cat"]),
    ("cat", ["dog", "a cat!"]),
    ("the cat sat on a mat", ["cat sat on the mat", "mat"]),
    ("", []),
    ("", ["cat"]),
    ("cat", []),
    ("the", []),
    ("a", ["an"]),
    ("U.S. dollars", ["US dollars"]),
    ("twenty-one", ["twenty one"]),
    ("naïve the café", ["naïve café"]),
    ("the‘quoted’ word", ["quoted word"]),
    ("cat cat dog", ["cat dog dog"]),
    ("猫 坐", ["猫"]),
    ("11\u00a0May 2020", ["11 May 2020"]),
    ("", ["the", ""]),
]:
    kept = [r for r in right if normalized(r)] or [""]
    answers.append(
        {
            "given": given,
            "right": right,
            "exact": max(float(normalized(r) == normalized(given)) for r in kept),
            "f1": max(f1(r, given) for r in kept),
        }
    )
thresholds = []
for size in (10, 200):
    questions = [
        {"margin": round(random.gauss(0, 4), 1), "score": round(random.random(), 2), "answerable": random.random() < 0.6} for _ in range(size)
    ]
    best = sum(not q["answerable"] for q in questions)
    at = None
    for threshold in sorted({q["margin"] for q in questions}):
        total = sum((q["score"] if q["answerable"] else 0.0) if q["margin"] <= threshold else float(not q["answerable"]) for q in questions)
        if total > best + 1e-9:
            best, at = total, threshold
    thresholds.append({"questions": questions, "best": best, "threshold": at})
(HERE / "answers.json").write_text(json.dumps({"answers": answers, "thresholds": thresholds}, ensure_ascii=False) + "\n", encoding="utf-8")
