"""Longwing in a session: through the JVM beside Python, or on Spark Connect through functions that are registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._errors import UserError, java_failure, sentence_for_python
from ._jar import jar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import DataFrame, SparkSession

#: The SQL function of each task: its class and what it gives.
FUNCTIONS = {
    "longwing_summarize": ("io.github.longwing.spark.SummarizeFunction", "string"),
    "longwing_classify": (
        "io.github.longwing.spark.ClassifyFunction",
        "struct<label: string, probability: double, labels: array<struct<label: string, probability: double>>>",
    ),
    "longwing_answer": (
        "io.github.longwing.spark.AnswerFunction",
        "struct<answer: string, score: double, begin: int, end: int>",
    ),
    "longwing_generate": ("io.github.longwing.spark.GenerateFunction", "string"),
    "longwing_embed": ("io.github.longwing.spark.EmbedFunction", "array<float>"),
}


def is_remote(session: SparkSession) -> bool:
    """Whether the session is on Spark Connect, where there is no JVM beside Python."""
    return type(session).__module__.startswith("pyspark.sql.connect")


def run(task: str, documents: DataFrame, arguments: Sequence[str]) -> DataFrame:
    """The result of a task on a classic session."""
    session = documents.sparkSession
    jvm: Any = getattr(session, "_jvm")  # noqa: B009, it is no part of PySpark's types
    gateway = _gateway(jvm)
    words = jvm.java.util.ArrayList()
    for argument in arguments:
        words.add(argument)
    try:
        result = gateway.apply(task, getattr(documents, "_jdf"), words)  # noqa: B009
    except Exception as error:
        failure = java_failure(error)
        if failure is None or not gateway.isUserError(failure):
            raise
        raise UserError(sentence_for_python(gateway.sentence(failure))) from None
    from pyspark.sql.classic.dataframe import DataFrame as ClassicDataFrame

    return ClassicDataFrame(result, session)


def _gateway(jvm: Any) -> Any:
    """The class of the jar that takes a task; what the JVM does not know is a package to py4j."""
    from py4j.java_gateway import JavaClass

    found = jvm.io.github.longwing.jobs.DataFrameTasks
    if not isinstance(found, JavaClass):
        raise UserError(
            "Cannot use Longwing in this session: its jar is not on the class path, expected a session from"
            " longwing.configure(SparkSession.builder); begin with that in a new Python process, or make the jar that"
            " longwing.jar() names a library of the cluster"
        )
    return found


def register(session: SparkSession, function: str) -> None:
    """Makes a SQL function known to the session, unless it is; on Spark Connect the jar goes to the server first."""
    if session.catalog.functionExists(function):
        return
    if is_remote(session):
        session.addArtifacts(jar())
    else:
        _gateway(getattr(session, "_jvm"))  # noqa: B009
    class_name, returns = FUNCTIONS[function]
    session.udf.registerJavaFunction(function, class_name, returns)
