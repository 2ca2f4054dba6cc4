#!/usr/bin/env python3
"""Measures a stage's averaged weights: training/evaluate.py STAGE [--on validation|kept-out|demo] ...

summaries  ROUGE-1/2/Lsum (F1, stemmed, sentences on lines of their own) of sentences chosen by the model, at each
           --prior, and by what its encoder tells, beside Lead, the TF-IDF ranker and the starter (sharpen alike)
answers    exact match and F1 on answerable questions, and the share of unanswerable ones recognised, at the threshold at
           which --recognised of them are; beside the sentence that shares most words with the question
labels     accuracy
One JSON line for each row of figures.
"""
import argparse
import json
import os
import string
import sys
from collections import Counter
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


def averaged(network, stage, weights):
    """The network with averaged weights of the stage ("checkpoint", "best"), and the step they are of."""
    kept = torch.load(corpora.HOME / stage / f"{weights}.pt", weights_only=False, map_location="cpu")
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


TOLD = ("told", "told and ranker", "oracle")


def told(network, example):
    """Lines by each method of TOLD: the best ones by what the encoder tells, with the ranker's opinion too, and the oracle's."""
    from extracts import standard
    from summaries import tells

    states = network.encode(torch.from_numpy(example.ids.astype(np.int64))[None])
    scores = tells(network, states, torch.tensor([(0, start) for start in example.starts])).mean(1).numpy()
    words = [len(s.split()) for s in example.candidates]
    best = lambda scores: sentences.fill(scores, words, 120, 90)
    chosen = best(scores), best(scores + 0.3 * standard(example.rank)), example.oracle
    return [[example.candidates[i] for i in one] for one in chosen]


