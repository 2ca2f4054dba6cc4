"""Trains the small demonstration models beside this file on one core, in minutes.

usage: train.py subjects|prose TEXTS VOCABULARY OUTPUT [MINUTES] [HELD_OUT]

TEXTS are JSON lines, also gzipped, with id, text and label; VOCABULARY is a spiece.model of 8,089 pieces; HELD_OUT are
JSON lines whose ids are not learned from, but tested on. Needs torch, transformers and sentencepiece.
"""

import gzip
import json
import random
import shutil
import sys
import time
from pathlib import Path

import sentencepiece
import torch
from transformers import BigBirdPegasusConfig, BigBirdPegasusForCausalLM, BigBirdPegasusForSequenceClassification

EOS, OFFSET = 1, 103
SHAPE = dict(vocab_size=8192, d_model=128, dropout=0.0, attention_dropout=0.0, activation_dropout=0.0)


def read(path):
    with (gzip.open if str(path).endswith(".gz") else open)(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def learn(model, rate, minutes, loss):
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], rate, weight_decay=0.02)
    model.train()
    start, step = time.time(), 0
    while (done := (time.time() - start) / 60 / minutes) < 1:
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 50) * (1 - done)
        now = loss()
        now.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        if step % 100 == 0:
            print(step, f"{done:.0%}", round(now.item(), 3), flush=True)
    model.eval()


def subjects(rows, encode, minutes, held_out):
    """One layer on each side and no positions: a classifier by words."""
    names = sorted({row["label"] for row in rows})
    config = BigBirdPegasusConfig(
        **{**SHAPE, "dropout": 0.2},
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=256,
        decoder_ffn_dim=256,
        max_position_embeddings=4096,
        classifier_dropout=0.1,
        num_labels=len(names),
        id2label=dict(enumerate(names)),
        label2id={name: i for i, name in enumerate(names)},
        problem_type="single_label_classification",
        attention_type="original_full",
    )
    model = BigBirdPegasusForSequenceClassification(config)
    for name, parameter in model.named_parameters():
        if "embed_positions" in name:
            parameter.data.zero_()
            parameter.requires_grad = False
    by_label = [[encode(row["text"]) for row in rows if row["label"] == name] for name in names]

    def loss():
        length = random.choice([128, 256, 400])
        inputs, labels = [], []
        for _ in range(16):
            label = random.randrange(len(names))
            ids = random.choice(by_label[label])
            begin = random.randrange(max(1, len(ids) - length))
            ids = ids[begin : begin + length - 1]
            inputs.append((ids * (length // max(1, len(ids)) + 1))[: length - 1] + [EOS])
            labels.append(label)
        return model(input_ids=torch.tensor(inputs), labels=torch.tensor(labels)).loss

    learn(model, 1.5e-3, minutes, loss)
    with torch.no_grad():
        right = sum(
            names[int(model(torch.tensor([encode(row["text"])[:699] + [EOS]])).logits.argmax())] == row["label"]
            for row in held_out
        )
    print(f"{right} of {len(held_out)} held out documents right")
    model.config.attention_type = "block_sparse"
    return model


def prose(rows, encode, minutes, held_out):
    """A decoder alone that goes on like a textbook."""
    texts = [ids for row in rows if len(ids := encode(row["text"])) > 200]
    config = BigBirdPegasusConfig(
        **SHAPE,
        decoder_layers=2,
        decoder_attention_heads=4,
        encoder_layers=2,
        encoder_attention_heads=4,
        decoder_ffn_dim=512,
        max_position_embeddings=1024,
        is_decoder=True,
        is_encoder_decoder=False,
    )
    model = BigBirdPegasusForCausalLM(config)
    with torch.no_grad():
        model.model.decoder.embed_tokens.weight.normal_(0, 0.05)
    model.lm_head.weight = model.model.decoder.embed_tokens.weight

    def loss():
        chosen = []
        for _ in range(12):
            ids = random.choice(texts)
            begin = random.randrange(len(ids) - 129)
            chosen.append(ids[begin : begin + 129])
        ids = torch.tensor(chosen)
        logits = model(input_ids=ids[:, :-1].contiguous()).logits
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())

    learn(model, 3e-3, minutes, loss)
    model.lm_head.weight = torch.nn.Parameter(model.lm_head.weight.detach().clone())
    return model


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    random.seed(0)
    kind, texts, vocabulary, output = sys.argv[1:5]
    minutes = float(sys.argv[5]) if len(sys.argv) > 5 else 6
    held_out = read(sys.argv[6]) if len(sys.argv) > 6 else []
    pieces = sentencepiece.SentencePieceProcessor(model_file=vocabulary)
    unseen = {row["id"] for row in held_out}
    rows = [row for row in read(texts) if row.get("label") and row["id"] not in unseen]
    model = {"subjects": subjects, "prose": prose}[kind](
        rows, lambda text: [piece + OFFSET for piece in pieces.encode(text)], minutes, held_out
    )
    model.half().save_pretrained(output)
    shutil.copy(vocabulary, Path(output) / "spiece.model")


if __name__ == "__main__":
    main()
