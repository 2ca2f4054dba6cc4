"""Every cell of the notebooks, run in a fresh process: the table has rows, and the picture has something on it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))

RUNNER = """
import json, sys
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt

cells, picture = json.loads(sys.stdin.read()), sys.argv[1]
drawn = 0
plt.show = lambda: None
names = {"__name__": "__main__"}
for cell in cells:
    exec(compile(cell, "cell", "exec"), names)
    for number in plt.get_fignums():
        figure = plt.figure(number)
        figure.savefig(picture, dpi=100)
        drawn += sum(len(axes.patches) + len(axes.collections) for axes in figure.axes)
        plt.close(figure)
print("marks in the picture:", drawn)
"""


def cells(notebook: Path) -> list[list[str]]:
    """The cells as Databricks reads them, each a list of lines."""
    header, *lines = notebook.read_text(encoding="utf-8").splitlines()
    assert header == "# Databricks notebook source"
    parts = re.split(r"^\n?# COMMAND ----------\n?$", "\n".join(lines), flags=re.MULTILINE)
    return [part.strip("\n").splitlines() for part in parts]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_runs_and_the_last_one_draws(notebook: Path, tmp_path: Path, contract_reader: Path) -> None:
    found = cells(notebook)
    code = ["\n".join(cell) for cell in found if not cell[0].startswith("# MAGIC")]
    for cell in found:
        magic = [line.startswith("# MAGIC") for line in cell]
        assert all(magic) or not any(magic), "a cell is Python or not"
    assert len(code) < len(found), "some cells explain"

    picture = Path(os.environ.get("LONGWING_PICTURES", tmp_path)) / f"{notebook.stem}.png"
    run = subprocess.run(
        [sys.executable, "-c", RUNNER, str(picture)],
        input=json.dumps(code),
        cwd=notebook.parent,
        env={**os.environ, "CONTRACT_READER": str(contract_reader)},
        capture_output=True,
        text=True,
        check=False,
    )
    picture.with_suffix(".txt").write_text(run.stdout, encoding="utf-8")

    assert run.returncode == 0, run.stderr[-4000:]
    assert "plt.show()" in code[-1]
    assert int(run.stdout.rsplit("marks in the picture: ", 1)[1]) >= 6
    assert picture.stat().st_size > 10_000
    assert "+--" in run.stdout, "a table"
    assert "EmptyText" not in run.stdout


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) >= 3
