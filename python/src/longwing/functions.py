"""The tasks as functions of columns, for expressions; a row without a result has null.

In a session from :func:`longwing.configure` they are the functions of SQL, which take the options of the task and work
at the speed of :func:`longwing.summarize`. Elsewhere, as on Spark Connect, they are registered by class: one row
at a time, with the model's own options. The setting ``spark.longwing.summarize.model`` (``classify``, ``answer``,
``generate``, ``embed``) names the model of a function, ``spark.longwing.model`` that of all the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from ._errors import UserError
from ._session import register
from ._tasks import option_texts

if TYPE_CHECKING:
    from pyspark.sql import Column
    from typing_extensions import Unpack

    from ._options import AnswerOptions, ClassifyOptions, EmbedOptions, GenerateOptions, SummarizeOptions

__all__ = ["answer", "classify", "embed", "generate", "summarize"]


def _call(task: str, options: Mapping[str, Any], *arguments: Column | str) -> Column:
    function = f"longwing_{task}"
    texts = option_texts(task, options)
    session = SparkSession.getActiveSession()
    if session is None:
        raise UserError(
            f"Cannot use {function}: there is no session, expected one; make it with"
            " longwing.configure(SparkSession.builder).getOrCreate()"
        )
    if not register(session, function) and texts:
        raise UserError(
            f"Cannot use {next(iter(options))} in an expression here: this session has {function} by its class,"
            f" expected no options; use longwing.{task}, or a session that had the jar when it was made"
        )
    columns = [F.col(argument) if isinstance(argument, str) else argument for argument in arguments]
    if texts:
        columns.append(F.create_map(*(F.lit(word) for pair in texts.items() for word in pair)))
    return F.call_function(function, *columns)


def summarize(text: Column | str, **options: Unpack[SummarizeOptions]) -> Column:
    """A summary, a string; null for a text without one.

    >>> from longwing import functions as LF
    >>> papers.where("year > 2020").select("id", LF.summarize("body", num_beams=4).alias("summary"))
    """
    return _call("summarize", options, text)


def classify(text: Column | str, **options: Unpack[ClassifyOptions]) -> Column:
    """A label, its probability and the list of labels, a struct.

    >>> from longwing import functions as LF
    >>> papers.where(LF.classify("body").label == "physics")
    """
    return _call("classify", options, text)


def answer(question: Column | str, text: Column | str, **options: Unpack[AnswerOptions]) -> Column:
    """The answer that a text gives to a question, its score and its place in the text, a struct.

    >>> from longwing import functions as LF
    >>> from pyspark.sql.functions import lit
    >>> contracts.select("id", LF.answer(lit("Who pays?"), "body").answer.alias("payer"))
    """
    return _call("answer", options, question, text)


def generate(prompt: Column | str, **options: Unpack[GenerateOptions]) -> Column:
    """A continuation of a prompt, a string.

    >>> from longwing import functions as LF
    >>> prompts.select(LF.generate("prompt").alias("continuation"))
    """
    return _call("generate", options, prompt)


def embed(text: Column | str, **options: Unpack[EmbedOptions]) -> Column:
    """The vector of a text, an array of floats.

    >>> from longwing import functions as LF
    >>> papers.select("id", LF.embed("body").alias("vector"))
    """
    return _call("embed", options, text)
