"""A document has the same row from every entry that Python has.

Spark Connect (test_connect) and the command line (test_sources) have tests of their own; in the jar's tests the command
is compared with SQL, Java and Spark ML for all tasks.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

import longwing
from longwing import ml

TASKS: dict[str, tuple[type, str, dict[str, Any]]] = {
    "summarize": (ml.Summarizer, "summary", {"num_beams": 2, "max_sentences": 1}),
    "classify": (ml.DocumentClassifier, "label", {"top_k": 2}),
    "answer": (ml.QuestionAnswerer, "answer", {"n_best": 1, "max_source_tokens": 256, "no_answer_threshold": 1000.0}),
    "generate": (ml.TextGenerator, "generated", {"max_new_tokens": 4, "max_prompt_tokens": 32}),
    "embed": (ml.DocumentEmbedder, "embedding", {"normalize": True}),
}


@pytest.fixture(scope="module")
def documents(spark: SparkSession, papers: DataFrame) -> DataFrame:
    """Two that are read and one that is not."""
    empty = spark.createDataFrame([("empty", "")], "id string, text string")
    both = papers.select("id", F.col("body").alias("text")).union(empty)
    return both.withColumn("question", F.lit("Which one?"))


def by_id(rows: DataFrame, columns: list[str]) -> dict[str, dict[str, Any]]:
    return {row.id: {name: row[name] for name in columns} for row in rows.select("id", *columns).collect()}


@pytest.mark.parametrize("task", TASKS)
def test_every_entry_gives_the_same_rows(spark: SparkSession, documents: DataFrame, prose: Path, task: str) -> None:
    stage, value, options = TASKS[task]
    if task == "generate":  # for which the jar carries no model
        options = {**options, "model": str(prose)}
    documents.createOrReplaceTempView("documents")
    texts = {name: "true" if option is True else str(option) for name, option in options.items()}
    words = ", ".join(f"'{name}', '{text}'" for name, text in texts.items())
    arguments = "question, text" if task == "answer" else "text"

    called = getattr(longwing, task)(documents, keep=[] if task != "answer" else ["question"], **options)
    columns = [name for name in called.columns if name not in ("id", "question")]
    expected = by_id(called, columns)
    assert expected["empty"]["error"]["class"] == "EmptyText"
    assert all(row[value] for identity, row in expected.items() if identity != "empty")

    of_table = spark.sql(f"SELECT * FROM longwing_{task}(TABLE(documents), 'text', map({words}))")
    assert by_id(of_table, columns) == expected, "table function"
    camel = {re.sub("_(.)", lambda letter: letter[1].upper(), name): option for name, option in options.items()}
    staged = stage(idCol="id", outputCol="out", resultCol="all", **camel).transform(documents)
    assert by_id(staged.select("id", "all.*"), columns) == expected, "stage of Spark ML"
    of_rows = spark.sql(f"SELECT id, longwing_{task}({arguments}, map({words})) AS value FROM documents")
    for identity, row in by_id(of_rows, ["value"]).items():
        found = row["value"][value] if task in ("classify", "answer") and row["value"] else row["value"]
        assert found == expected[identity][value], "SQL function"
