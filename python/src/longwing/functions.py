"""The tasks as functions of columns, for expressions: one row at a time, with the model's own options.

:func:`longwing.summarize` and its siblings are faster, take options, and say why a document has no result. The setting
``spark.longwing.summarize.model`` (``classify``, ``answer``, ``generate``, ``embed``) names the model of a function,
``spark.longwing.model`` that of all the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from ._errors import UserError
from ._session import register

if TYPE_CHECKING:
    from pyspark.sql import Column

__all__ = ["answer", "classify", "embed", "generate", "summarize"]


def _call(function: str, *arguments: Column | str) -> Column:
    session = SparkSession.getActiveSession()
    if session is None:
        raise UserError(
            f"Cannot use {function}: there is no session, expected one; make it with"
            " longwing.configure(SparkSession.builder).getOrCreate()"
        )
    register(session, function)
    columns = [F.col(argument) if isinstance(argument, str) else argument for argument in arguments]
    return F.call_function(function, *columns)


def summarize(text: Column | str) -> Column:
    """A summary, a string; null for a text without one.

    >>> from longwing import functions as LF
    >>> papers.where("year > 2020").select("id", LF.summarize("body").alias("summary"))
    """
    return _call("longwing_summarize", text)


def classify(text: Column | str) -> Column:
    """A label, its probability and the list of labels, a struct.

    >>> from longwing import functions as LF
    >>> papers.where(LF.classify("body").label == "physics")
    """
    return _call("longwing_classify", text)


def answer(question: Column | str, text: Column | str) -> Column:
    """The answer that a text gives to a question, its score and its place in the text, a struct.

    >>> from longwing import functions as LF
    >>> from pyspark.sql.functions import lit
    >>> contracts.select("id", LF.answer(lit("Who pays?"), "body").answer.alias("payer"))
    """
    return _call("longwing_answer", question, text)


def generate(prompt: Column | str) -> Column:
    """A continuation of a prompt, a string.

    >>> from longwing import functions as LF
    >>> prompts.select(LF.generate("prompt").alias("continuation"))
    """
    return _call("longwing_generate", prompt)


def embed(text: Column | str) -> Column:
    """The vector of a text, an array of floats.

    >>> from longwing import functions as LF
    >>> papers.select("id", LF.embed("body").alias("vector"))
    """
    return _call("longwing_embed", text)
