"""Long documents in Spark: summaries, labels, answers, continuations and vectors.

>>> import longwing
>>> from pyspark.sql import SparkSession
>>> spark = longwing.configure(SparkSession.builder).getOrCreate()
>>> longwing.show(longwing.summarize(spark.read.json("papers.jsonl"), text="body", num_beams=4))
"""

from ._errors import UserError
from ._jar import configure, jar
from ._options import AnswerOptions, ClassifyOptions, EmbedOptions, GenerateOptions, SummarizeOptions
from ._show import show
from ._tasks import answer, classify, commit, embed, generate, summarize

__all__ = [
    "AnswerOptions",
    "ClassifyOptions",
    "EmbedOptions",
    "GenerateOptions",
    "SummarizeOptions",
    "UserError",
    "answer",
    "classify",
    "commit",
    "configure",
    "embed",
    "generate",
    "jar",
    "show",
    "summarize",
]
