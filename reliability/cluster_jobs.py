"""Runs each job twice on the same documents: here, and on a cluster of two workers, of which one is killed half-way. The job
must go on by itself; its rows must be those of the local run, and no finished slice may be done again.

The models are small and random: what is tested is what Spark does with them. The exit status is 1 where anything was wrong.
"""

import argparse
import datetime
import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import outputs
from cluster import Cluster, kill_tree

ROOT = Path(__file__).resolve().parent.parent
TINY = ROOT / "jobs/src/test/resources/tiny"
VOCABULARY = ROOT / "models/src/main/resources/io/github/longwing/models/sentence-summarizer/spiece.model"
JOBS = {
    "summarize": ("summaries", ["--num-beams", "2", "--min-length", "0", "--max-new-tokens", "8"]),
    "classify": ("labels", []),
    "answer": ("answers", ["--n-best", "2"]),
    "generate": ("prompts", ["--num-beams", "2", "--max-new-tokens", "5"]),
    "embed": ("summaries", ["--normalize"]),
}
WORDS = "sea boat wind field storm owl river hill stone bridge mill water rain town road night".split()
PATIENCE = 1200


def arguments_of(command_line):
    parser = argparse.ArgumentParser(prog="reliability/cluster", description=__doc__)
    parser.add_argument("--jobs", default=",".join(JOBS), help=f"with commas between them ({','.join(JOBS)})")
    parser.add_argument("--documents", type=int, default=1500, help="of the corpus (1500)")
    parser.add_argument("--seed", type=int, default=1, help="of the corpus and of which worker is killed (1)")
    parser.add_argument("--longwing", default=str(ROOT / "bin" / "longwing"), help="the command (bin/longwing)")
    parser.add_argument("--directory", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args(command_line)


def write_corpus(path, documents, draw):
    with open(path, "w", encoding="utf-8") as out:
        for i in range(documents):
            words = 300 if i % 50 == 7 else draw.randint(5, 60)  # some are longer than the models' 256 positions
            text = "" if i % 100 == 11 else " ".join(draw.choice(WORDS) for _ in range(words)) + "."
            out.write(json.dumps({"id": f"d{i}", "text": text, "question": "Where does the boat go?"}) + "\n")


class Comparison:
    """One job, here and on the cluster."""

    def __init__(self, options, cluster, job):
        self.options = options
        self.cluster = cluster
        self.job = job
        self.directory = options.directory / job
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True)
        self.log = self.directory / "log"

    def run(self, draw):
        model = self.tiny_model()
        here, there = self.directory / "local", self.directory / "out"
        self.end(self.start(model, here, None))
        slices = outputs.Slices(there)
        begun = time.monotonic()
        process = self.start(model, there, self.cluster)
        killed_at = self.kill_half_way(process, slices, draw)
        status = self.end(process, slices)
        seconds = time.monotonic() - begun
        expected, rows = outputs.read_arrow(here), outputs.read_arrow(there)
        wrong = list(dict.fromkeys(slices.wrong))
        if status:
            wrong.append(f"the job ended with status {status}")
        if killed_at in (None, self.options.documents):
            wrong.append("the job was over before a worker could be killed: take more --documents")
        if expected.total() != self.options.documents:
            wrong.append(f"the local run has {expected.total()} rows")
        if slices.rows() != self.options.documents:
            wrong.append(f"the slices have {slices.rows()} rows: some were done again, or are missing")
        missing, extra = (expected - rows).total(), (rows - expected).total()
        if missing or extra:
            wrong.append(f"{missing} rows are missing or differ, {extra} are other rows")
        errors = sum(1 for row in expected.elements() if json.loads(row)["error"])
        print(
            f"| {self.job} | {rows.total():,}, {errors} of them errors | {len(slices.records)} | after {killed_at or 0:,} rows "
            f"| {missing} | {extra} | {seconds:.0f} s | {'; '.join(wrong) or 'equal'} |",
            flush=True,
        )
        if not wrong:
            shutil.rmtree(self.directory)
        return not wrong

    def tiny_model(self):
        name, _ = JOBS[self.job]
        model = self.directory / "model"
        model.mkdir()
        for file in (TINY / name).iterdir():
            shutil.copy(file, model)
        shutil.copy(VOCABULARY, model)
        return model

    def start(self, model, output, cluster):
        command = [self.options.longwing, self.job, "--model", str(model), "--input", str(self.options.directory / "corpus.jsonl"),
                   "--output", str(output), "--slice-minutes", "0.005", *JOBS[self.job][1]]
        environment = dict(os.environ)
        if cluster:
            command += ["--master", cluster.url, "--conf", "spark.executor.memory=800m", "--conf",
                        "spark.driver.host=localhost", "--conf", "spark.driver.bindAddress=127.0.0.1"]
        else:
            environment.pop("SPARK_HOME", None)
            command += ["--master", "local[2]"]
        with open(self.log, "ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment,
                                    start_new_session=True)

    def kill_half_way(self, process, slices, draw):
        """Gives how many rows were committed by then; None where the job had ended."""
        while process.poll() is None:
            slices.wrong += slices.look()
            if slices.rows() >= self.options.documents / 5 and len(self.cluster.executors()) == 2:
                rows = slices.rows()
                self.cluster.kill_worker(draw)
                return rows
            time.sleep(0.05)
        return None

    def end(self, process, slices=None):
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None:
            if time.monotonic() > deadline:
                kill_tree(process.pid)
                sys.exit(f"{self.job} does not end within {PATIENCE} s; see {self.log}")
            if slices:
                slices.wrong += slices.look()
            time.sleep(0.2)
        if slices:
            slices.wrong += slices.look()
        elif process.returncode:
            sys.exit(f"{self.job} ends with status {process.returncode} without a cluster; see {self.log}")
        return process.returncode


def main(options):
    if not os.environ.get("SPARK_HOME"):
        sys.exit("Cannot run on a cluster: SPARK_HOME is not set, expected an installed Spark 4, such as PyPI's pyspark")
    options.directory.mkdir(parents=True, exist_ok=True)
    draw = random.Random(options.seed)
    write_corpus(options.directory / "corpus.jsonl", options.documents, draw)
    cluster = Cluster(os.environ["SPARK_HOME"], options.directory / "processes")
    print(f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}, {options.documents} documents, {os.cpu_count()} cores\n")
    print("| job | rows | slices | a worker killed | missing or different | other rows | time on the cluster | |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    try:
        good = [Comparison(options, cluster, job).run(draw) for job in options.jobs.split(",")]
    finally:
        cluster.stop()
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(arguments_of(sys.argv[1:])))
