"""docs/python.md, run as a newcomer would, in a fresh process: what is printed is what the page says."""

import re
import subprocess
import sys

from conftest import ROOT

PAGE = ROOT / "docs" / "python.md"
SEPARATOR = "--- next block"


def test_the_tour_prints_what_the_page_says() -> None:
    tour = PAGE.read_text(encoding="utf-8").split("## Spark Connect")[0]
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", tour, re.MULTILINE | re.DOTALL)
    code = [text for language, text in blocks if language == "python"]
    outputs = [text.rstrip() for language, text in blocks if language == ""]
    assert len(code) == len(outputs) >= 3

    script = f"print({SEPARATOR!r})\n".join(code)
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr
    assert [said.rstrip() for said in run.stdout.split(SEPARATOR + "\n")] == outputs
