"""Results for people: a table in a notebook, plain text elsewhere."""

from __future__ import annotations

import html
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

#: What results are read for, by the task that gives it; the first one that a row has.
_RESULTS = ("summary", "summaries", "label", "answer", "generated", "generations", "values", "embedding")
_DETAILS = ("score", "probability", "question", "output_tokens", "input_tokens", "windows")
_CONTEXT = 60  # characters before and after a passage
_LONGEST = 400

_STYLE = (
    "<style>.longwing{border-collapse:collapse;text-align:left}.longwing td,.longwing th{padding:.4em .8em;"
    "vertical-align:top;text-align:left;border-bottom:1px solid #8884;max-width:48em}.longwing mark{padding:0 .15em}"
    ".longwing .source{opacity:.8;font-size:90%}.longwing .error{color:#c33}</style>"
)


class Shown:
    """Rows of a result as HTML and as text."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], text: str, prefix: str) -> None:
        """Of rows as dictionaries; ``text`` names the column with the document, if they have it."""
        self._rows = rows
        self._text = text
        self._prefix = prefix
        own = {prefix + name for name in (*_RESULTS, *_DETAILS, "sentences", "evidence", "error")}
        self._id = next((name for name in columns if name not in own), columns[0])
        self._details = [name for name in _DETAILS if prefix + name in columns]

    def _repr_html_(self) -> str:
        heads = [self._id, "result", *self._details]
        body = "".join(f"<tr>{self._cells(row)}</tr>" for row in self._rows)
        head = "".join(f"<th>{html.escape(name)}</th>" for name in heads)
        return f'{_STYLE}<table class="longwing"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'

    def _cells(self, row: Mapping[str, Any]) -> str:
        error = self._get(row, "error")
        if error:
            result = f'<span class="error">{html.escape(error["class"])}: {html.escape(error["message"])}</span>'
        else:
            result = html.escape(self._result(row))
        for kind, passages in self._passages(row):
            result += "".join(
                f'<div class="source" title="{kind}">{html.escape(before)}<mark>{html.escape(passage)}</mark>'
                f"{html.escape(after)}</div>"
                for before, passage, after in passages
            )
        cells = [html.escape(str(row[self._id])), result]
        cells += [html.escape(_short(self._get(row, name))) for name in self._details]
        return "".join(f"<td>{cell}</td>" for cell in cells)

    def __str__(self) -> str:
        """The same as text, passages between » and «."""
        lines = []
        for row in self._rows:
            error = self._get(row, "error")
            said = f"{error['class']}: {error['message']}" if error else self._result(row)
            details = ", ".join(
                f"{name} {_short(self._get(row, name))}" for name in self._details if self._get(row, name) is not None
            )
            lines.append(f"{row[self._id]}: {said}" + (f" ({details})" if details else ""))
            for kind, passages in self._passages(row):
                lines += [f"    {kind}: {before}»{passage}«{after}" for before, passage, after in passages]
        return "\n".join(lines)

    def _get(self, row: Mapping[str, Any], name: str) -> Any:
        return row.get(self._prefix + name)

    def _result(self, row: Mapping[str, Any]) -> str:
        for name in _RESULTS:
            value = self._get(row, name)
            if value is not None:
                return _short(value, _LONGEST)
        return "-"

    def _passages(self, row: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """The passages of each kind, in the order of the document, each with the text around it where that is there."""
        document = row.get(self._text)
        found = []
        for kind in ("sentences", "evidence"):
            passages = sorted(self._get(row, kind) or [], key=lambda passage: int(passage["begin"]))
            if passages:
                found.append((kind, [_in_context(passage, document) for passage in passages]))
        return found


def _in_context(passage: Mapping[str, Any], document: Any) -> tuple[str, str, str]:
    begin, end = passage["begin"], passage["end"]
    if not isinstance(document, str) or begin is None or not document[begin:end]:
        return "", _line(passage["text"]), ""
    before, after = document[max(0, begin - _CONTEXT) : begin], document[end : end + _CONTEXT]
    if begin > _CONTEXT:
        before = "… " + before.partition(" ")[2]
    if end + _CONTEXT < len(document):
        after = after.rpartition(" ")[0] + " …"
    return _line(before, end=" "), _line(document[begin:end]), _line(after, begin=" ")


def _line(text: str, begin: str = "", end: str = "") -> str:
    """Words in one line, and what goes before or after them if there are any."""
    line = " ".join(text.split())
    return begin + line + end if line else ""


def _short(value: Any, longest: int = 60) -> str:
    if value is None:
        return "-"
    text = f"{value:.4g}" if isinstance(value, float) else _line(str(value))
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    found = shell.get_ipython() if shell is not None else None
    return found is not None and getattr(found, "kernel", None) is not None


def show(result: DataFrame, n: int = 20, *, text: str = "text", result_prefix: str = "") -> None:
    """Shows the first rows of a result: what was found, and the passages behind it, highlighted.

    Passages are the sentences of an extractive summary and those of the option ``evidence``. In a notebook it is a
    table, elsewhere plain text. Computes these rows.

    result: what :func:`longwing.summarize` or a sibling gave, or rows that a job wrote.
    n: the most rows.
    text: the column with the documents; where the result has it, passages are shown in their place.
    result_prefix: the one that the result was made with.

    >>> import longwing
    >>> longwing.show(longwing.summarize(papers, text="body"), text="body")
    """
    rows = [row.asDict(recursive=True) for row in result.limit(n).collect()]
    shown = Shown(rows, result.columns, text, result_prefix)
    if _in_notebook():
        import IPython.display

        display: Callable[[object], None] = IPython.display.display
        display(shown)
    else:
        print(shown)
