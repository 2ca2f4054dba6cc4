"""Longwing on Spark Connect, in a process of its own: PySpark has one kind of session for each process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import short_documents
from pyspark.sql import DataFrame

import longwing

SCRIPT = """
import json, sys
import longwing
from longwing import functions as LF, ml
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.feature import VectorSlicer
from pyspark.sql import SparkSession, functions as F

url, documents, reader, place = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3], sys.argv[4]
spark = longwing.configure(SparkSession.builder.remote(url)).getOrCreate()
papers = spark.createDataFrame([(d["id"], d["body"]) for d in documents] + [("empty", "")], "id string, body string")


def say(name, value):
    print(json.dumps({name: value}, default=lambda row: row.asDict()), flush=True)


def rows(df):
    return [row.asDict(recursive=True) for row in df.orderBy(df.columns[0]).collect()]


result = longwing.summarize(papers, text="body", result_prefix="of_", num_beams=2, max_sentences=1)
say("columns", result.columns)
say("summaries", rows(result))
asked = papers.limit(1).withColumn("questions", F.array(F.lit("Who?"), F.lit("Where?")))
answers = longwing.answer(asked, text="body", keep=[], model=reader, n_best=1, max_source_tokens=256)
say("answers", rows(answers.select("question_index", "question", "answer")))

embedder = ml.DocumentEmbedder(textCol="body", normalize=True)
stages = [embedder, VectorSlicer(inputCol="embedding", outputCol="some", indices=[0])]
pipeline = Pipeline(stages=stages).fit(papers.limit(2))
pipeline.write().overwrite().save(place)
loaded = PipelineModel.load(place)
say("pipeline", [type(stage).__name__ for stage in loaded.stages])
sliced = [df.transform(papers.limit(2)).select("id", F.col("some").cast("string")) for df in (pipeline, loaded)]
say("equal", rows(sliced[0]) == rows(sliced[1]))

say("size", papers.limit(1).select(F.size(LF.embed("body")).alias("n")).first().n)
for name, wrong in {
    "no value": lambda: longwing.summarize(papers, text="body", num_beams=0),
    "no form": lambda: longwing.summarize(papers, text="body", num_beams="four"),
    "no option": lambda: longwing.summarize(papers, text="body", num_beems=2),
    "no column": lambda: longwing.summarize(papers),
    "no model": lambda: longwing.classify(papers, text="body", model="/no/such/model"),
    "taken": lambda: longwing.summarize(papers.withColumn("summary", F.lit(1)), text="body"),
    "by class": lambda: LF.embed("body", normalize=True),
    "stage": lambda: ml.Summarizer(textCol="bodi").transform(papers),
}.items():
    try:
        wrong()
    except longwing.UserError as error:
        say(name, str(error))

# a server that takes no stages, as some platforms have
import longwing._tasks
longwing._tasks._staged = lambda *_: None
say("by function", rows(longwing.summarize(papers, text="body")))
try:
    longwing.summarize(papers, text="body", num_beams=2)
except longwing.UserError as error:
    say("no stages", str(error))
"""


@pytest.fixture(scope="module")
def said(remote_url: str, contract_reader: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    place = str(tmp_path_factory.mktemp("saved") / "pipeline")
    arguments = [remote_url, json.dumps(short_documents()), str(contract_reader), place]
    run = subprocess.run([sys.executable, "-c", SCRIPT, *arguments], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    found: dict[str, object] = {}
    for line in run.stdout.splitlines():
        found |= json.loads(line)
    return found


def test_the_jar_goes_to_the_server_and_rows_are_those_of_a_classic_session(said: dict, papers: DataFrame) -> None:
    here = longwing.summarize(papers, text="body", keep=[], result_prefix="of_", num_beams=2, max_sentences=1)

    assert said["columns"] == ["id", "body", *here.columns[1:]]
    *read, empty = sorted(said["summaries"], key=lambda row: row["id"] == "empty")
    assert empty["of_error"]["class"] == "EmptyText"
    for row in here.collect():
        (there,) = [other for other in read if other["id"] == row.id]
        del there["body"]
        assert there == json.loads(json.dumps(row.asDict(recursive=True)))


def test_several_questions_give_a_row_each(said: dict) -> None:
    assert [(row["question_index"], row["question"]) for row in said["answers"]] == [(0, "Who?"), (1, "Where?")]
    assert all(row["answer"] for row in said["answers"])


def test_stages_stand_in_pipelines_that_are_saved_and_loaded(said: dict) -> None:
    assert said["pipeline"] == ["DocumentEmbedder", "VectorSlicer"]
    assert said["equal"] is True


def test_functions_are_registered(said: dict) -> None:
    assert said["size"] > 0


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("no value", "num_beams is 0, expected at least 1"),
        ("no form", "Cannot set numBeams: it is 'four', expected an integer of 32 bits"),
        ("no option", "Cannot use num_beems: summarize has no such option"),
        ("no column", 'Cannot find the column "text": the DataFrame has id, body'),
        ("no model", "/no/such/model"),
        ("taken", "Cannot keep column summary: it is also the name of a result column"),
        ("stage", "textCol is bodi, expected one of the columns that the input has (id, body)"),
        ("by class", "Cannot use normalize in an expression here: this session has longwing_embed by its class"),
        ("no stages", "Cannot use num_beams on this server of Spark Connect"),
    ],
)
def test_what_the_user_can_mend_is_one_sentence(said: dict, name: str, sentence: str) -> None:
    assert sentence in said[name]
    assert "\n" not in said[name]


def test_where_a_server_takes_no_stages_the_functions_do_it(said: dict) -> None:
    assert {row["id"]: bool(row["summary"]) for row in said["by function"]} == {
        "empty": False,
        **{document["id"]: True for document in short_documents()},
    }
    assert list(said["by function"][0]) == ["id", "body", "summary"]
