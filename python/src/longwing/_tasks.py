"""The five tasks on DataFrames."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

from ._errors import UserError
from ._options import (
    COMMA_SEPARATED,
    AnswerOptions,
    ClassifyOptions,
    EmbedOptions,
    GenerateOptions,
    SummarizeOptions,
)
from ._session import NoStage, is_remote, register, run
from ._session import commit as commit_batch

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame
    from typing_extensions import Unpack

_OPTIONS: Mapping[str, type] = {
    "summarize": SummarizeOptions,
    "classify": ClassifyOptions,
    "answer": AnswerOptions,
    "generate": GenerateOptions,
    "embed": EmbedOptions,
}

_STAGES = {
    "summarize": "Summarizer",
    "classify": "DocumentClassifier",
    "answer": "QuestionAnswerer",
    "generate": "TextGenerator",
    "embed": "DocumentEmbedder",
}

# columns of a stage that a DataFrame does not have
_VALUE, _ERROR, _RESULT = "longwing value", "longwing error", "longwing result"

# the column that the function of a task gives, or the fields of its struct
_COLUMN = {"summarize": "summary", "generate": "generated", "embed": "embedding"}
_OF_STRUCT = {"classify": ["label", "probability", "labels"], "answer": ["answer", "score", "begin", "end"]}


def summarize(
    df: DataFrame,
    text: str = "text",
    *,
    id: str | Sequence[str] = "id",
    keep: Sequence[str] | None = None,
    result_prefix: str = "",
    **options: Unpack[SummarizeOptions],
) -> DataFrame:
    """A summary of each document, with the columns that docs/output.md explains: ``summary``, ``error`` and others.

    Lazy, but options, columns and the model are checked at once. A document that cannot be read is a row with an
    ``error``. On Spark Connect the jar goes to the server first, and partitions stay as they are.

    df: the documents, each a row.
    text: the column with the text; ``body.text`` is a field of a struct.
    id: the column or columns that tell documents apart.
    keep: further columns that the result has; by default all.
    result_prefix: goes before the names of the result's columns, where they would clash with kept ones.
    options: those of :class:`longwing.SummarizeOptions`.

    >>> import longwing
    >>> summaries = longwing.summarize(papers, text="body", num_beams=4)
    >>> summaries.select("id", "summary", "error").show()
    """
    return _apply("summarize", df, text, id, keep, result_prefix, {}, options)


def classify(
    df: DataFrame,
    text: str = "text",
    *,
    id: str | Sequence[str] = "id",
    keep: Sequence[str] | None = None,
    result_prefix: str = "",
    **options: Unpack[ClassifyOptions],
) -> DataFrame:
    """The label of each document, or the values of a regression; takes what :func:`summarize` takes.

    options: those of :class:`longwing.ClassifyOptions`; without ``model``, ten subjects of textbooks.

    >>> import longwing
    >>> labels = longwing.classify(papers, text="body", model="/models/subjects", evidence=2)
    >>> labels.groupBy("label").count().show()
    """
    return _apply("classify", df, text, id, keep, result_prefix, {}, options)


def answer(
    df: DataFrame,
    text: str = "text",
    *,
    question: str | None = None,
    questions: str | None = None,
    id: str | Sequence[str] = "id",
    keep: Sequence[str] | None = None,
    result_prefix: str = "",
    **options: Unpack[AnswerOptions],
) -> DataFrame:
    """The answers that documents give to questions, with their places; takes what :func:`summarize` takes.

    question: the column with the question; by default ``question``, if there is one.
    questions: the column with an array of questions, each of which gets a row; by default ``questions``.
    options: those of :class:`longwing.AnswerOptions`; without ``model``, the model of the jar for contracts.

    >>> import longwing
    >>> from pyspark.sql.functions import lit
    >>> asked = contracts.withColumn("question", lit("Who pays?"))
    >>> longwing.answer(asked, text="body").select("id", "answer").show()
    """
    asked = {"question-column": question, "questions-column": questions}
    return _apply("answer", df, text, id, keep, result_prefix, asked, options)


def generate(
    df: DataFrame,
    text: str = "text",
    *,
    id: str | Sequence[str] = "id",
    keep: Sequence[str] | None = None,
    result_prefix: str = "",
    **options: Unpack[GenerateOptions],
) -> DataFrame:
    """Continuations of prompts, which the column ``text`` holds; takes what :func:`summarize` takes.

    options: those of :class:`longwing.GenerateOptions`; ``model`` is needed.

    >>> import longwing
    >>> longwing.generate(prompts, text="prompt", model="/models/prose", max_new_tokens=40).show()
    """
    return _apply("generate", df, text, id, keep, result_prefix, {}, options)


def embed(
    df: DataFrame,
    text: str = "text",
    *,
    id: str | Sequence[str] = "id",
    keep: Sequence[str] | None = None,
    result_prefix: str = "",
    **options: Unpack[EmbedOptions],
) -> DataFrame:
    """The vector of each document, an array of floats; takes what :func:`summarize` takes.

    options: those of :class:`longwing.EmbedOptions`.

    >>> import longwing
    >>> longwing.embed(papers, text="body", normalize=True).select("id", "embedding").show()
    """
    return _apply("embed", df, text, id, keep, result_prefix, {}, options)


def commit(
    task: Literal["summarize", "classify", "answer", "generate", "embed"],
    df: DataFrame,
    text: str = "text",
    *,
    output: str | None = None,
    output_table: str | None = None,
    incremental: bool = True,
    id: str | Sequence[str] = "id",
    keep: Sequence[str] | None = None,
    result_prefix: str = "",
    **options: Any,
) -> str:
    """Computes the rows of a DataFrame and commits those to an output that it lacks, each once: for ``foreachBatch``.

    A batch that Spark repeats adds only what is missing of it, also where the checkpoint of the stream is lost. Returns
    what the command line would say at its end. On a classic session.

    task: the name of the job.
    output: the directory, or ``output_table`` a table, as the jobs of the command line write them.
    incremental: a document that comes again with another text replaces its row; otherwise both stay.
    options: those of the task, and of the columns as :func:`summarize` takes them.

    >>> import longwing
    >>> def summarize(batch, batch_id):
    ...     longwing.commit("summarize", batch, text="body", output="/lake/summaries")
    >>> papers.writeStream.foreachBatch(summarize).trigger(availableNow=True).start()
    """
    if is_remote(df.sparkSession):
        raise UserError(
            "Cannot commit a batch on Spark Connect: its client sees no output, expected a classic session;"
            " run the stream there, or use longwing with --stream"
        )
    arguments = _arguments(df, text, [id] if isinstance(id, str) else list(id), keep, result_prefix)
    places = {"output": output, "output-table": output_table} | option_texts(task, options)
    arguments += [f"--{name}={value}" for name, value in places.items() if value is not None]
    return commit_batch(task, df, arguments + (["--incremental"] if incremental else []))


def _apply(
    task: str,
    df: DataFrame,
    text: str,
    id: str | Sequence[str],
    keep: Sequence[str] | None,
    result_prefix: str,
    asked: Mapping[str, str | None],
    options: Mapping[str, Any],
) -> DataFrame:
    texts = option_texts(task, options)
    ids = [id] if isinstance(id, str) else list(id)
    if is_remote(df.sparkSession):
        return _remote(task, df, text, ids, _kept(df, ids, keep), result_prefix, asked, options)
    arguments = _arguments(df, text, ids, keep, result_prefix)
    arguments += [f"--{name}={value}" for name, value in asked.items() if value is not None]
    arguments += [f"--{name}={value}" for name, value in texts.items()]
    return run(task, df, arguments)


def _kept(df: DataFrame, ids: Sequence[str], keep: Sequence[str] | None) -> list[str]:
    return [name for name in df.columns if name not in ids] if keep is None else list(keep)


def _arguments(
    df: DataFrame, text: str, ids: Sequence[str], keep: Sequence[str] | None, result_prefix: str
) -> list[str]:
    """The columns, as the command line has them."""
    arguments = [f"--id-column={_name(name)}" for name in ids]
    arguments += [f"--keep-columns={_name(name)}" for name in _kept(df, ids, keep)]
    arguments.append(f"--text-column={text}")
    if result_prefix:
        arguments.append(f"--result-prefix={result_prefix}")
    return arguments


def option_texts(task: str, options: Mapping[str, Any]) -> dict[str, str]:
    """Options that are known and set, as the command line has them: names with dashes, values as text."""
    known = list(_OPTIONS[task].__annotations__)
    for name in options:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise UserError(
                f"Cannot use {name}: {task} has no such option, expected one of its own{hint};"
                f" see help(longwing.{task})"
            )
    return {name.replace("_", "-"): _value(name, value) for name, value in options.items() if value is not None}


def _name(column: str) -> str:
    """A name in a list of columns, as the command line quotes it."""
    return '"' + column.replace('"', '""') + '"'


def _value(name: str, value: Any) -> str:
    """An option as the command line has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        text = json.dumps(value, separators=(",", ":"))
        return text[1:-1] if name in COMMA_SEPARATED else text
    return str(value)


