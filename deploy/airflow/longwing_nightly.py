"""Every night: summarize what is new or changed. Copy this file into the folder of DAGs and make the three changes."""

import shlex
from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

# CHANGE 1: the jar on the workers of Airflow, or at a URI that spark-submit reads
JAR = "/opt/longwing/longwing.jar"

# CHANGE 2: how your Spark is reached, and how large an executor is
SPARK = [
    "spark-submit",
    "--master",
    "yarn",
    "--deploy-mode",
    "client",
    "--executor-cores",
    "8",
    "--executor-memory",
    "4g",
    "--conf",
    "spark.executor.memoryOverhead=8g",
]

# CHANGE 3: what is read, where it goes, with which model
ARGUMENTS = [
    "summarize",
    "--input",
    "hdfs:///lake/papers",
    "--output",
    "hdfs:///lake/summaries",
    "--model",
    "hdfs:///models/bigbird-pegasus-large-pubmed",
    "--incremental",
    "--stop-after",
    "5h",
    "--document-timeout",
    "30m",
    "--quiet",
]

with DAG(
    dag_id="longwing_nightly",
    schedule="0 1 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,  # a run takes all that is missing, whatever the night it belongs to
    max_active_runs=1,
    tags=["longwing"],
) as dag:
    BashOperator(
        task_id="summarize",
        # exec: the signal that Airflow sends reaches spark-submit, and what is finished is committed
        bash_command="exec " + shlex.join([*SPARK, "--class", "io.github.longwing.jobs.Longwing", JAR, *ARGUMENTS]),
        retries=2,  # a retry goes on where the last try stopped
        retry_delay=timedelta(minutes=5),
        execution_timeout=timedelta(hours=6),
    )
