"""Learning the ten subjects of OpenStax.

The model reads the document (here: a random stretch of it), encoder and decoder both, and the head stands on the state of
the eos. It begins with the encoder that was learned from the texts alone (encoder.py); the decoder's one layer averages the
encoder's states, and the head is fitted to that. Ten dimensions of the embedding hold what each piece says of each subject. What
it should say of a document is its subject, and in part what regressions over words and over runs of letters say that did not see it.
Every second batch is of texts put together from several documents, about which only the regressions have an opinion: 797 documents
alone are learned by heart.
"""
import math

import numpy as np
import sentencepiece
import torch
import torch.nn.functional as F
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

import corpora
from network import EOS, FULL_ATTENTION_UP_TO, VOCABULARY, WIDTH, Network, encoder_weights, on_device, starter_weights, take_over
from extracts import OFFSET, padded

DECODER_LAYERS = 1
LABELS = ("astronomy", "biology", "chemistry", "economics", "history", "philosophy", "physics", "politics", "psychology", "sociology")
STRETCHES = (512, 1024, 2048, 4095)
VALIDATION_CHAPTERS = 0.12
SMOOTHING, SOFT = 0.05, 0.5  # of a hard label; the share of the regressions' opinion
JOINED, PART = 16000, 160  # texts put together; tokens of each part
UNKNOWN = OFFSET + 2


def split(seed):
    """(documents to learn from, documents of chapters kept for validation); the demo's are in neither."""
    usable = [d for d in corpora.documents() if d.label and corpora.may_be_used(d)]
    usable.sort(key=lambda d: corpora.order(seed, d.id))
    chapters = sorted({d.chapter for d in usable}, key=lambda c: corpora.order(seed, c))
    kept = set(chapters[: int(len(chapters) * VALIDATION_CHAPTERS)])
    training, validation = ([d for d in usable if (d.chapter in kept) == held] for held in (False, True))
    corpora.assert_apart(training, validation)
    return training, validation


def prepared(seed, starter, everything=False):
    """((ids, label), ...) to learn from and for validation, what regressions say of the former, [n, 10], and texts put together with
    what they say of these, [(ids, [10]), ...]; made once and kept beside the checkpoints. everything: those for validation are
    learned from too, which is for a last run, when all is chosen."""

    def make():
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(starter / "spiece.model"))
        training, validation = split(seed)
        parts = training + validation if everything else training, validation
        encode = lambda text: np.array(pieces.encode(text), dtype=np.uint16) + OFFSET
        found = [[(encode(d.text), LABELS.index(d.label)) for d in part] for part in parts]
        texts, labels = [d.text for d in parts[0]], [label for _, label in found[0]]
        other = [encode(d.text[:20_000]) for d in corpora.split_documents(seed)[0] if not d.label]
        joined = put_together(found[0], other, np.random.default_rng(seed))
        said = opinions([pieces.decode((ids.astype(int) - OFFSET).tolist()) for ids in joined], texts, labels)
        found += [unseen_opinions(texts, labels), list(zip(joined, said))]
        return found

    return corpora.kept(f"labels-{seed}{'-everything' if everything else ''}", make)


def put_together(documents, other, random):
    """Texts of parts: of one subject, of any subjects, or of one text of another kind."""
    by_label = [[ids for ids, label in documents if label == wanted] for wanted in range(len(LABELS))]
    found = []
    while len(found) < JOINED:
        luck, count = random.random(), int(random.integers(5, 25))
        first, second = random.choice(len(LABELS), 2, replace=False)
        one = by_label[first][random.integers(len(by_label[first]))] if luck < 0.8 else other[random.integers(len(other))]
        sources = [one] if luck > 0.6 else by_label[first] if luck < 0.3 else by_label[first] + by_label[second]
        sources = [sources[random.integers(len(sources))] for _ in range(min(count, int(random.integers(1, 7))))]
        parts = []
        for _ in range(count):
            ids = sources[random.integers(len(sources))]
            start = int(random.integers(max(1, len(ids) - PART)))
            parts.append(ids[start : start + PART])
        joined = np.concatenate(parts)
        if len(joined) > FULL_ATTENTION_UP_TO:
            found.append(joined)
    return found


def regressions():
    """Over words, and over runs of letters."""
    kinds = ({"stop_words": "english"}, {"analyzer": "char_wb", "ngram_range": (3, 5), "min_df": 3, "max_features": 300_000})
    return [make_pipeline(TfidfVectorizer(sublinear_tf=True, **kind), LogisticRegression(C=30, max_iter=300, class_weight="balanced")) for kind in kinds]


def unseen_opinions(texts, labels):
    """Probabilities of each text's labels, by regressions that learned from other texts, [n, 10]."""
    folds = StratifiedKFold(8, shuffle=True, random_state=0)
    return np.mean([cross_val_predict(r, texts, labels, cv=folds, method="predict_proba") for r in regressions()], axis=0).astype(np.float32)


def opinions(of, texts, labels):
    """Probabilities of the labels of other texts, by regressions that learned from these, [n, 10]."""
    return np.mean([r.fit(texts, labels).predict_proba(of) for r in regressions()], axis=0).astype(np.float32)