def _remote(
    task: str,
    df: DataFrame,
    text: str,
    ids: Sequence[str],
    keep: Sequence[str],
    prefix: str,
    asked: Mapping[str, str | None],
    options: Mapping[str, Any],
) -> DataFrame:
    """The result of a task on Spark Connect: by the stage of Spark ML, or by the function where a server takes none."""
    from pyspark.sql import functions as F

    given = {name: value for name, value in options.items() if value is not None}
    question = None
    if task == "answer":
        df, question, each = _asked(df, asked)
        keep = [*(name for name in keep if name not in each), *each]
    for name in [*ids, text, *([question] if question else [])]:
        if name.split(".")[0] not in df.columns and name not in df.columns:
            raise UserError(
                f'Cannot find the column "{name}": the DataFrame has {", ".join(df.columns)}, expected it among them;'
                " name another with id, text or question"
            )
    kept = [F.col(_quoted(name)) for name in [*ids, *keep]]
    staged = _staged(task, df, text, ids, question, given)
    if staged is not None:
        struct: Any = staged.schema[_RESULT].dataType
        return staged.select(*kept, *_fields(struct.names, prefix, [*ids, *keep]))
    if given:
        raise UserError(
            f"Cannot use {next(iter(given))} on this server of Spark Connect: it takes no stages of Spark ML from the"
            " jar, and functions take no options, expected a server that has the jar on its class path; leave the"
            f" option out, name the model with the setting spark.longwing.{task}.model, or use a classic session"
        )
    function = f"longwing_{task}"
    register(df.sparkSession, function)
    value = F.call_function(function, *(F.col(name) for name in [question, text] if name))
    called = df.select(*kept, (value if task in _OF_STRUCT else F.struct(value.alias(_COLUMN[task]))).alias(_RESULT))
    return called.select(*kept, *_fields(_OF_STRUCT.get(task) or [_COLUMN[task]], prefix, [*ids, *keep]))


