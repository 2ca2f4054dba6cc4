"""Summaries by transformers with the starter model. usage: make_summaries.py STARTER-MODEL EXAMPLES.jsonl > summaries.json

The texts are the beginnings of two documents of examples/summarization.jsonl (sources and licences in
examples/LICENSES.md): one under and one over the model's limit for full attention.
"""
import json
import sys

import sentencepiece
import torch
from transformers import BigBirdPegasusForConditionalGeneration

torch.set_num_threads(1)
model = BigBirdPegasusForConditionalGeneration.from_pretrained(sys.argv[1], dtype=torch.float32).eval()
pieces = sentencepiece.SentencePieceProcessor(model_file=sys.argv[1] + "/spiece.model")
offset = model.config.vocab_size - pieces.get_piece_size()
documents = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
cases = []
for document, characters, options in (
    (documents[0], 1500, dict(num_beams=2)),
    (documents[1], 3800, dict(num_beams=2)),
    (documents[2], 900, dict(num_beams=1)),
):
    text = " ".join(document["text"][:characters].split())
    ids = [p + offset for p in pieces.encode(text)] + [1]
    model.get_encoder().set_attention_type("block_sparse")  # the switch to full attention is sticky
    options = dict(options, min_length=0, max_new_tokens=24)
    with torch.no_grad():
        out = model.generate(torch.tensor([ids]), return_dict_in_generate=True, output_scores=True, **options)
    new = [i for i in out.sequences[0].tolist()[1:]]
    cases.append(dict(
        id=document["id"], text=text, tokens=len(ids), options={k: str(v) for k, v in options.items()},
        summary=pieces.decode([i - offset for i in new if i > 104]), output_tokens=len(new),
        score=None if options["num_beams"] == 1 else out.sequences_scores[0].item()))
print(json.dumps(cases, indent=1, ensure_ascii=False))
