"""Sources as users have them: nested columns, partitioned Parquet, what Hugging Face's datasets write."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from conftest import short_documents
from pyspark.sql import SparkSession

import longwing


def hugging_face(folder: Path) -> None:
    """A dataset as its repository has it: shards with the features in their schema, large strings, cards beside."""
    folder.mkdir()
    (folder / "README.md").write_text("---\nconfigs:\n- config_name: default\n---\n# Papers\n", encoding="utf-8")
    (folder / ".gitattributes").write_text("*.parquet filter=lfs\n", encoding="utf-8")
    (folder / "data").mkdir()
    features = {"info": {"features": {"id": {"dtype": "string", "_type": "Value"}}}}
    documents = short_documents()
    for shard, document in enumerate(documents):
        table = pa.table(
            {
                "id": pa.array([document["id"]], pa.large_string()),
                "body": pa.array(
                    [{"text": document["body"], "sections": ["a", "b"]}],
                    pa.struct([("text", pa.large_string()), ("sections", pa.list_(pa.large_string()))]),
                ),
                "label": pa.array([shard], pa.int64()),
            }
        ).replace_schema_metadata({"huggingface": json.dumps(features)})
        pq.write_table(table, folder / "data" / f"train-{shard:05}-of-{len(documents):05}.parquet")


def command(*arguments: str) -> None:
    run = subprocess.run(
        [Path(sys.executable).parent / "longwing", *arguments], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_dataset_of_hugging_face_with_a_nested_text(spark: SparkSession, tmp_path: Path) -> None:
    hugging_face(tmp_path / "papers")
    here = longwing.summarize(spark.read.parquet(str(tmp_path / "papers" / "data")), "body.text", keep=["label"])

    arguments = ["--text-column", "body.text", "--keep-columns", "label", "--output", str(tmp_path / "out")]
    command("summarize", "--input", str(tmp_path / "papers"), "--format", "parquet", *arguments)

    columns = ["id", "label", "summary", "fingerprint", "error"]
    rows = here.select(columns).orderBy("id").collect()
    assert len(rows) == 2
    assert all(row.summary for row in rows)
    assert spark.read.parquet(str(tmp_path / "out")).select(columns).orderBy("id").collect() == rows


def test_partitions_of_parquet_are_columns_that_can_be_kept(spark: SparkSession, tmp_path: Path) -> None:
    documents = [(d["id"], d["body"], lang) for d, lang in zip(short_documents(), ("en", "de"), strict=True)]
    table = spark.createDataFrame(documents, "id string, text string, lang string")
    table.write.partitionBy("lang").parquet(str(tmp_path / "papers"))

    rows = longwing.embed(spark.read.parquet(str(tmp_path / "papers"))).orderBy("id").collect()
    arguments = ["--keep-columns", "lang", "--partition-by", "lang", "--output", str(tmp_path / "out")]
    command("embed", "--input", str(tmp_path / "papers"), *arguments)

    written = spark.read.parquet(str(tmp_path / "out")).orderBy("id").collect()
    assert [(row.id, row.lang, row.embedding) for row in rows] == [(r.id, r.lang, r.embedding) for r in written]
    assert {row.id: row.lang for row in rows} == {identity: lang for identity, _, lang in documents}
