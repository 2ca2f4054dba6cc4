#!/usr/bin/env python3
"""Measures a stage's averaged weights: training/evaluate.py STAGE [--on validation|kept-out|demo] ...

summaries  ROUGE-1/2/Lsum (F1, stemmed, sentences on lines of their own) of sentences chosen by the model, at each
           --prior, beside Lead, the TF-IDF ranker and the starter
answers    exact match and F1 on answerable questions, and the share of unanswerable ones recognised, at the threshold at
           which --recognised of them are; beside the sentence that shares most words with the question
labels     accuracy
One JSON line for each row of figures.
"""
import argparse
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import sentencepiece
import torch
from rouge_score import rouge_scorer

import corpora
import sentences

STARTER = Path(os.environ.get("LONGWING_STARTER", "starter-model/model"))
SCORER = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeLsum"], use_stemmer=True)


def averaged(network, stage):
    """The network with the stage's averaged weights, and the step they are of."""
    kept = torch.load(corpora.HOME / stage / "checkpoint.pt", weights_only=False)
    network.load_state_dict(kept["average"])
    return network.eval(), kept["step"]


def show(**row):
    print(json.dumps({k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()}), flush=True)


def rouge(reference, lines):
    lines_of = lambda text: "\n".join(s for s in sentences.split(text))
    scores = SCORER.score(lines_of(reference), "\n".join(lines))
    return [100 * scores[k].fmeasure for k in ("rouge1", "rouge2", "rougeLsum")]


def lead(document, count=100):
    return [" ".join(document.text.split()[:count])]


def ranker(document, most=120, enough=90):
    """The ranker over the whole document."""
    candidates = [s for s in dict.fromkeys(sentences.split(document.text)) if s and sentences.may_stand(s)]
    if not candidates:
        return lead(document)
    chosen = sentences.fill(sentences.rank(candidates), [len(s.split()) for s in candidates], most, enough)
    return [candidates[i] for i in chosen]


def interval(scores, random):
    """The 95% bootstrap interval of the mean."""
    means = scores[random.integers(len(scores), size=(2000, len(scores)))].mean(1)
    return [round(float(x), 2) for x in np.percentile(means, [2.5, 97.5])]


