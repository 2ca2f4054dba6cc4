"""What a teacher thinks of each sentence that may stand in a summary: the probability that it is among the best ones.

One human summary says little about most sentences of its document; what many summaries say of sentences like these is a
smoother target. The teacher reads a document as a row of sentences: the vector that all-MiniLM-L6-v2 gives to each, what
the ranker thinks of it, its place and its length, with attention between all sentences. Each document is judged by
teachers that learned from others (four parts in turn; validation documents by all four).
"""
import numpy as np
import sentencepiece
import torch
import torch.nn.functional as F
from torch import nn

import corpora
from extracts import OFFSET, correlation, examples, standard
from network import on_device
from teacher import Teacher

FOLDS, PASSES, BATCH = 4, 8, 32
FEATURES, TEACHER_WIDTH, WIDTH = 11, 384, 192
LEARNING_RATE, ALONE_WEIGHT = 1e-3, 0.06


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.vectors, self.features, self.directly = nn.Linear(TEACHER_WIDTH, WIDTH), nn.Linear(FEATURES, WIDTH), nn.Linear(FEATURES, WIDTH)
        layer = nn.TransformerEncoderLayer(WIDTH, 4, 2 * WIDTH, dropout=0.2, activation="gelu", batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, 3, enable_nested_tensor=False)
        self.norm, self.out, self.dropout = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 2), nn.Dropout(0.3)

    def forward(self, vectors, features, there):
        """vectors: [N, n, 384], features: [N, n, 11], there: [N, n], false where a document has fewer sentences -> [N, n, 2], the
        logits of being chosen and the standardised ROUGE of the sentence alone."""
        x = self.dropout(self.vectors(vectors * 10)) + F.gelu(self.features(features))
        x = self.layers(x, src_key_padding_mask=~there)
        return self.out(self.norm(x + F.gelu(self.directly(features))))


def features(example):
    """[n, 11]"""
    count, place = len(example.starts), np.arange(len(example.starts))
    lengths = example.lengths.astype(float)
    passed = example.starts - np.concatenate([[0], (example.starts + example.lengths)[:-1]])  # tokens that may not be chosen
    found = [
        standard(example.rank), example.rank, place / count, np.exp(-place / 3), np.exp(-place / 15), np.full(count, np.log(count) - 4),
        example.starts / 4096, lengths / 30 - 1, standard(lengths), passed > 0, np.minimum(passed, 100) / 50,
    ]  # fmt: skip
    return np.stack(found, 1).astype(np.float32)


def padded(documents, vectors):
    """(vectors, features, which sentences there are), each with as many sentences as the longest document has."""
    count = max(len(e.starts) for e in documents)
    given, said, there = np.zeros((len(documents), count, TEACHER_WIDTH), np.float32), np.zeros((len(documents), count, FEATURES), np.float32), np.zeros((len(documents), count), bool)
    for i, e in enumerate(documents):
        given[i, : len(e.starts)], said[i, : len(e.starts)], there[i, : len(e.starts)] = vectors[e.id][2], features(e), True
    return given, said, there


def learned(documents, vectors, seed):
    """A teacher that learned from these documents."""
    torch.manual_seed(seed)
    random, reader = np.random.default_rng(seed), Reader()
    optimizer = torch.optim.AdamW(reader.parameters(), lr=LEARNING_RATE, weight_decay=0.05)
    steps, step = PASSES * (len(documents) // BATCH), 0
    for _ in range(PASSES):
        order = random.permutation(len(documents))
        for first in range(0, len(order) - BATCH + 1, BATCH):
            part = [documents[i] for i in order[first : first + BATCH]]
            given = padded(part, vectors)
            wanted = np.zeros((*given[2].shape, 2), np.float32)
            for i, e in enumerate(part):
                wanted[i, : len(e.starts), 0], wanted[i, : len(e.starts), 1] = e.wanted(), standard(e.alone)
            given, wanted = [on_device(x) for x in given], on_device(wanted)
            for group in optimizer.param_groups:
                group["lr"] = LEARNING_RATE * min(1, (step + 1) / 50) * max(0.02, 1 - step / steps)
            found = reader(*given)
            chosen = F.binary_cross_entropy_with_logits(found[..., 0], wanted[..., 0], reduction="none")[given[2]].mean()
            alone = (found[..., 1] - wanted[..., 1])[given[2]].square().mean()
            optimizer.zero_grad()
            (chosen + ALONE_WEIGHT * alone).backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            step += 1
    return reader.eval()


@torch.inference_mode()
def said(reader, documents, vectors):
    """{document's id: the logit of each candidate}"""
    found = {}
    for first in range(0, len(documents), BATCH):
        part = documents[first : first + BATCH]
        logits = reader(*(on_device(x) for x in padded(part, vectors)))[..., 0].float().cpu().numpy()
        found |= {e.id: row[: len(e.starts)] for e, row in zip(part, logits)}
    return found


def made(seed, starter):
    """{document's id: what the teacher thinks of each candidate, as logits}, made once and kept beside the checkpoints."""

    def make():
        training, validation = examples(seed, starter)
        vectors = sentence_vectors(seed, starter)
        fold = {e.id: int(corpora.order(seed, e.id)[:8], 16) % FOLDS for e in training}
        found, of_validation = {}, []
        for k in range(FOLDS):
            reader = learned([e for e in training if fold[e.id] != k and len(e.alone)], vectors, seed + k)
            found |= said(reader, [e for e in training if fold[e.id] == k], vectors)
            of_validation.append(said(reader, validation, vectors))
            print("opinions", k, measured(of_validation[-1], validation), flush=True)
        found |= {e.id: np.mean([one[e.id] for one in of_validation], axis=0) for e in validation}
        print("opinions", measured(found, validation), flush=True)
        return found

    return corpora.kept(f"opinions-{seed}", make)


def measured(opinions, documents):
    """How opinions correlate with what is wanted, and the ranker's with it: of the kept-out source, of others."""
    rows = [(e.source == corpora.KEPT_OUT_SOURCE, correlation(opinions[e.id], e.wanted()), correlation(e.rank, e.wanted())) for e in documents if len(e.alone)]
    return {name: np.mean([r[1:] for r in rows if r[0] == kept], axis=0).round(3).tolist() for name, kept in (("kept out", True), ("others", False))}


def sentence_vectors(seed, starter):
    """{document's id: (starts, lengths, the teacher's unit vectors)} of the sentences that may be chosen, made once."""

    def make():
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(starter / "spiece.model"))
        documents = [e for part in examples(seed, starter) for e in part]
        texts = [pieces.decode((e.tokens(i).astype(int) - OFFSET).tolist()) for e in documents for i in range(len(e.starts))]
        vectors = iter(Teacher().vectors(texts, batch=512).half().split([len(e.starts) for e in documents]))
        return {e.id: (e.starts, e.lengths, next(vectors).numpy()) for e in documents}

    return corpora.kept(f"vectors-{seed}", make)