@torch.inference_mode()
def evaluate_summaries(options):
    from network import starter_weights, take_over
    from extracts import prepare
    from summaries import Task
    from writing import Writer

    if options.on == "demo":
        documents = [
            corpora.Document(r["id"], "demo", r["text"], r["summary"]) for r in corpora.demo()["summarization"] if not r["id"].startswith("openstax")
        ]
    else:
        documents = [d for d in corpora.split_documents(options.seed)[1] if (d.source == corpora.KEPT_OUT_SOURCE) == (options.on == "kept-out")]
        documents = documents[:: max(1, len(documents) // options.limit)][: options.limit]
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(STARTER / "spiece.model"))
    network, step = averaged(Task.network(), options.stage, options.weights)
    starter = Task.network().eval()
    take_over(starter, starter_weights(STARTER))
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
        for name, written in zip(TOLD, told(network, example) if example else [lead(document)] * len(TOLD)):
            rows.setdefault(name, []).append(written)
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
    return [w for w in "".join(c for c in text.lower() if c not in string.punctuation).split() if w not in ("a", "an", "the")]


def overlap(text, answer):
    a, b = normalised(text), normalised(answer)
    same = sum((Counter(a) & Counter(b)).values())
    return 2 * same / (len(a) + len(b)) if same else 0.0


def best_f1(text, answers):
    return max((overlap(text, a) for a in answers), default=0.0)


def overlap_sentence(question, text):
    asked = set(sentences.rouge_words(question))
    found = [s for s in sentences.split(text) if s]
    return max(found, key=lambda s: 2 * len(asked & set(w := sentences.rouge_words(s))) / (len(asked) + len(set(w)) + 1))


def windows(ids, room, overlap=128):
    """The first tokens of a document's windows."""
    return range(0, max(1, len(ids) - overlap), room - overlap)


def best_span(logits, longest):
    """(score, first, last) of each question. logits: [B, n, 2]"""
    padded = torch.nn.functional.pad(logits[..., 1], (0, longest - 1), value=-1e9)
    ends, lasts = padded.unfold(1, longest, 1).max(2)
    scores, firsts = (logits[..., 0] + ends).max(1)
    return [(float(s), int(f), int(f + lasts[i, f])) for i, (s, f) in enumerate(zip(scores, firsts))]


@torch.inference_mode()
def evaluate_answers(options):
    """One row for each limit of an answer's length. With --exact each question is read with its document, as the exported
    model does; else the states of a window are computed once for all questions of a contract."""
    from answers import OFFSET, Task, tokenize
    from network import EOS, POSITIONS
    from reader import BLOCK

    pieces = sentencepiece.SentencePieceProcessor(model_file=str(STARTER / "spiece.model"))
    network, step = averaged(Task.network(), "answers", options.weights)
    if options.on == "demo":
        rows = corpora.demo()["qa"]
        texts = dict.fromkeys(r["text"] for r in rows)
        documents = [(text, [(r["question"], [a["text"] for a in r["answers"]], r["doc_id"]) for r in rows if r["text"] == text]) for text in texts]
    else:
        contexts = corpora.split_contexts(options.seed)[1]
        if options.on == "kept-out":
            contexts = [c for c in corpora.contexts("cuad") if c.id in corpora.held_out_contracts()]
        if not options.articles:
            contexts = [c for c in contexts if c.source == "cuad"]
        documents = [(c.text, [(question_text(c, q), [t for t, _ in q.answers], q.id.rsplit("__", 1)[-1]) for q in c.questions]) for c in contexts[: options.limit]]
    random = np.random.default_rng(0)
    scores = {longest: [] for longest in options.longest}
    for text, questions in documents:
        read = tokenize(pieces, "", "", text)
        if options.exact:
            questions = [questions[i] for i in sorted(random.permutation(len(questions))[: options.exact])]
        encoded = [np.array(pieces.encode(q)) + OFFSET for q, _, _ in questions]
        found = {longest: [(-np.inf, 0, 0, np.inf)] * len(questions) for longest in options.longest}
        for group in [[i] for i in range(len(questions))] if options.exact else [range(len(questions))]:
            asked = encoded[group[0]]
            room = POSITIONS - len(asked) - 1
            for start in windows(read.ids, room):
                document = read.ids[start : start + room]
                ids = torch.from_numpy(np.concatenate([asked, document, [EOS]]).astype(np.int64))[None]
                x, before = network.encode(ids, matching=1.0 if options.exact else 0.0), network.before(ids)
                if options.exact:
                    logits = network.ask(x, before)
                    none = float(logits[0, 0].sum())
                    logits = logits[:, len(asked) : -1]
                else:
                    blocks = [np.concatenate([encoded[i], read.ids[start : start + BLOCK]])[:BLOCK] for i in group]
                    blocks = [np.pad(b, (0, BLOCK - len(b)), constant_values=EOS) for b in blocks]
                    vectors = network.asked(torch.from_numpy(np.stack(blocks).astype(np.int64)))
                    logits, none = network.ask_many(x, before, vectors[None])[0, :, len(asked) : -1], 0.0
                for longest in options.longest:
                    for i, (score, first, last) in zip(group, best_span(logits, longest)):
                        known = found[longest][i]
                        place = (score, start + first, start + last) if score > known[0] else known[:3]
                        found[longest][i] = (*place, min(known[3], none))
        for longest in options.longest:
            for (question, answers, kind), (score, first, last, none) in zip(questions, found[longest]):
                given = text[read.begins[first] : read.ends[last]]
                f1 = best_f1(given, answers)
                scores[longest].append((bool(answers), score - none, f1, any(normalised(given) == normalised(a) for a in answers), best_f1(overlap_sentence(question, text), answers) if answers and longest == options.longest[0] else 0.0, kind))
                if options.show and longest == options.longest[-1]:
                    print(f"{score - none:7.2f} {f1:.2f} {question}\n    found: {given[:300]!r}\n    wanted: {[a[:200] for a in answers[:3]]}")
    for longest, rows in scores.items():
        has, gap, f1, exact, simple = (np.array([r[i] for r in rows], dtype=float) for i in range(5))
        yes = has > 0
        figures = dict(on=options.on, step=step, documents=len(documents), longest=longest, answerable=int(yes.sum()), f1=100 * f1[yes].mean(), exact=100 * exact[yes].mean())
        if longest == options.longest[0]:
            figures["overlap_sentence_f1"] = 100 * simple[yes].mean()
        if not yes.all():
            threshold = float(np.quantile(gap[~yes], options.recognised, method="higher"))
            kept = gap > threshold
            figures |= dict(unanswerable=int((~yes).sum()), threshold=-threshold, recognised=float((~kept)[~yes].mean()), f1_at_threshold=100 * float((f1 * kept)[yes].mean()), answered=float(kept[yes].mean()))
        show(**{k: float(v) if isinstance(v, np.floating) else v for k, v in figures.items()})
        if longest == options.longest[-1] and options.kinds:
            for kind in dict.fromkeys(r[5] for r in rows):
                those = [r for r in rows if r[5] == kind]
                own = [r[2] for r in those if r[0]]
                at = [r[2] * (r[1] > threshold) for r in those if r[0]]
                print(f"{kind[:34]:36}{len(own):4} of {len(those):3}  F1 {100 * np.mean(own or [0]):5.1f}  at threshold {100 * np.mean(at or [0]):5.1f}  given without answer {sum(r[1] > threshold for r in those if not r[0])}")


def question_text(context, question):
    """One of the ways to ask a contract's question, the same for every contract."""
    from answers import CONTRACT_QUESTIONS

    return CONTRACT_QUESTIONS[question.id.rsplit("__", 1)[-1]][0] if context.source == "cuad" else question.text


@torch.inference_mode()
def evaluate_labels(options):
    from labels import LABELS, OFFSET, Task

    task = Task(options.seed, STARTER)
    network, step = averaged(task.network(), "labels", options.weights)
    items = task.validation
    if options.on == "demo":
        rows = [r for r in corpora.demo()["classification"] if r["split"] == "test"]
        items = [(np.array(sentencepiece.SentencePieceProcessor(model_file=str(STARTER / "spiece.model")).encode(r["text"]), dtype=np.uint16) + OFFSET, LABELS.index(r["label"])) for r in rows]
    right = [int(task.logits(network, ids[: options.tokens]).argmax()) == label for ids, label in items]
    show(on=options.on, step=step, documents=len(right), right=sum(right), accuracy=float(np.mean(right)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=["summaries", "sharpen", "answers", "labels"])
    parser.add_argument("--weights", default="checkpoint", help="of which file of the stage: checkpoint or best")
    parser.add_argument("--on", choices=["validation", "kept-out", "demo"], default="validation")
    parser.add_argument("--limit", type=int, default=60, help="documents, or questions of either kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print so many outputs")
    parser.add_argument("--prior", type=float, nargs="+", default=[0.0, 2.0, 5.0])
    parser.add_argument("--starter", action="store_true", help="the starter too")
    parser.add_argument("--beams", type=int, default=4)
    parser.add_argument("--max-length", type=int, default=190)
    parser.add_argument("--min-length", type=int, default=130)
    parser.add_argument("--longest", type=int, nargs="+", default=[30, 60, 90, 120], help="tokens of an answer")
    parser.add_argument("--exact", type=int, default=0, metavar="QUESTIONS", help="so many of each document, each read with its document")
    parser.add_argument("--articles", action="store_true", help="those of COVID-QA too")
    parser.add_argument("--kinds", action="store_true", help="figures of each kind of question")
    parser.add_argument("--recognised", type=float, default=0.8)
    parser.add_argument("--tokens", type=int, default=4095, help="read for a label")
    options = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    {"summaries": evaluate_summaries, "sharpen": evaluate_summaries, "answers": evaluate_answers, "labels": evaluate_labels}[options.stage](options)


if __name__ == "__main__":
    main()