@torch.inference_mode()
def evaluate_summaries(options):
    from network import load_starter
    from summaries import Task, prepare
    from writing import Writer

    if options.on == "demo":
        documents = [
            corpora.Document(r["id"], "demo", r["text"], r["summary"]) for r in corpora.demo()["summarization"] if not r["id"].startswith("openstax")
        ]
    else:
        documents = [d for d in corpora.split_documents(options.seed)[1] if (d.source == corpora.KEPT_OUT_SOURCE) == (options.on == "kept-out")]
        documents = documents[:: max(1, len(documents) // options.limit)][: options.limit]
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(STARTER / "spiece.model"))
    network, step = averaged(Task.network(), "summaries")
    starter = Task.network().eval()
    load_starter(starter, STARTER)
    rows = {}
    for document in documents:
        example = prepare(document, pieces)
        rows.setdefault("lead", []).append(lead(document))
        rows.setdefault("ranker", []).append(ranker(document))
        for name, weights, priors in (("model", network, options.prior), ("starter", starter, options.prior if options.starter else [])):
            for prior in priors:
                if example is None:
                    written = lead(document)
                else:
                    writer = Writer(weights, example, prior, options.beams, options.max_length, options.min_length)
                    written = [example.candidates[i] for i in writer.write()]
                rows.setdefault(f"{name} prior {prior:g}", []).append(written)
        if example is not None:
            rows.setdefault("oracle", []).append([example.candidates[i] for i in example.oracle])
        else:
            rows.setdefault("oracle", []).append(lead(document))
        print(document.id, {k: [round(x, 1) for x in rouge(document.summary, v[-1])] for k, v in rows.items()}, file=sys.stderr, flush=True)
    for name, written in rows.items():
        scores = np.array([rouge(d.summary, lines) for d, lines in zip(documents, written)])
        words = float(np.mean([sum(len(s.split()) for s in lines) for lines in written]))
        r1, r2, rl = (round(float(x), 2) for x in scores.mean(0))
        random = np.random.default_rng(0)
        show(on=options.on, method=name, documents=len(documents), step=step, r1=r1, r2=r2, rlsum=rl, words=words, r1_interval=interval(scores[:, 0], random), r2_interval=interval(scores[:, 1], random))
    if options.show:
        for document, lines in list(zip(documents, rows[f"model prior {options.prior[0]:g}"]))[: options.show]:
            print(f"\n{document.id}\n  " + "\n  ".join(lines))


def normalised(text):
    """As SQuAD compares answers."""
    return [w for w in "".join(c if c.isalnum() or c.isspace() else " " for c in text.lower()).split() if w not in ("a", "an", "the")]


def overlap(text, answer):
    from collections import Counter

    a, b = normalised(text), normalised(answer)
    same = sum((Counter(a) & Counter(b)).values())
    return 2 * same / (len(a) + len(b)) if same else 0.0


def best_f1(text, answers):
    return max((overlap(text, a) for a in answers), default=0.0)


def overlap_sentence(question, text):
    asked = set(sentences.rouge_words(question))
    found = [s for s in sentences.split(text) if s]
    return max(found, key=lambda s: 2 * len(asked & set(w := sentences.rouge_words(s))) / (len(asked) + len(set(w)) + 1))


@torch.inference_mode()
def evaluate_answers(options):
    from answers import OFFSET, Task, restricted, tokenize
    from network import EOS, POSITIONS

    task = Task(options.seed, STARTER)
    network, step = averaged(task.network(), "answers")
    if options.on == "demo":
        rows = [(r["text"], r["question"], [a["text"] for a in r["answers"]], r["doc_id"]) for r in corpora.demo()["qa"]]
    else:
        contexts = corpora.split_contexts(options.seed)[1]
        if options.on == "kept-out":
            contexts = [c for c in corpora.contexts("cuad") if c.id in corpora.held_out_contracts()]
        rows = [(c.text, question_text(c, q), [t for t, _ in q.answers], c.id) for c in contexts for q in c.questions]
    order = np.random.default_rng(0).permutation(len(rows))
    with_answer = [rows[i] for i in order if rows[i][2]][: options.limit]
    without = [rows[i] for i in order if not rows[i][2]][: options.limit]
    scores, gaps, texts = [], {True: [], False: []}, {}
    for text, question, answers, identity in with_answer + without:
        read = texts.setdefault(identity, tokenize(task.pieces, identity, "", text))
        asked = [t + OFFSET for t in task.pieces.encode(question)]
        room, best, none = POSITIONS - len(asked) - 1, (-np.inf, 0, 0), np.inf
        for start in range(0, max(1, len(read.ids) - 128), room - 128):
            document = read.ids[start : start + room]
            ids = torch.from_numpy(np.concatenate([asked, document, [EOS]]).astype(np.int64))
            logits = restricted(network.qa_outputs(network.read_again(ids, network.encode(ids))), len(asked))
            none = min(none, float(logits[0].sum()))
            begins, ends = logits[len(asked) : -1, 0], logits[len(asked) : -1, 1]
            for first in begins.topk(min(10, len(begins))).indices.tolist():
                last = first + int(ends[first : first + options.longest].argmax())
                best = max(best, (float(begins[first] + ends[last]), start + first, start + last))
        gaps[bool(answers)].append(best[0] - none)
        if answers:
            found = text[read.begins[best[1]] : read.ends[best[2]]]
            simple = overlap_sentence(question, text)
            scores.append((best_f1(found, answers), float(any(normalised(found) == normalised(a) for a in answers)), best_f1(simple, answers)))
            if len(scores) <= options.show:
                print(f"\n{question}\n  found: {found}\n  wanted: {answers[0]}")
    scores = np.array(scores)
    show(on=options.on, step=step, answerable=len(with_answer), f1=100 * float(scores[:, 0].mean()), exact=100 * float(scores[:, 1].mean()), overlap_sentence_f1=100 * float(scores[:, 2].mean()))
    if without:
        threshold = float(np.quantile(gaps[False], options.recognised))
        kept = np.array(gaps[True]) > threshold
        show(
            on=options.on, step=step, unanswerable=len(without), threshold=threshold, recognised=float((np.array(gaps[False]) <= threshold).mean()),
            f1_at_threshold=100 * float((scores[:, 0] * kept).mean()), answered=float(kept.mean()),
        )


def question_text(context, question):
    """One of the ways to ask a contract's question, the same for every contract."""
    from answers import CONTRACT_QUESTIONS

    return CONTRACT_QUESTIONS[question.id.rsplit("__", 1)[-1]][0] if context.source == "cuad" else question.text


@torch.inference_mode()
def evaluate_labels(options):
    from labels import LABELS, OFFSET, Task

    task = Task(options.seed, STARTER)
    network, step = averaged(task.network(), "labels")
    items = task.validation
    if options.on == "demo":
        rows = [r for r in corpora.demo()["classification"] if r["split"] == "test"]
        items = [(np.array(sentencepiece.SentencePieceProcessor(model_file=str(STARTER / "spiece.model")).encode(r["text"]), dtype=np.uint16) + OFFSET, LABELS.index(r["label"])) for r in rows]
    right = [int(task.logits(network, ids[: options.tokens]).argmax()) == label for ids, label in items]
    show(on=options.on, step=step, documents=len(right), right=sum(right), accuracy=float(np.mean(right)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=["summaries", "answers", "labels"])
    parser.add_argument("--on", choices=["validation", "kept-out", "demo"], default="validation")
    parser.add_argument("--limit", type=int, default=60, help="documents, or questions of either kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print so many outputs")
    parser.add_argument("--prior", type=float, nargs="+", default=[0.0, 2.0, 5.0])
    parser.add_argument("--starter", action="store_true", help="the starter too")
    parser.add_argument("--beams", type=int, default=4)
    parser.add_argument("--max-length", type=int, default=190)
    parser.add_argument("--min-length", type=int, default=130)
    parser.add_argument("--longest", type=int, default=128, help="tokens of an answer")
    parser.add_argument("--recognised", type=float, default=0.8)
    parser.add_argument("--tokens", type=int, default=4095, help="read for a label")
    options = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    {"summaries": evaluate_summaries, "answers": evaluate_answers, "labels": evaluate_labels}[options.stage](options)


if __name__ == "__main__":
    main()
