"""Where the jar is, and how a session gets it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ._errors import UserError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def jar() -> str:
    """The path of Longwing's jar, which is in this package.

    Give it to a cluster as a library, or to ``spark-submit --jars``; :func:`configure` does so for your own session.

    >>> import longwing
    >>> longwing.jar().endswith(".jar")
    True
    """
    found = next((Path(__file__).parent / "jars").glob("longwing-*.jar"), None)
    if found is None:
        raise UserError(
            "Cannot find the jar of Longwing: the package has none, expected one; install it from its wheel"
        )
    return str(found)


def jars() -> list[str]:
    """The jar, and that of the package ``longwing-readers`` if it is installed."""
    if find_spec("longwing_readers") is None:
        return [jar()]
    import longwing_readers

    return [jar(), longwing_readers.jar()]


def configure(builder: SparkSession.Builder) -> SparkSession.Builder:
    """Puts Longwing's jar among the jars of a session that is yet to be made; other jars stay.

    A session on Spark Connect gets the jar when it first needs it. Where a platform made the session, such as on
    Databricks, make the jar a library of the cluster instead.

    >>> import longwing
    >>> from pyspark.sql import SparkSession
    >>> spark = longwing.configure(SparkSession.builder).getOrCreate()
    """
    options: dict[str, str] = getattr(builder, "_options", {})
    if "spark.remote" in options:
        return builder
    named = [name.strip() for name in str(options.get("spark.jars") or "").split(",") if name.strip()]
    return builder.config("spark.jars", ",".join([*named, *(name for name in jars() if name not in named)]))
