"""The Transformers on a classic session: Params, pipelines, saving, refusals."""

import subprocess
import sys
from pathlib import Path

import pytest
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.feature import VectorSlicer
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

import longwing
from longwing import ml

STAGES = [getattr(ml, name) for name in ml.__all__]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def test_there_is_a_param_with_setter_and_getter_for_each_of_the_java_stage(spark: SparkSession, stage: type) -> None:
    made = stage()

    java = {param.name() for param in made._java_obj.params()}
    assert {param.name for param in made.params} == java
    for name in java:
        capital = name[0].upper() + name[1:]
        assert callable(getattr(made, f"set{capital}"))
        assert callable(getattr(made, f"get{capital}"))
    assert {param.name: value for param, value in made.extractParamMap().items()} == {
        pair.param().name(): pair.value() for pair in list(_java_list(made._java_obj.extractParamMap().toSeq()))
    }, "the defaults are those of Java"


def _java_list(seq: object) -> list[object]:
    return [seq.apply(i) for i in range(seq.size())]  # type: ignore[attr-defined]


def test_a_stage_adds_its_result_and_an_error(spark: SparkSession, papers: DataFrame) -> None:
    documents = papers.select("id", "body").union(spark.createDataFrame([("empty", "")], "id string, body string"))

    stage = ml.Summarizer(textCol="body", maxSentences=1).setResultCol("all").setErrorCol("failed").setIdCol("id")
    rows = {row.id: row for row in stage.transform(documents).collect()}

    direct = longwing.summarize(documents, "body", keep=[], max_sentences=1).collect()
    for row in direct:
        staged = rows[row.id]
        assert (staged.summary, staged.failed) == (row.summary, row.error)
        assert {name: value for name, value in staged.all.asDict().items() if name != "fingerprint"} == {
            name: value for name, value in row.asDict().items() if name not in ("id", "fingerprint")
        }
    assert rows["empty"].failed["class"] == "EmptyText"


def test_values_have_the_forms_of_python(spark: SparkSession) -> None:
    stage = ml.Summarizer(numBeams=3, earlyStopping=True, suppressTokens=[5, 6], seed=2**40, lengthPenalty=1)
    stage.setBadWordsIds([[17], [33, 40]]).setSequenceBias([([33, 40], -2.5)]).setParams(doSample=False, model=None)

    assert stage.getNumBeams() == 3
    assert stage.getEarlyStopping() == "true"
    assert stage.getSuppressTokens() == "5,6"
    assert stage.getBadWordsIds() == "[[17],[33,40]]"
    assert stage.getSequenceBias() == "[[[33,40],-2.5]]"
    assert stage.getLengthPenalty() == 1.0
    assert not stage.isSet(stage.model)
    assert "numBeams: Beams of beam search" in stage.explainParams()


def test_a_pipeline_is_saved_and_loaded(spark: SparkSession, papers: DataFrame, tmp_path: Path) -> None:
    stages = [
        ml.Summarizer(textCol="body", maxSentences=1),
        ml.DocumentEmbedder(textCol="summary", normalize=True),
        VectorSlicer(inputCol="embedding", outputCol="slice", indices=[0, 1]),
    ]
    fitted = Pipeline(stages=stages).fit(papers)
    fitted.write().overwrite().save(str(tmp_path / "fitted"))
    Pipeline(stages=stages).save(str(tmp_path / "pipeline"))

    loaded = PipelineModel.load(str(tmp_path / "fitted"))
    columns = ["summary", "summary_error", "slice"]
    assert loaded.transform(papers).select(columns).collect() == fitted.transform(papers).select(columns).collect()
    assert isinstance(loaded.stages[0], ml.Summarizer)
    assert loaded.stages[0].uid == stages[0].uid
    assert [type(stage) for stage in Pipeline.load(str(tmp_path / "pipeline")).getStages()[:2]] == [
        ml.Summarizer,
        ml.DocumentEmbedder,
    ]
    stages[0].write().overwrite().save(str(tmp_path / "stage"))
    again = ml.Summarizer.load(str(tmp_path / "stage"))
    assert (again.getTextCol(), again.getMaxSentences()) == ("body", 1)


def test_a_process_that_has_longwing_finds_stages_that_were_saved() -> None:
    script = (
        "import longwing; m = __import__('io.github.longwing.spark.ml', fromlist=['Summarizer'])\n"
        "print(m.Summarizer.__module__, hasattr(m, '__path__'))\n"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert said == "longwing.ml False\n"


def test_a_copy_does_not_change_the_first(spark: SparkSession) -> None:
    stage = ml.Summarizer(numBeams=2)

    copy = stage.copy({stage.numBeams: 3, stage.maxLength: 9})

    assert (copy.getNumBeams(), copy.getMaxLength(), stage.getNumBeams()) == (3, 9, 2)
    assert not stage.isSet(stage.maxLength)
    assert stage._java_obj.explainParams().count("current: ") <= 1


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda df: ml.Summarizer(numBeams=0), "num_beams is 0, expected at least 1"),
        (lambda df: ml.Summarizer(numBeams="four"), "Cannot set numBeams: it is 'four', expected an integer"),
        (lambda df: ml.Summarizer(numBeams=2**31), "Cannot set numBeams: it is 2147483648, expected an integer"),
        (lambda df: ml.Summarizer(doSample=1), "Cannot set doSample: it is 1, expected True or False"),
        (lambda df: ml.Summarizer(num_beams=4), "Cannot set num_beams: Summarizer has no such Param, expected one of"),
        (lambda df: ml.DocumentClassifier(threshold=2), "threshold: it is 2.0, expected a number from 0 to 1"),
        (lambda df: ml.DocumentEmbedder(outputType="list"), "outputType"),
        (lambda df: ml.Summarizer(textCol="bodi").transform(df), "textCol is bodi, expected one of the columns"),
        (lambda df: ml.Summarizer(textCol="year").transform(df), "year is int, expected string or binary"),
        (lambda df: ml.Summarizer(model="/no/such/model", textCol="body").transform(df), "/no/such/model"),
        (lambda df: ml.TextGenerator(textCol="body").transform(df), "Cannot generate: there is no model, expected"),
    ],
)
def test_what_the_user_can_mend_is_one_sentence(papers: DataFrame, call: object, sentence: str) -> None:
    with pytest.raises(longwing.UserError) as caught:
        call(papers)  # type: ignore[operator]

    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__, "no stack trace of Java above it"


def test_labels_as_a_stage_are_those_of_the_function(papers: DataFrame) -> None:
    stage = ml.DocumentClassifier(textCol="body", outputCol="found")

    staged = {row.id: row.found.label for row in stage.transform(papers).collect()}

    assert staged == {row.id: row.label for row in longwing.classify(papers, "body", keep=[]).collect()}


def test_vectors_are_of_spark_ml_or_arrays(papers: DataFrame) -> None:
    from pyspark.ml.functions import vector_to_array

    vectors = ml.DocumentEmbedder(textCol="body").transform(papers).select(vector_to_array("embedding").alias("v"))
    arrays = ml.DocumentEmbedder(textCol="body", outputType="array").transform(papers)

    assert vectors.where(F.size("v") > 0).count() == 2
    assert arrays.first().embedding == vectors.first().v
