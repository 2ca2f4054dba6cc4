"""Parses the DAG as Airflow does: no import error, one DAG, its command."""

import subprocess
from pathlib import Path

subprocess.run(["airflow", "db", "migrate"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

from airflow.dag_processing.dagbag import DagBag  # the database has to be there first

bag = DagBag(dag_folder=str(Path("airflow").resolve()))
if bag.import_errors:
    raise SystemExit(f"airflow/longwing_nightly.py: {bag.import_errors}")
dag = bag.dags["longwing_nightly"]
command = dag.get_task("summarize").bash_command
if "--incremental" not in command or dag.max_active_runs != 1 or dag.catchup:
    raise SystemExit(f"airflow/longwing_nightly.py: {command}")
print(f"airflow/longwing_nightly.py: Airflow {__import__('airflow').__version__} reads the DAG {dag.dag_id}")
