"""Sentences of a text, which of them may stand in a summary, and which of them should."""
import re
from collections import Counter
from functools import lru_cache

import numpy as np
from rouge_score.tokenizers import DefaultTokenizer
from sklearn.feature_extraction.text import TfidfVectorizer

BOUNDARY = re.compile(r"(?<=[.!?])[\"”’)\]]*\s+(?=[A-Z0-9“\"(\[])")
BREAK = re.compile(r"\n\s*\n")
ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|Fig|Figs|Eq|No|Dr|Mr|Mrs|Ms|Prof|St|U\.S|Inc|Ltd|Co|al|Sec|Art|approx)|\b[A-Z])\.$")
TOKENIZER = DefaultTokenizer(use_stemmer=False)
DRAWS = 8  # of sentences among which the best ones are chosen


def paragraphs(text):
    """Lines that belong together: a hard-wrapped paragraph is one, and so is each line of a text without wrapping."""
    for block in BREAK.split(text):
        held = ""
        for line in block.split("\n"):
            line = line.strip()
            wrapped = len(held.rsplit("\n", 1)[-1]) > 45 and not re.match(r"[-*•|#+=:]|\d+[.)] ", line)
            ended = held.endswith((".", "!", "?", ":")) and not line[:1].islower() and len(held.rsplit("\n", 1)[-1]) < 60
            if held and wrapped and not ended and len(line) < 200 and len(held.rsplit("\n", 1)[-1]) < 200:
                held += "\n" + line
            else:
                if held:
                    yield held
                held = line
        if held:
            yield held


def split(text):
    """The sentences of a text, in order; white space inside them is single blanks."""
    for paragraph in paragraphs(text):
        held = ""
        for part in BOUNDARY.split(" ".join(paragraph.split())):
            held = f"{held} {part}" if held else part
            if not ABBREVIATION.search(held):
                yield held
                held = ""
        if held:
            yield held


def may_stand(sentence):
    """Whether a sentence reads as one: neither a heading, a table row, a citation list nor code."""
    count = len(sentence.split())
    letters = sum(c.isalpha() or c == " " for c in sentence)
    return (
        8 <= count <= 60
        and sentence[-1] in ".!?”\""
        and (sentence[0].isupper() or sentence[0] in "“\"")
        and letters / len(sentence) > 0.85
        and sentence.count("|") == 0
    )


@lru_cache(maxsize=200_000)
def stem(word):
    return STEMMER.stem(word) if len(word) > 3 else word


STEMMER = __import__("nltk").stem.porter.PorterStemmer()


def rouge_words(text):
    """The words that ROUGE counts, stemmed."""
    return [stem(word) for word in TOKENIZER.tokenize(text)]


def rank(candidates):
    """What the ranker thinks of each sentence: TF-IDF centrality, at most 1, and 0.3 for an early position."""
    position = 0.3 * (1 - np.arange(len(candidates)) / len(candidates))
    try:
        vectors = TfidfVectorizer(stop_words="english", sublinear_tf=True).fit_transform(candidates)
    except ValueError:  # nothing but stop words
        return position
    centrality = np.asarray(vectors @ vectors.sum(0).T).ravel()
    return centrality / max(centrality.max(), 1e-9) + position


def f1(counted, reference, size, reference_size):
    return 2 * sum((counted & reference).values()) / max(1, size + reference_size)


class Oracle:
    """Compares choices of sentences with a human summary: ROUGE-1 plus ROUGE-2, as F1."""

    def __init__(self, candidates, summary):
        self.words = [rouge_words(s) for s in candidates]
        self.ones = [Counter(w) for w in self.words]
        self.twos = [Counter(zip(w, w[1:])) for w in self.words]
        reference = rouge_words(summary)
        self.size = len(reference)
        self.reference_ones, self.reference_twos = Counter(reference), Counter(zip(reference, reference[1:]))
        self.likely = np.argsort(-self.alone(), kind="stable")[:60]

    def score(self, ones, twos):
        return f1(ones, self.reference_ones, sum(ones.values()), self.size) + f1(
            twos, self.reference_twos, sum(twos.values()), self.size - 1
        )

    def alone(self):
        """The score of each sentence by itself."""
        return np.array([self.score(a, b) for a, b in zip(self.ones, self.twos)])

    def often(self, lengths, budget, random):
        """How often each sentence is chosen where six tenths of all, drawn by chance, may be: softer than the one best choice."""
        chosen, present = np.full(len(lengths), 0.02), np.full(len(lengths), 0.5)
        for _ in range(DRAWS):
            among = random.random(len(lengths)) < 0.6
            present += among
            chosen[self.choose(lengths, budget, among)] += 1
        return np.minimum(chosen / present, 1)

    def choose(self, lengths, budget, among=None):
        """Greedily the sentences (`among` says which) that raise the score most while their lengths stay within the budget, in order."""
        likely = [int(i) for i in self.likely if among is None or among[i]]
        chosen, ones, twos, best = [], Counter(), Counter(), 0.0
        while True:
            left = budget - sum(lengths[i] for i in chosen)
            tried = [
                (self.score(ones + self.ones[i], twos + self.twos[i]), -i)
                for i in likely
                if i not in chosen and lengths[i] <= left
            ]
            if not tried or max(tried)[0] <= best + 1e-6:
                return sorted(chosen)
            best, negative = max(tried)
            chosen.append(-negative)
            ones, twos = ones + self.ones[-negative], twos + self.twos[-negative]


def fill(scores, lengths, budget, enough):
    """The sentences of the highest scores that fit into the budget, until there are enough, in order."""
    chosen, used = [], 0
    for i in np.argsort(-np.asarray(scores), kind="stable"):
        if used + lengths[i] <= budget:
            chosen.append(int(i))
            used += lengths[i]
        if used > enough:
            break
    return sorted(chosen)
