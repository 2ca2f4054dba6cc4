"""Every function has a docstring with an example that is Python."""

import doctest
import inspect

import pytest

import longwing
from longwing import functions, ml

CALLS = [getattr(longwing, name) for name in longwing.__all__ if not name.endswith("Options")]
CALLS += [getattr(module, name) for module in (functions, ml) for name in module.__all__]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.__module__}.{call.__name__}")
def test_every_call_has_an_example(call: object) -> None:
    examples = doctest.DocTestParser().get_examples(inspect.getdoc(call) or "")

    assert examples
    compile("\n".join(example.source for example in examples), "example", "exec")
