#!/usr/bin/env python3
"""Makes the sets of this folder: make.py DEMO CUAD

DEMO  a directory with summarization.jsonl, classification.jsonl and qa_squad.json; see LICENSES.md for their sources
CUAD  CUAD v1 in the layout of SQuAD 2, JSON or JSON in gzip

Of CUAD it takes the contracts that training/held_out_contracts.txt names, which no embedded model has seen, with all their
questions. A question of CUAD that asks for a category ("Highlight the parts ...") is put as the first of
training/contract_questions.json puts it; the answers stay as they are.
"""
import gzip
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
TRAINING = HERE.parent.parent / "training"
demo, cuad = Path(sys.argv[1]), Path(sys.argv[2])


def write(name, text):
    with open(HERE / name, "wb") as out, gzip.GzipFile(filename="", fileobj=out, mode="wb", compresslevel=9, mtime=0) as packed:
        packed.write(text.encode())


def lines(records):
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def records(name):
    return [json.loads(line) for line in open(demo / name, encoding="utf-8")]


write("summaries.jsonl.gz", lines(records("summarization.jsonl")))
labelled = records("classification.jsonl")
for split in ("train", "test"):
    write(f"labels-{split}.jsonl.gz", lines({k: v for k, v in r.items() if k != "split"} for r in labelled if r["split"] == split))
write("questions.json.gz", json.dumps(json.load(open(demo / "qa_squad.json", encoding="utf-8")), ensure_ascii=False))

held_out = (TRAINING / "held_out_contracts.txt").read_text(encoding="utf-8").splitlines()
wordings = json.loads((TRAINING / "contract_questions.json").read_text(encoding="utf-8"))
with (gzip.open if cuad.suffix == ".gz" else open)(cuad, "rt", encoding="utf-8") as file:
    contracts = {contract["title"]: contract for contract in json.load(file)["data"]}
chosen = [contracts[title] for title in held_out]
for contract in chosen:
    for paragraph in contract["paragraphs"]:
        for question in paragraph["qas"]:
            question["question"] = wordings[question["id"].rsplit("__", 1)[1]][0]
write("contracts.json.gz", json.dumps({"version": "CUAD v1, 40 contracts", "data": chosen}, ensure_ascii=False))
