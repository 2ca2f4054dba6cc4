"""Values of Params as Spark ML has them: a function for each form of an option; a TypeError says what was expected."""

from __future__ import annotations

import json
import operator
from collections.abc import Iterable
from numbers import Real
from typing import Any


def text(value: Any) -> str:
    """A text, as it is."""
    if isinstance(value, str):
        return str(value)
    raise TypeError("a text")


def whole(value: Any) -> int:
    """An integer of 64 bits."""
    return _integer(value, 64)


def integer(value: Any) -> int:
    """An integer of 32 bits."""
    return _integer(value, 32)


def _integer(value: Any, bits: int) -> int:
    try:
        found = operator.index(value) if not isinstance(value, float) or not value.is_integer() else int(value)
    except TypeError:
        found = None
    if found is None or isinstance(value, bool) or not -(2 ** (bits - 1)) <= found < 2 ** (bits - 1):
        raise TypeError(f"an integer of {bits} bits")
    return found


def number(value: Any) -> float:
    """A number."""
    if isinstance(value, Real) and not isinstance(value, bool):
        return float(value)
    raise TypeError("a number")


def flag(value: Any) -> bool:
    """A truth value."""
    if isinstance(value, bool):
        return value
    raise TypeError("True or False")


def flag_or_word(value: Any) -> str:
    """A truth value or a word, as text."""
    return str(value).lower() if isinstance(value, bool) else text(value)


def comma_separated(value: Any) -> str:
    """A list of token ids, or its text."""
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return ",".join(str(integer(member)) for member in value)
    raise TypeError("a list of token ids")


def json_text(value: Any) -> str:
    """A list as JSON, or its text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return json.dumps(value, separators=(",", ":"))
    raise TypeError("a list")
