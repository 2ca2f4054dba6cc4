"""Failures of Longwing in Java, as Python has them."""

from __future__ import annotations

import re
from typing import Any

# how the command line names what a function here has another name for
_NAMES = {
    "id-column": "id",
    "text-column": "text",
    "keep-columns": "keep",
    "question-column": "question",
    "questions-column": "questions",
}
_OF_SPARK = {"conf", "master"}


class UserError(ValueError):
    """Something that you can mend: an option, a column, a model. Its message is one sentence with the remedy.

    >>> import longwing
    >>> try:
    ...     longwing.summarize(papers, text="body")
    ... except longwing.UserError as error:
    ...     print(error)
    Cannot find the text column "body" ...
    """


def sentence_for_python(sentence: str) -> str:
    """The sentence with options written as in Python: ``--num-beams`` is ``num_beams``.

    >>> sentence_for_python("Cannot use --num-beams: it is 0; see longwing summarize --help")
    'Cannot use num_beams: it is 0; see help(longwing.summarize)'
    """
    sentence = re.sub(r"longwing (\w+) --help", r"help(longwing.\1)", sentence)
    return re.sub(
        r"--([a-z]+(?:-[a-z]+)*)",
        lambda option: option[0] if option[1] in _OF_SPARK else _NAMES.get(option[1], option[1].replace("-", "_")),
        sentence,
    )


def java_failure(error: BaseException) -> Any | None:
    """The Java exception behind one of PySpark's, if there is one."""
    return getattr(error, "java_exception", None) or getattr(error, "_origin", None)