class Task:
    name = "labels"
    learning_rate = 2e-4
    batch = 4
    mixed = True

    def __init__(self, seed, starter, everything=False):
        self.training, self.validation, self.opinions, self.joined = prepared(seed, starter, everything)

    @staticmethod
    def network():
        return Network(DECODER_LAYERS, labels=len(LABELS))

    def begin(self, network, starter):
        """The weights before the first step: the encoder as it is, and beside it a linear classifier of pieces, carried by ten
        dimensions."""
        take_over(network, starter_weights(starter) | encoder_weights())
        count = len(LABELS)
        layer = network.decoder.layers[0]
        with torch.no_grad():
            network.shared.weight[:, :count] = on_device(self.piece_weights()).float() / math.sqrt(WIDTH)
            for stack in (network.encoder, network.decoder):
                stack.embed_positions.weight[:, :count] = 0
            for linear in (layer.self_attn.out_proj, layer.fc2, layer.encoder_attn.q_proj):
                linear.weight.zero_()
            layer.fc2.bias.zero_()
            layer.encoder_attn.v_proj.weight.copy_(torch.eye(WIDTH))
            louder = torch.full((WIDTH,), 4.0)  # a mean is small beside a token's own embedding
            louder[:count] = 40
            layer.encoder_attn.out_proj.weight.copy_(torch.diag(louder))
            self.fit_head(network)

    def piece_weights(self):
        """What each piece says of each label, [8192, labels], by logistic regression on the pieces' shares."""
        shares = np.stack([np.bincount(ids, minlength=VOCABULARY) / len(ids) for ids, _ in self.training])
        scale = 300 * np.log((1 + len(shares)) / (1 + (shares > 0).sum(0)))
        fitted = LogisticRegression(C=0.3, max_iter=400, class_weight="balanced").fit(shares * scale, [label for _, label in self.training])
        weights = (fitted.coef_ * scale).T
        return 1.5 * weights / np.sqrt((shares.mean(0)[:, None] * weights**2).sum() / len(LABELS))

    def fit_head(self, network):
        """The head by logistic regression on the state it will stand on, of the beginnings of the documents."""
        parts = [(ids[first : first + 1024], label) for first in (0, 1024, 2048) for ids, label in self.training if len(ids) - first > FULL_ATTENTION_UP_TO]
        states = torch.cat([network.last_again(*self.read([ids for ids, _ in parts[i : i + 16]])) for i in range(0, len(parts), 16)])
        labels = [label for _, label in parts]
        dense, out = network.classification_head["dense"], network.classification_head["out_proj"]
        scale = 0.03 / states.std(0).clamp(min=1e-4)
        scale[: len(LABELS)] *= 15  # the other dimensions may say something too, but learn by heart what they are given
        dense.weight.copy_(torch.diag(scale))
        dense.bias.copy_(-states.mean(0) * scale)
        read = torch.tanh(dense(states)).cpu().numpy()
        fitted = LogisticRegression(C=1.0, max_iter=1000, class_weight="balanced").fit(read, labels)
        out.weight.copy_(on_device(fitted.coef_))
        out.bias.copy_(on_device(fitted.intercept_))

    def plan(self, epoch, random):
        """Every subject as often as another; stretches of one size at a time."""
        by_label = [[i for i, (_, label) in enumerate(self.training) if label == wanted] for wanted in range(len(LABELS))]
        chosen = [random.choice(by_label[k % len(LABELS)]) for k in range(len(self.training))]
        chosen = [chosen[i] for i in random.permutation(len(chosen))]
        found = []
        for first in range(0, len(chosen), self.batch):
            size = int(random.choice(STRETCHES))
            of_size = [i for i in chosen[first : first + self.batch] if size <= FULL_ATTENTION_UP_TO or len(self.training[i][0]) > FULL_ATTENTION_UP_TO]
            if of_size:
                found += [(size, of_size), (None, [int(i) for i in random.integers(len(self.joined), size=self.batch)])]
        return found

    @staticmethod
    def read(texts):
        ids, tokens = padded([np.append(ids, EOS) for ids in texts])
        return on_device(ids), on_device(tokens)

    def prepare(self, item, random):
        size, chosen = item
        texts = []
        for i in chosen:
            ids = self.training[i][0] if size else self.joined[i][0]
            if size:
                start = int(random.integers(max(0, len(ids) - size) + 1))
                ids = ids[start : start + size]
            if random.random() < 0.5:  # some pieces unknown, so that no single one decides
                ids = np.where(random.random(len(ids)) < 0.15, np.uint16(UNKNOWN), ids)
            texts.append(np.append(ids, EOS))
        ids, tokens = padded(texts)
        if size:
            labels = np.array([self.training[i][1] for i in chosen])
            wanted = (1 - SMOOTHING) * np.eye(len(LABELS))[labels] + SMOOTHING / len(LABELS)
            wanted = (1 - SOFT) * wanted + SOFT * self.opinions[chosen]
        else:
            wanted = np.stack([self.joined[i][1] for i in chosen])
            labels = wanted.argmax(1)
        return dict(ids=ids, tokens=tokens, labels=labels, wanted=wanted.astype(np.float32))

    def loss(self, network, batch):
        batch = {k: on_device(v) for k, v in batch.items()}
        logits = network.label_logits(network.last_again(batch["ids"], batch["tokens"])).float()
        loss = F.cross_entropy(logits, batch["wanted"])
        return loss, {"right": (logits.argmax(1) == batch["labels"]).float().mean()}

    def logits(self, network, ids):
        return network.label_logits(network.last_again(*self.read([ids])))[0].float()

    @staticmethod
    def goodness(found):
        """Of what `validate` found: more is better."""
        return found["right"] - 0.01 * found["loss"]

    def validate(self, network):
        logits = torch.stack([self.logits(network, ids[:4095]) for ids, _ in self.validation])
        wanted = torch.tensor([label for _, label in self.validation])
        return {"right": float((logits.argmax(1) == wanted).float().mean()), "loss": float(F.cross_entropy(logits, wanted))}
