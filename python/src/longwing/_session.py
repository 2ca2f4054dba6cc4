"""Longwing in a session: through the JVM beside Python, or on Spark Connect through the jar on its server."""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from ._errors import UserError, java_failure, sentence_for_python
from ._jar import jar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyspark.sql import DataFrame, SparkSession

#: The package of the stages of Spark ML in the jar.
JAVA_STAGES = "io.github.longwing.spark.ml"

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


class _SavedStages(ModuleType):
    """The stages under the name of their Java package, by which PySpark looks for those that were saved."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        from . import ml

        return getattr(ml, name)


sys.modules.setdefault(JAVA_STAGES, _SavedStages(JAVA_STAGES))


def is_remote(session: SparkSession) -> bool:
    """Whether the session is on Spark Connect, where there is no JVM beside Python."""
    return type(session).__module__.startswith("pyspark.sql.connect")


def run(task: str, documents: DataFrame, arguments: Sequence[str]) -> DataFrame:
    """The result of a task on a classic session."""
    from pyspark.sql.classic.dataframe import DataFrame as ClassicDataFrame

    return ClassicDataFrame(_call("apply", task, documents, arguments), documents.sparkSession)


def commit(task: str, documents: DataFrame, arguments: Sequence[str]) -> str:
    """Commits the result of a task on a classic session to an output, and says what was done."""
    return str(_call("commit", task, documents, arguments))


def _call(method: str, task: str, documents: DataFrame, arguments: Sequence[str]) -> Any:
    jvm: Any = getattr(documents.sparkSession, "_jvm")  # noqa: B009, it is no part of PySpark's types
    words = jvm.java.util.ArrayList()
    for argument in arguments:
        words.add(argument)
    tasks = gateway(jvm)
    try:
        return getattr(tasks, method)(task, getattr(documents, "_jdf"), words)  # noqa: B009
    except Exception as error:
        raise user_error(error) from None


def gateway(jvm: Any) -> Any:
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


def user_error(error: Exception) -> Exception:
    """A failure in Java as a UserError where the user can mend it, else itself."""
    failure = java_failure(error)
    if failure is not None:
        from pyspark import SparkContext

        tasks = gateway(SparkContext._jvm)
        return UserError(sentence_for_python(tasks.sentence(failure))) if tasks.isUserError(failure) else error
    said = re.match(r"\(io\.github\.longwing\.error\.UserException\) (.*)", str(error))  # of a server of Spark Connect
    return UserError(sentence_for_python(said[1])) if said else error


class NoStage(UserError):
    """The server of a session on Spark Connect does not take the stages of the jar."""


def analysed(session: SparkSession, transformed: Callable[[], DataFrame]) -> DataFrame:
    """What a stage gives on Spark Connect, once its server has looked at it; the jar goes there first if it must."""
    for _ in range(2):
        try:
            result = transformed()
            _ = result.schema
            return result
        except Exception as error:
            if "Unsupported ML operator" not in str(error):
                raise user_error(error) from None
        if not _send_jar(session):
            break
    raise NoStage(
        "Cannot use the stages of Spark ML on this server of Spark Connect: it does not take those of a client's jar,"
        " expected one that has the jar on its class path; put it there, or use a classic session"
    )


_HAVE_JAR: WeakSet[SparkSession] = WeakSet()
_HAVE_CLASSES: WeakSet[SparkSession] = WeakSet()


def _send_jar(session: SparkSession) -> bool:
    """Sends the jar to the server of Spark Connect, unless that was done."""
    if session in _HAVE_JAR:
        return False
    session.addArtifacts(jar())
    _HAVE_JAR.add(session)
    return True


def register(session: SparkSession, function: str) -> bool:
    """Makes a SQL function known to the session, unless it is; on Spark Connect the jar goes to the server first.

    Whether the function takes options, as the session's own do and those by their class do not.
    """
    if session.catalog.functionExists(function):
        return session not in _HAVE_CLASSES
    if is_remote(session):
        _send_jar(session)
    else:
        gateway(getattr(session, "_jvm"))  # noqa: B009
    class_name, returns = FUNCTIONS[function]
    session.udf.registerJavaFunction(function, class_name, returns)
    _HAVE_CLASSES.add(session)
    return False
