"""Runs a job with a heap of fixed size, all of it resident from the start, and compares the resident size of its process
after so many documents with that after a tenth of them: what grows is native memory that nobody gives back.

The exit status is 1 where it grew by more than is allowed.
"""

import argparse
import datetime
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cluster import command_of, descendants, kill_tree

ROOT = Path(__file__).resolve().parent.parent
WORDS = (
    "river hill valley spring flood stone bridge mill water rain winter summer town field road night keeper council "
    "harbour paper letter question method result measure model study patient school market price"
).split()
SHORT = ["--max-new-tokens", "8", "--num-beams", "2"]
SAMPLES = 5  # around each of the two moments, whose median counts


def arguments_of(command_line):
    parser = argparse.ArgumentParser(prog="reliability/memory", description=__doc__)
    parser.add_argument("--documents", type=int, default=1000, help="after which the size is compared (1000)")
    parser.add_argument("--words", type=int, default=60, help="of a document, at most (60)")
    parser.add_argument("--heap", default="1g", help="of Java, from the start (1g)")
    parser.add_argument("--job", default="summarize", choices=["summarize", "embed"], help="(summarize)")
    parser.add_argument("--allowed", type=float, default=5, help="growth in percent (5)")
    parser.add_argument("--longwing", type=Path, default=ROOT / "bin" / "longwing", help="the command (bin/longwing)")
    return parser.parse_args(command_line)


def write_corpus(path, documents, words):
    draw = random.Random(1)
    with open(path, "w", encoding="utf-8") as out:
        for i in range(documents):
            sentences = []
            left = draw.randint(words // 3, words)
            while left > 0:
                length = min(left, draw.randint(5, 12))
                sentences.append(" ".join(draw.choice(WORDS) for _ in range(length)).capitalize() + ".")
                left -= length
            out.write(json.dumps({"id": i, "text": " ".join(sentences)}) + "\n")


def java_below(pid):
    for process in [pid, *descendants(pid)]:
        command = command_of(process)
        if "org.apache.spark.deploy.SparkSubmit" in command and "java" in command.split(" ")[0]:
            return process
    return None


def resident(pid):
    try:
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) * 1024
    except (OSError, TypeError):
        return None


def committed(output):
    """Rows of finished slices; how many documents are done, but for the last seconds."""
    rows = 0
    for record in sorted((output / "_longwing" / "slices").glob("[!.]*.json")):
        try:
            rows += sum(file["rows"] for file in json.loads(record.read_text())["files"])
        except (OSError, ValueError):
            continue
    return rows


def measure(options, directory):
    """Pairs of documents done and resident bytes, as often as a slice is committed."""
    corpus = directory / "corpus.jsonl"
    output = directory / "out"
    write_corpus(corpus, options.documents * 12 // 10, options.words)
    command = [str(options.longwing), options.job, "--input", str(corpus), "--output", str(output), "--master", "local[2]",
               "--slice-minutes", "0.01", "--conf", f"spark.driver.memory={options.heap}"]
    if options.job == "summarize":
        command += SHORT
    environment = {k: v for k, v in os.environ.items() if k != "SPARK_HOME"}
    environment["JAVA_TOOL_OPTIONS"] = f"-Xms{options.heap} -XX:+AlwaysPreTouch"
    samples = []
    with open(directory / "log", "wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            while process.poll() is None:
                done, java = committed(output), java_below(process.pid)
                size = resident(java) if java else None
                if size and done and (not samples or samples[-1][0] != done):
                    samples.append((done, size))
                time.sleep(0.2)
        finally:
            kill_tree(process.pid)
    if process.returncode:
        sys.exit(f"Cannot measure: the run ended with status {process.returncode}: "
                 + (directory / "log").read_text(errors="replace")[-600:])
    return samples


def around(samples, documents):
    """The median of the sizes nearest to so many documents."""
    nearest = sorted(samples, key=lambda sample: abs(sample[0] - documents))[:SAMPLES]
    return statistics.median(size for _, size in nearest), [done for done, _ in nearest]


def main(options):
    directory = Path(tempfile.mkdtemp(prefix="longwing-memory-"))
    begun = time.monotonic()
    try:
        samples = measure(options, directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    for done, size in samples[:: max(1, len(samples) // 20)]:
        print(f"{done:6} documents  {size / 1e6:8.0f} MB")
    early, early_at = around(samples, options.documents // 10)
    late, late_at = around(samples, options.documents)
    if max(early_at) >= min(late_at):
        sys.exit(f"Cannot measure: there are {len(samples)} samples, expected more; take more --documents")
    growth = 100 * (late - early) / early
    print(
        f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d} {options.job}, heap of {options.heap}: "
        f"{early / 1e6:.0f} MB after {options.documents // 10} documents ({min(early_at)} to {max(early_at)}), "
        f"{late / 1e6:.0f} MB after {options.documents} ({min(late_at)} to {max(late_at)}): {growth:+.1f} % "
        f"in {(time.monotonic() - begun) / 60:.0f} min"
    )
    return 0 if growth <= options.allowed else 1


if __name__ == "__main__":
    sys.exit(main(arguments_of(sys.argv[1:])))