def _asked(df: DataFrame, asked: Mapping[str, str | None]) -> tuple[DataFrame, str, list[str]]:
    """A row for each question, the column with it, and the columns that say which it is."""
    from pyspark.sql import functions as F

    one, several = asked.get("question-column"), asked.get("questions-column")
    if one and several:
        raise UserError(
            f"Cannot use both question {one} and questions {several}: expected one of them; leave out the other"
        )
    if not one and not several and "question" not in df.columns and "questions" in df.columns:
        several = "questions"
    if not several:
        return df, one or "question", []
    if several not in df.columns:
        raise UserError(
            f'Cannot find the column "{several}": the DataFrame has {", ".join(df.columns)}, expected it among them;'
            " name another with questions"
        )
    each = ["question", "question_index"]
    found = F.posexplode_outer(F.col(_quoted(several))).alias("question_index", "question")
    return df.select(*(F.col(_quoted(name)) for name in df.columns if name not in each), found), "question", each


def _fields(names: Sequence[str], prefix: str, kept: Sequence[str]) -> list[Column]:
    """The fields of the result as columns of their own."""
    from pyspark.sql import functions as F

    for name in names:
        if prefix + name in kept:
            raise UserError(
                f"Cannot keep column {prefix + name}: it is also the name of a result column, expected names that"
                " differ; set result_prefix, for instance longwing_, to rename the result columns"
            )
    return [F.col(_quoted(_RESULT)).getField(name).alias(prefix + name) for name in names]


def _staged(
    task: str, df: DataFrame, text: str, ids: Sequence[str], question: str | None, options: Mapping[str, Any]
) -> DataFrame | None:
    """The documents with all result columns in a struct; None where the server does not have the stage."""
    from . import ml

    columns = {"textCol": text, "outputCol": _VALUE, "errorCol": _ERROR, "resultCol": _RESULT}
    if question:
        columns["questionCol"] = question
    if len(ids) == 1:
        columns["idCol"] = ids[0]
    elif options.get("do_sample"):
        raise UserError(
            f"Cannot use do_sample on Spark Connect: there are {len(ids)} id columns, expected one; make one of them"
        )
    stage: Any = getattr(ml, _STAGES[task])
    try:
        values = {_camel_case(name): value for name, value in options.items()}
        return cast("DataFrame", stage(**columns, **values).transform(df))
    except NoStage:
        return None


def _camel_case(option: str) -> str:
    first, *others = option.split("_")
    return first + "".join(word.capitalize() for word in others)


def _quoted(column: str) -> str:
    return "`" + column.replace("`", "``") + "`"
