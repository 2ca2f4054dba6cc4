"""Results for people."""

import sys
from types import SimpleNamespace

import pytest
from pyspark.sql import SparkSession

import longwing

DOCUMENT = "First <b>. The answer is here. " + "Much more follows. " * 10
SCHEMA = (
    "id string, text string, summary string, score double,"
    " sentences array<struct<text: string, begin: int, end: int, window: int>>,"
    " error struct<class: string, message: string>"
)


@pytest.fixture
def result(spark: SparkSession):
    begin = DOCUMENT.index("The answer")
    sentence = ("The answer is here.", begin, begin + len("The answer is here."), 0)
    rows = [
        ("a", DOCUMENT, "The answer is here.", -0.5, [sentence], None),
        ("b", "", None, None, None, ("EmptyText", "Cannot summarize: the text is empty")),
    ]
    return spark.createDataFrame(rows, SCHEMA)


def test_elsewhere_it_is_text_with_passages_in_their_place(result, capsys: pytest.CaptureFixture[str]) -> None:
    longwing.show(result)

    assert capsys.readouterr().out.splitlines() == [
        "a: The answer is here. (score -0.5)",
        "    sentences: First <b>. »The answer is here.« Much more follows. Much more follows. Much more follows. …",
        "b: EmptyText: Cannot summarize: the text is empty",
    ]


def test_in_a_notebook_it_is_a_table_with_marks(result, monkeypatch: pytest.MonkeyPatch) -> None:
    import IPython.display

    shown = []
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: SimpleNamespace(kernel=object()))
    monkeypatch.setattr(IPython.display, "display", shown.append)

    longwing.show(result.drop("text"), n=1)
    longwing.show(result)

    without_text, table = (part._repr_html_() for part in shown)
    assert "<mark>The answer is here.</mark>" in without_text
    assert "First &lt;b&gt;. <mark>The answer is here.</mark> Much more" in table
    assert '<span class="error">EmptyText: Cannot summarize: the text is empty</span>' in table
    assert table.count("<tr>") == 3


def test_the_numbers_of_rows_is_limited(result, capsys: pytest.CaptureFixture[str]) -> None:
    longwing.show(result.drop("text", "sentences"), n=1)

    assert capsys.readouterr().out == "a: The answer is here. (score -0.5)\n"
