"""The tasks on Spark Connect, in a process of its own: PySpark has one kind of session for each process."""

import subprocess
import sys

from conftest import short_documents

SCRIPT = """
import json, sys
import longwing
from longwing import functions as LF
from pyspark.sql import SparkSession, functions as F

url, documents = sys.argv[1], json.loads(sys.argv[2])
spark = longwing.configure(SparkSession.builder.remote(url)).getOrCreate()
papers = spark.createDataFrame([(d["id"], d["body"]) for d in documents], "id string, body string")
result = longwing.summarize(papers, text="body", result_prefix="of_")
print(json.dumps(result.columns))
print(json.dumps([row.of_summary for row in result.collect()]))
print(json.dumps(papers.select(F.size(LF.embed("body")).alias("n")).first().n))
for wrong in (lambda: longwing.summarize(papers, text="body", num_beams=4), lambda: longwing.summarize(papers)):
    try:
        wrong()
    except longwing.UserError as error:
        print(json.dumps(str(error)))
"""


def test_functions_are_registered_and_the_jar_goes_to_the_server(remote_url: str) -> None:
    import json

    documents = short_documents()
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, remote_url, json.dumps(documents)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    columns, summaries, size, no_option, no_column = map(json.loads, run.stdout.splitlines())

    assert columns == ["id", "body", "of_summary"]
    assert len(summaries) == 2
    assert all(summary for summary in summaries)
    assert size > 0
    assert no_option.startswith("Cannot use num_beams on Spark Connect: functions there take no options")
    assert no_column.startswith('Cannot find the column "text": the DataFrame has id, body')
