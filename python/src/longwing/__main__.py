"""The command line, on the Spark that is installed beside this package: ``longwing summarize --input papers ...``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ._errors import UserError
from ._jar import jars


def command(arguments: list[str]) -> list[str]:
    """What runs a command of Longwing: ``spark-submit`` with the jar and with the options that are Spark's.

    >>> command(["summarize", "--input", "papers", "--output", "out"])[-5:]
    ['summarize', '--input', 'papers', '--output', 'out']
    """
    longwing, *others = jars()
    settings: list[str] = []
    master = "local[*]"
    for i, argument in enumerate(arguments):
        name, separator, value = argument.partition("=")
        if name in ("--conf", "--master"):
            value = value if separator else "".join(arguments[i + 1 : i + 2])
            if name == "--master":
                master = value
            else:
                settings += ["--conf", value]
    if not any(setting.startswith("spark.driver.memory=") for setting in settings):
        settings += ["--driver-memory", "2g"]
    if others:
        settings += ["--jars", ",".join(others)]
    submit = ["--master", master, *settings, "--class", "io.github.longwing.jobs.Longwing", longwing]
    return [str(spark_home() / "bin" / "spark-submit"), *submit, *arguments]


def spark_home() -> Path:
    """The Spark that ``SPARK_HOME`` names, else that of the installed PySpark."""
    named = os.environ.get("SPARK_HOME")
    if named:
        return Path(named)
    try:
        import pyspark
    except ImportError:
        raise UserError(
            "Cannot run Longwing: there is no PySpark, expected version 4.0 to 4.2; pip install 'longwing[spark]'"
        ) from None
    return Path(pyspark.__file__).parent


def main() -> None:
    """Becomes the process of the command, so that its signals and its status are those of Longwing."""
    try:
        line = command(sys.argv[1:])
    except UserError as error:
        sys.exit(str(error))
    os.execv(line[0], line)


if __name__ == "__main__":
    main()
