"""The jar that reads PDF, HTML and Word for longwing, which finds this package by itself."""

from pathlib import Path

__all__ = ["jar"]


def jar() -> str:
    """The path of the jar.

    >>> import longwing_readers
    >>> longwing_readers.jar().endswith(".jar")
    True
    """
    return str(next((Path(__file__).parent / "jars").glob("longwing-readers-*.jar")))
