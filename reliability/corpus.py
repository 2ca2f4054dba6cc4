"""A corpus that asks for care: ids that are null or occur twice, equal documents, and texts that make error rows."""

import json
import random

LANGUAGES = ["de", "en", "fr", None, "a/b =c"]
WORDS = "river hill valley spring flood stone bridge mill water rain winter summer town field road night".split()


def write(directory, documents, seed):
    """Writes files of JSON lines, the same for the same seed, and gives their number of documents."""
    draw = random.Random(seed)
    directory.mkdir(parents=True)
    files = max(1, documents // 200)
    for number in range(files):
        with open(directory / f"part-{number:03}.jsonl", "w", encoding="utf-8") as out:
            for i in range(number, documents, files):
                out.write(json.dumps(document(i, draw)) + "\n")
    return documents


def document(i, draw):
    text = " ".join(draw.choice(WORDS) for _ in range(draw.randint(4, 40))).capitalize() + "."
    kind = draw.random()
    if kind < 0.03:
        return {"id": None, "lang": "en", "text": text if kind < 0.015 else "The same without a name."}
    if kind < 0.06:
        return {"id": "twice", "lang": "de", "text": "The same document, several times."}
    if kind < 0.08:
        return {"id": f"d{i}", "lang": "fr", "text": ""}
    return {"id": f"d{i}", "lang": draw.choice(LANGUAGES), "text": text}
