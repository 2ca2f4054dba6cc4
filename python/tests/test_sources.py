"""Sources as users have them: what Hugging Face's datasets write, nested columns, partitioned Parquet."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from conftest import short_documents
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

import longwing


def write_dataset(folder: Path) -> None:
    """As a repository of Hugging Face: features in the schema of each shard, large strings, a card; in partitions."""
    folder.mkdir()
    (folder / "README.md").write_text("---\nconfigs:\n- config_name: default\n---\n# Papers\n", encoding="utf-8")
    (folder / ".gitattributes").write_text("*.parquet filter=lfs\n", encoding="utf-8")
    features = {"info": {"features": {"id": {"dtype": "string", "_type": "Value"}}}}
    for document, lang in zip(short_documents(), ("en", "de"), strict=True):
        table = pa.table(
            {
                "id": pa.array([document["id"]], pa.large_string()),
                "body": pa.array(
                    [{"text": document["body"], "sections": ["a", "b"]}],
                    pa.struct([("text", pa.large_string()), ("sections", pa.list_(pa.large_string()))]),
                ),
                "label": pa.array([7], pa.int64()),
            }
        ).replace_schema_metadata({"huggingface": json.dumps(features)})
        (folder / "data" / f"lang={lang}").mkdir(parents=True)
        pq.write_table(table, folder / "data" / f"lang={lang}" / "train-00000-of-00001.parquet")


def test_datasets_with_nested_texts_and_partitions_give_the_same_rows_from_python_and_the_command_line(
    spark: SparkSession, tmp_path: Path
) -> None:
    write_dataset(tmp_path / "papers")
    arguments = ["--input", str(tmp_path / "papers" / "data"), "--output", str(tmp_path / "out")]
    arguments += ["--text-column", "body.text", "--keep-columns", "label,lang", "--partition-by", "lang"]
    run = subprocess.run(
        [Path(sys.executable).parent / "longwing", "summarize", *arguments, "--num-beams", "2"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr

    dataset = spark.read.parquet(str(tmp_path / "papers" / "data"))
    called = longwing.summarize(dataset, "body.text", keep=["label", "lang"], num_beams=2)
    rows = called.orderBy("id").collect()

    assert [(row.label, row.lang, row.error) for row in rows] == [(7, "de", None), (7, "en", None)]
    assert all(row.summary for row in rows)
    written = spark.read.parquet(str(tmp_path / "out")).withColumn("lang", F.col("lang").cast("string"))
    assert written.select(called.columns).orderBy("id").collect() == rows
