#!/usr/bin/env python3
"""Reads articles in JATS, as publishers give them: training/jats.py FOLDER FILE.jsonl.gz

Each article with an abstract and a body becomes a line {id, text, summary, licence}; figures, tables and formulas set
apart are left out. Only articles under CC BY or CC0 are taken.
"""
import gzip
import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

LEFT_OUT = {"fig", "fig-group", "table-wrap", "disp-formula", "media", "supplementary-material", "boxed-text", "object-id", "tex-math", "code"}
OPEN = ("creativecommons.org/licenses/by/", "creativecommons.org/publicdomain/zero/")
HREF = "{http://www.w3.org/1999/xlink}href"


def words(element):
    """The text of an element, white space as single blanks."""
    return " ".join("".join(pieces(element)).split())


def pieces(element):
    yield element.text or ""
    for child in element:
        if child.tag not in LEFT_OUT:
            yield from pieces(child)
        yield child.tail or ""


def blocks(element):
    """Titles and paragraphs, in order."""
    for child in element:
        if child.tag in ("p", "title"):
            yield words(child)
        elif child.tag not in LEFT_OUT:
            yield from blocks(child)


def article(file):
    """The line of a file, or None where it has no abstract, no body or no open licence."""
    root = ElementTree.parse(file).getroot()
    abstract, body = root.find(".//article-meta/abstract"), root.find("body")
    licence = next((e.get(HREF, "") for e in root.iter("license")), "")
    if root.get("article-type") != "research-article" or abstract is None or body is None or not any(o in licence for o in OPEN):
        return None
    summary = " ".join(b for b in blocks(abstract) if not b.startswith("DOI:"))
    text = "\n\n".join(b for b in blocks(body) if b)
    return {"id": file.stem, "text": text, "summary": summary, "licence": licence} if summary else None


def main():
    folder, output = map(Path, sys.argv[1:])
    found = [line for file in sorted(folder.glob("*.xml")) if (line := article(file))]
    with gzip.open(output, "wt", encoding="utf-8") as stream:
        for line in found:
            print(json.dumps(line, ensure_ascii=False), file=stream)
    print(f"{len(found)} articles")


if __name__ == "__main__":
    main()
