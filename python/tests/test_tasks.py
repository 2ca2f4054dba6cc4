"""The tasks on a classic session, with the models that the jar carries and a random one for prompts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, short_documents
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

import longwing


def test_a_summary_has_all_columns_of_the_result_and_keeps_the_others(papers: DataFrame) -> None:
    result = longwing.summarize(papers, text="body")

    assert result.columns[:4] == ["id", "body", "year", "summary"]
    assert result.columns[-1] == "error"
    rows = {row.id: row for row in result.collect()}
    assert len(rows) == 2
    for paper in short_documents():
        row = rows[paper["id"]]
        assert row.error is None
        assert row.body == paper["body"]
        for sentence in row.sentences:
            assert paper["body"][sentence.begin : sentence.end] == sentence.text, "places count as Python counts"


def test_kept_columns_ids_and_a_prefix(papers: DataFrame) -> None:
    renamed = (
        papers.withColumnRenamed("id", "doi").withColumn("last, first", F.lit("x")).withColumn("summary", F.lit(1))
    )

    result = longwing.embed(renamed, "body", id=["doi", "year"], keep=["last, first", "summary"], result_prefix="of_")

    assert result.columns[:5] == ["doi", "year", "last, first", "summary", "of_embedding"]


def test_options_of_every_form_are_taken(papers: DataFrame) -> None:
    longwing.summarize(
        papers,
        text="body",
        model=None,  # type: ignore[typeddict-item]
        extractive=False,
        num_beams=3,
        early_stopping="never",
        length_penalty=0.8,
        suppress_tokens=[5, 6],
        bad_words_ids=[[17], [33, 40]],
        sequence_bias=[([33, 40], -2.5)],
        exponential_decay_length_penalty=(15, 1.01),
        document_timeout="10m",
        on_error="dropmalformed",
    )


def test_a_document_that_cannot_be_read_is_an_error_row(spark: SparkSession) -> None:
    empty = spark.createDataFrame([("a", None)], "id string, text string")

    assert longwing.summarize(empty).collect()[0].error["class"] == "EmptyText"


def test_batches_of_a_stream_are_committed_once(spark: SparkSession, tmp_path: Path) -> None:
    output = tmp_path / "out"
    (tmp_path / "in").mkdir()
    read = spark.readStream.schema("id string, body string").json(str(tmp_path / "in"))

    def embed(batch: DataFrame, _: int) -> None:
        longwing.commit("embed", batch, text="body", output=str(output), keep=[])

    def stream(checkpoint: str) -> None:
        batches = read.writeStream.foreachBatch(embed).trigger(availableNow=True)
        batches.option("checkpointLocation", str(tmp_path / checkpoint)).start().awaitTermination()

    for name, paper in zip(["one", "two"], short_documents(), strict=True):
        (tmp_path / "in" / f"{name}.json").write_text(json.dumps(paper) + "\n", encoding="utf-8")
        stream("checkpoint")
    files = sorted(path.name for path in output.glob("*.parquet"))
    stream("another")

    assert sorted(path.name for path in output.glob("*.parquet")) == files, "what is there is not computed again"
    rows = spark.read.parquet(str(output)).collect()
    assert sorted(row.id for row in rows) == sorted(paper["id"] for paper in short_documents())


def test_labels_and_continuations(papers: DataFrame, prose: Path) -> None:
    labels = longwing.classify(papers, text="body", keep=[]).collect()
    assert all(row.label and 0 < row.probability <= 1 for row in labels)

    prompts = papers.select("id", F.substring("body", 1, 60).alias("prompt"))
    continued = longwing.generate(prompts, text="prompt", model=str(prose), keep=[], max_new_tokens=8).collect()
    assert all(row.generated and row.error is None for row in continued)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda df: longwing.summarize(df, text="body", num_beems=4),
            "Cannot use num_beems: summarize has no such option, expected one of its own (did you mean num_beams?);"
            " see help(longwing.summarize)",
        ),
        (
            lambda df: longwing.summarize(df, text="body", window_overlap="x"),
            'Cannot use window_overlap: it is "x", expected a whole number; see help(longwing.summarize)',
        ),
        (
            lambda df: longwing.summarize(df, text="body", num_beams="four"),
            'num_beams is "four", expected an integer',
        ),
        (lambda df: longwing.summarize(df, text="bodi"), "bodi"),
        (lambda df: longwing.summarize(df, text="year"), "year"),
        (lambda df: longwing.summarize(df, text="body", id="doi"), "doi"),
        (lambda df: longwing.summarize(df, text="body", model="/no/such/model"), "/no/such/model"),
        (lambda df: longwing.generate(df, text="body"), "Cannot generate: there is no model, expected"),
        (
            lambda df: longwing.answer(df, "body", question="q", questions="qs", model="m"),
            "Cannot use both question q",
        ),
    ],
)
def test_what_the_user_can_mend_is_one_sentence_at_once(papers: DataFrame, call: object, sentence: str) -> None:
    with pytest.raises(longwing.UserError) as caught:
        call(papers)  # type: ignore[operator]

    said = str(caught.value)
    assert sentence in said
    assert "\n" not in said
    assert "--" not in said
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__, "no stack trace of Java above it"


def test_functions_of_columns(spark: SparkSession, papers: DataFrame) -> None:
    from longwing import functions as LF

    summary = LF.summarize("body", max_sentences=1, model=None)  # type: ignore[typeddict-item]
    row = papers.limit(1).select(summary.alias("s"), F.size(LF.embed(F.col("body"))).alias("n")).first()

    assert row is not None
    assert row.s in {r.summary for r in longwing.summarize(papers, text="body", max_sentences=1).collect()}
    assert row.n > 0
    with pytest.raises(longwing.UserError, match="Cannot use num_beems: summarize has no such option"):
        LF.summarize("body", num_beems=4)  # type: ignore[call-arg]


def test_a_session_without_the_jar_is_refused_with_what_to_do() -> None:
    script = (
        "import longwing; from pyspark.sql import SparkSession\n"
        "spark = SparkSession.builder.master('local[1]').config('spark.ui.enabled', 'false').getOrCreate()\n"
        "try: longwing.summarize(spark.range(1).selectExpr('id', \"'x' AS text\"))\n"
        "except longwing.UserError as error: print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert said.startswith("Cannot use Longwing in this session: its jar is not on the class path, expected a session")


def test_the_generated_options_are_those_of_the_commands(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "python" / "generate", tmp_path], check=True)

    for made in tmp_path.iterdir():
        packaged = Path(longwing.__file__).parent / made.name
        assert packaged.read_text(encoding="utf-8") == made.read_text(encoding="utf-8"), "run python/generate"


def test_the_jar_and_other_jars_are_on_the_builder() -> None:
    builder = longwing.configure(SparkSession.Builder().config("spark.jars", "/other.jar"))

    jars = builder._options["spark.jars"].split(",")
    assert jars[:2] == ["/other.jar", longwing.jar()]
    assert "longwing-readers" in jars[2]
    assert longwing.configure(builder)._options["spark.jars"].split(",") == jars, "once is enough"
