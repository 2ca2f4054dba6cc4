"""Every cell of the notebooks, one after the other: the table has rows, and the picture has something on it."""

import os
import re
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from conftest import ROOT
from pyspark.sql import SparkSession

matplotlib.use("Agg")
import matplotlib.pyplot as plt

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))


def cells(notebook: Path) -> list[list[str]]:
    """The cells as Databricks reads them, each a list of lines."""
    header, *lines = notebook.read_text(encoding="utf-8").splitlines()
    assert header == "# Databricks notebook source"
    parts = re.split(r"^\n?# COMMAND ----------\n?$", "\n".join(lines), flags=re.MULTILINE)
    return [part.strip("\n").splitlines() for part in parts]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_runs_and_the_last_one_draws(
    spark: SparkSession,
    notebook: Path,
    tmp_path: Path,
    contract_reader: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = cells(notebook)
    code = ["\n".join(cell) for cell in found if not cell[0].startswith("# MAGIC")]
    for cell in found:
        magic = [line.startswith("# MAGIC") for line in cell]
        assert all(magic) or not any(magic), "a cell is Python or not"
    assert len(code) < len(found), "some cells explain"
    monkeypatch.chdir(notebook.parent)
    monkeypatch.setenv("CONTRACT_READER", str(contract_reader))
    monkeypatch.setattr(plt, "show", lambda: None)

    plt.close("all")
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in code:
        exec(compile(cell, notebook.name, "exec"), names)

    assert code[-1].endswith("plt.show()")
    (figure,) = map(plt.figure, plt.get_fignums())
    picture = Path(os.environ.get("LONGWING_PICTURES", tmp_path)) / f"{notebook.stem}.png"
    figure.savefig(picture, dpi=100)
    assert sum(len(axes.patches) + len(axes.collections) for axes in figure.axes) >= 6
    assert picture.stat().st_size > 10_000
    printed = capsys.readouterr().out
    picture.with_suffix(".txt").write_text(printed, encoding="utf-8")
    assert "+--" in printed, "a table"
    assert "EmptyText" not in printed


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) >= 3
