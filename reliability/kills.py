"""Runs one corpus undisturbed, then again and again with seeded random kills; starts the same command until it ends well
and compares the rows one by one: none lost, none doubled, equal values, no finished slice done again. While runs go on,
pyarrow, pandas and DuckDB read the output and must see committed rows alone.

What is done is kept in the directory: the same command goes on with it. The exit status is 1 where anything was wrong.
"""

import argparse
import collections
import datetime
import faulthandler
import json
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import corpus
import outputs
from cluster import Cluster, command_of, descendants, kill_tree

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ["driver", "driver and launcher", "signal", "two at once"]
ON_CLUSTER = ["executor", "worker", "driver", "signal"]
FULL_DISK = "full disk"

# What does not end the command; the rest does, and the same command is started again.
SURVIVED = {"two at once", "executor", "worker"}

DISK_MEGABYTES = 64

# A fast job: what is tested is what happens around the arithmetic.
JOB = ["--keep-columns", "lang", "--max-source-tokens", "64", "--num-beams", "1", "--max-new-tokens", "4"]

PATIENCE = 900  # seconds: a busy machine takes minutes to start a Spark


def arguments_of(command_line):
    parser = argparse.ArgumentParser(prog="reliability/run", description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="how many disturbances there are to be in all (20)")
    parser.add_argument("--seed", type=int, default=1, help="what they are drawn from (1)")
    parser.add_argument("--documents", type=int, default=2000, help="of the corpus (2000)")
    parser.add_argument("--slice-minutes", default="0.02", help="of the runs (0.02)")
    parser.add_argument("--kinds", help="kinds of disturbances, with commas between them; all that this machine allows")
    parser.add_argument("--longwing", default=str(ROOT / "bin" / "longwing"), help="the command (bin/longwing)")
    parser.add_argument("--report", type=Path, help="a page to whose table the figures are added")
    parser.add_argument("--fresh", action="store_true", help="forget what was done before with this seed")
    parser.add_argument("--directory", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args(command_line)


class Failure(Exception):
    """What a run did that it must not do."""


class Log:
    def __init__(self, path):
        self.path = path

    def say(self, line):
        stamped = f"{datetime.datetime.now(datetime.timezone.utc):%H:%M:%S} {line}"
        print(stamped, flush=True)
        with open(self.path, "a", encoding="utf-8") as out:
            out.write(stamped + "\n")


class Launch:
    """One start of the command, with the processes below it."""

    def __init__(self, command, environment, log):
        self.log = log
        with open(log, "ab") as out:
            self.begin = out.tell()
            self.process = subprocess.Popen(
                command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=environment, start_new_session=True
            )

    def is_alive(self):
        return self.process.poll() is None

    def java(self):
        """The process of the driver; 0 while there is none."""
        for pid in [self.process.pid, *descendants(self.process.pid)]:
            command = command_of(pid)
            if "org.apache.spark.deploy.SparkSubmit" in command and "java" in command.split(" ")[0]:
                return pid
        return 0

    def said(self):
        with open(self.log, "rb") as out:
            out.seek(self.begin)
            return out.read().decode(errors="replace")


class Round:
    """One output, from its first run to the one that completes it."""

    def __init__(self, kills, number, kind, partitioned):
        self.kills = kills
        self.number = number
        self.draw = random.Random(f"{kills.seed} {number}")
        self.kind = kind
        self.partitioned = partitioned
        self.directory = kills.directory / f"round-{number:04}"
        self.figures = collections.Counter()
        self.wrong = []
        self.cluster = None
        self.looking = threading.Event()
        self.started = []

    def run(self, budget):
        place = self.directory / "disk"
        if place.is_mount():  # what an interrupted run left
            subprocess.run(["umount", str(place)], check=True)
        shutil.rmtree(self.directory, ignore_errors=True)
        place.mkdir(parents=True)
        self.choose_output(place)
        if self.kind == FULL_DISK:
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "longwing", str(place)], check=True
            )
        elif self.kind == "cluster":
            self.cluster = Cluster(os.environ["SPARK_HOME"], self.directory / "cluster")
        watcher = threading.Thread(target=self.watch, daemon=True)
        watcher.start()
        try:
            self.runs(budget)
            self.looking.set()
            watcher.join()
            self.compare()
        finally:
            self.looking.set()
            watcher.join()
            for process in self.started:  # where the script itself ends early
                if process.poll() is None:
                    kill_tree(process.pid)
            if self.cluster:
                self.cluster.stop()
            if self.kind == FULL_DISK:
                subprocess.run(["umount", str(place)], check=False)
        if self.wrong:
            raise Failure("; ".join(dict.fromkeys(self.wrong)))
        shutil.rmtree(self.directory, ignore_errors=True)

    def choose_output(self, place):
        self.output = place / "out"
        self.slices = outputs.Slices(self.output)

    def readers(self):
        return outputs.readers(self.partitioned)

    def output_name(self):
        return str(self.output)

    def is_left(self, name):
        return (self.output / "_longwing" / name).exists()

    def more_options(self):
        return []

    def command(self):
        command = [*shlex.split(self.kills.options.longwing), "summarize", "--input", str(self.kills.input),
                   "--output", self.output_name(), "--slice-minutes", self.kills.options.slice_minutes, *JOB]
        command += self.more_options()
        if self.partitioned:
            command += ["--partition-by", "lang"]
        if self.cluster:
            return command + ["--master", self.cluster.url, "--conf", "spark.executor.memory=800m",
                              "--conf", "spark.driver.host=localhost", "--conf", "spark.driver.bindAddress=127.0.0.1"]
        return command + ["--master", "local[2]"]

    def launch(self):
        environment = dict(os.environ)
        if not self.cluster:
            environment.pop("SPARK_HOME", None)
        launch = Launch(self.command(), environment, self.directory / "runs.log")
        self.started = [launch.process]
        return launch

    def runs(self, budget):
        """Starts the command until it ends well, disturbing it so many times."""
        left = budget
        while True:
            self.figures["starts"] += 1
            before = self.slices.rows_now()
            launch = self.launch()
            disturbances = self.disturb_until_its_end(launch, left)
            left -= len(disturbances)
            if launch.is_alive():
                self.await_end(launch)
            status = launch.process.wait()
            if not disturbances:
                self.check_computed(launch, before)
            if status == 0:
                return
            if SURVIVED.issuperset(disturbances) and not (status == 2 and "writes it now" in launch.said()):
                raise Failure(
                    f"the command ended with status {status} after {disturbances or 'nothing'}: {tail(launch.said())}"
                )

    def disturb_until_its_end(self, launch, left):
        """So many times at most; gives the kinds."""
        disturbances = []
        while launch.is_alive() and len(disturbances) < left:
            kind = self.disturb(launch)
            if kind:
                disturbances.append(kind)
                self.figures[kind] += 1
        return disturbances

    def await_end(self, launch):
        try:
            launch.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            if launch.java():
                os.kill(launch.java(), signal.SIGQUIT)  # what its threads do goes to the log
                time.sleep(5)
            kill_tree(launch.process.pid)
            raise Failure(f"the command does not end within {PATIENCE} s: {tail(launch.said())}") from None

    def disturb(self, launch):
        """Waits for its moment and does it; gives its kind, or None where the run ended before."""
        kinds = {FULL_DISK: [FULL_DISK], "cluster": ON_CLUSTER}.get(self.kind, LOCAL)
        kind = self.draw.choice([k for k in kinds if k in self.kills.kinds])
        trigger = self.draw.choice(["time", "time", "slice", "stage"])
        if not self.await_moment(launch, trigger):
            return None
        told = self.do(kind, launch)
        if told:
            self.kills.log.say(f"  {kind} at {trigger}: {told}, {len(self.slices.records)} slices are committed")
            return kind
        return None

    def await_moment(self, launch, trigger):
        """A time within the run, or just when a slice is committed, or just when a file of a slice is made."""
        delay = self.draw.random()
        slices = set(self.slices.listed())
        deadline = time.monotonic() + (delay * self.kills.seconds * 1.1 if trigger == "time" else self.kills.seconds * 1.5)
        while launch.is_alive() and time.monotonic() < deadline:
            if trigger == "slice" and set(self.slices.listed()) - slices:
                time.sleep(delay * 0.03)
                break
            if trigger == "stage" and self.has_staged():
                time.sleep(delay * self.kills.seconds * 0.3)
                break
            time.sleep(0.002 if trigger == "slice" else 0.02)
        return launch.is_alive()

    def has_staged(self):
        try:
            return any(True for stage in (self.output / "_longwing/stage").iterdir() for _ in stage.iterdir())
        except OSError:
            return False

    def do(self, kind, launch):
        if kind == "driver":
            pid = launch.java()
            if not pid:
                return None
            os.kill(pid, signal.SIGKILL)
            return f"process {pid}"
        if kind == "driver and launcher":
            kill_tree(launch.process.pid)
            launch.process.wait()
            return f"process {launch.process.pid} and those below it"
        if kind == "signal":
            begun = time.monotonic()
            launch.process.terminate()
            self.await_end(launch)
            return f"ended within {time.monotonic() - begun:.0f} s"
        if kind == "two at once":
            return self.start_a_second(launch)
        if kind == FULL_DISK:
            return self.fill_the_disk(launch)
        return self.cluster.kill_executor(self.draw) if kind == "executor" else self.cluster.kill_worker(self.draw)

    def start_a_second(self, launch):
        """Which is refused, unless the first ends meanwhile: then it goes on, or finds nothing left to do."""
        log = self.directory / "second.log"
        with open(log, "ab") as out:
            begin = out.tell()
            second = subprocess.Popen(
                self.command(), stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                env={k: v for k, v in os.environ.items() if k != "SPARK_HOME"}, start_new_session=True,
            )
        self.started.append(second)
        status = second.wait(timeout=PATIENCE)
        with open(log, "rb") as out:
            out.seek(begin)
            said = out.read().decode(errors="replace")
        if status == 2 and "writes it now, expected no other run" in said:
            return "refused"
        if status == 0:
            return "the first had ended"
        if launch.is_alive():
            self.wrong.append(f"a second run ended with status {status}: {tail(said)}")
        return f"status {status}"

    def fill_the_disk(self, launch):
        """Until the run ends; then there is room again."""
        filler = self.output.parent / "filler"
        with open(filler, "wb", buffering=0) as out:
            block = b"\0" * 4096
            begun = time.monotonic()
            while launch.is_alive() and time.monotonic() - begun < PATIENCE:
                try:
                    while True:
                        out.write(block)
                except OSError:
                    time.sleep(0.05)
        status = launch.process.wait(timeout=PATIENCE)
        filler.unlink()
        if status == 0:
            return None  # all was written before
        if "no space left on the disk" not in launch.said():
            self.wrong.append(f"a full disk is not told: {tail(launch.said())}")
        return "no room"

    def watch(self):
        """Looks at slices all the time, and reads rows with other programs."""
        expected = self.kills.expected
        readers = self.readers()
        seen = collections.Counter()
        next_read = 0
        while True:
            last = self.looking.is_set()
            self.wrong += self.slices.look()
            if time.monotonic() >= next_read and self.slices.files:
                name = self.draw_reader(readers)
                try:
                    rows = readers[name](self.output)
                except Exception as e:  # whatever a reader throws is what a user would see
                    self.wrong.append(f"{name} cannot read the output: {e}")
                    rows = collections.Counter()
                self.figures["reads"] += 1
                if rows - expected:
                    self.wrong.append(f"{name} sees {(rows - expected).total()} rows that are not or not so often in the undisturbed run")
                if rows and seen - rows:
                    self.wrong.append(f"{name} misses {(seen - rows).total()} rows that were there before")
                seen |= rows
                next_read = time.monotonic() + 1
            if last:
                return
            time.sleep(0.1)

    def draw_reader(self, readers):
        return sorted(readers)[self.figures["reads"] % len(readers)]

    def check_computed(self, launch, committed):
        """A run that was not disturbed computes what was missing and nothing else."""
        rows = re.findall(r"^([\d,]+) documents? \(.*written to ", launch.said(), re.MULTILINE)
        computed = int(rows[-1].replace(",", "")) if rows else 0
        if computed + committed != self.kills.expected.total():
            self.wrong.append(
                f"a run computed {computed} documents, while {committed} of {self.kills.expected.total()} were committed"
            )

    def compare(self):
        expected = self.kills.expected
        for name, read in self.readers().items():
            rows = read(self.output)
            keys, expected_keys = keys_of(rows), keys_of(expected)
            lost, doubled = expected_keys - keys, keys - expected_keys
            different = (expected - rows).total() - lost.total()
            self.figures["lost"] = max(self.figures["lost"], lost.total())
            self.figures["doubled"] = max(self.figures["doubled"], doubled.total())
            self.figures["different"] = max(self.figures["different"], different)
            if lost or doubled or different > 0:
                self.wrong.append(
                    f"{name}: {lost.total()} rows lost, {doubled.total()} doubled, {different} with other values"
                )
        if self.slices.rows() != expected.total():
            self.wrong.append(
                f"the slices have {self.slices.rows()} rows and the input {expected.total()}: some were done again"
            )
        self.figures["slices"] += len(self.slices.records)
        self.figures["rows"] += expected.total()
        for left in ("stage", "lease.json"):
            if self.is_left(left):
                self.wrong.append(f"_longwing/{left} is left")


def keys_of(rows):
    keys = collections.Counter()
    for row, count in rows.items():
        keys[outputs.key_of(row)] += count
    return keys


def tail(text):
    return " / ".join(text.strip().splitlines()[-3:])[-600:]


class Kills:
    """All rounds of a seed, as far as they are done."""

    def __init__(self, options):
        self.options = options
        self.seed = options.seed
        self.directory = options.directory / f"seed-{options.seed}"
        if options.fresh:
            shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.log = Log(self.directory / "log")
        self.input = self.directory / "corpus"
        self.kinds = self.possible_kinds()
        self.state = self.directory / "state.json"
        self.done = json.loads(self.state.read_text()) if self.state.exists() else {"rounds": 0, "figures": {}, "failed": []}

    def possible_kinds(self):
        asked = self.options.kinds.split(",") if self.options.kinds else [*LOCAL, *ON_CLUSTER, FULL_DISK]
        kinds = list(dict.fromkeys(asked))
        for kind in kinds:
            if kind not in [*LOCAL, *ON_CLUSTER, FULL_DISK]:
                sys.exit(f"Cannot use --kinds {kind}: expected some of {', '.join(dict.fromkeys([*LOCAL, *ON_CLUSTER, FULL_DISK]))}")
        if not os.environ.get("SPARK_HOME"):
            self.leave_out(kinds, ["executor", "worker"], "SPARK_HOME names no installed Spark")
        if FULL_DISK in kinds and not self.can_mount():
            self.leave_out(kinds, [FULL_DISK], "a file system in memory cannot be mounted here")
        return kinds

    def leave_out(self, kinds, out, why):
        for kind in [kind for kind in out if kind in kinds]:
            self.log.say(f"skipped: {kind}, since {why}")
            kinds.remove(kind)

    def can_mount(self):
        place = self.directory / "mount"
        place.mkdir(exist_ok=True)
        try:
            command = ["mount", "-t", "tmpfs", "-o", "size=1m", "longwing", str(place)]
            if subprocess.run(command, capture_output=True, check=False).returncode:
                return False
            subprocess.run(["umount", str(place)], check=True)
            return True
        except OSError:
            return False

    def undisturbed(self):
        """The rows to compare with, and how long a run takes."""
        kept = self.directory / "undisturbed.json"
        if not kept.exists():
            shutil.rmtree(self.input, ignore_errors=True)
            documents = corpus.write(self.input, self.options.documents, self.seed)
            quiet = Round(self, 0, "local", partitioned=False)
            shutil.rmtree(quiet.directory, ignore_errors=True)
            quiet.directory.mkdir()
            quiet.output = quiet.directory / "out"
            begun = time.monotonic()
            launch = quiet.launch()
            status = launch.process.wait(timeout=PATIENCE)
            if status:
                sys.exit(f"Cannot kill runs: an undisturbed one ends with status {status}: {tail(launch.said())}")
            rows = outputs.read_arrow(quiet.output)
            if rows.total() != documents:
                sys.exit(f"Cannot kill runs: an undisturbed one has {rows.total()} rows, expected {documents}")
            kept.write_text(json.dumps({"seconds": time.monotonic() - begun, "rows": rows}))
        found = json.loads(kept.read_text())
        self.seconds = found["seconds"]
        self.expected = collections.Counter(found["rows"])
        self.log.say(f"seed {self.seed}: {self.expected.total()} documents, undisturbed in {self.seconds:.0f} s")

    def run(self):
        self.undisturbed()
        while self.disturbances() < self.options.kills:
            number = self.done["rounds"] + 1
            draw = random.Random(f"{self.seed} {number} kind")
            places = [place for place in ["local", "local", "local", "cluster", FULL_DISK] if self.is_possible(place)]
            place = draw.choice(places)
            partitioned = draw.random() < 0.4
            budget = min(draw.randint(2, 5), self.options.kills - self.disturbances())
            self.log.say(f"round {number}: {place}{', partitioned' if partitioned else ''}, {budget} disturbances")
            self.play(Round(self, number, place, partitioned), budget)
            if self.done["failed"] and len(self.done["failed"]) >= 3:
                self.log.say("three rounds have failed: enough")
                break
        return self.close()

    def play(self, round_, budget):
        begun = time.monotonic()
        try:
            round_.run(budget)
        except Failure as e:
            self.log.say(f"round {round_.number} FAILED: {e}; what it left is in {round_.directory}")
            self.done["failed"].append(f"round {round_.number}: {e}")
            round_.figures["failed rounds"] += 1
        figures = collections.Counter(self.done["figures"]) + round_.figures
        figures["seconds"] += round(time.monotonic() - begun)
        self.done = {"rounds": round_.number, "figures": figures, "failed": self.done["failed"]}
        self.state.write_text(json.dumps(self.done, indent=1))
        self.log.say(f"  {self.disturbances()} of {self.options.kills} disturbances so far")

    def is_possible(self, place):
        kinds = {"local": LOCAL, "cluster": [] if not os.environ.get("SPARK_HOME") else ON_CLUSTER, FULL_DISK: [FULL_DISK]}
        return any(kind in self.kinds for kind in kinds[place]) and (
            place != "cluster" or any(kind in self.kinds for kind in ["executor", "worker"]))

    def disturbances(self):
        return sum(count for kind, count in self.done["figures"].items() if kind in [*LOCAL, *ON_CLUSTER, FULL_DISK])

    def close(self):
        figures = collections.Counter(self.done["figures"])
        kinds = ", ".join(f"{figures[kind]} {kind}" for kind in dict.fromkeys([*LOCAL, *ON_CLUSTER, FULL_DISK]) if figures[kind])
        self.log.say(
            f"{self.disturbances()} disturbances ({kinds}) in {self.done['rounds']} outputs and {figures['starts']} starts: "
            f"{figures['lost']} rows lost, {figures['doubled']} doubled, {figures['different']} different, "
            f"{figures['reads']} reads meanwhile, {len(self.done['failed'])} failed rounds, {figures['seconds'] // 60} min"
        )
        if self.options.report:
            self.report(figures, kinds)
        return 1 if self.done["failed"] else 0

    def report(self, figures, kinds):
        commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False)
        row = (
            f"| {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d} | {commit.stdout.strip()} | {self.seed} | {self.disturbances()}: {kinds} "
            f"| {self.done['rounds']}, {figures['slices']} slices, {figures['rows']:,} rows | {figures['lost']} | {figures['doubled']} "
            f"| {figures['different']} | {figures['reads']} | {len(self.done['failed'])} | {figures['seconds'] // 60} min, {os.cpu_count()} cores |\n"
        )
        with open(self.options.report, "a", encoding="utf-8") as page:
            page.write(row)


if __name__ == "__main__":
    faulthandler.register(signal.SIGUSR1)  # shows where it is
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))  # what was started ends, too
    sys.exit(Kills(arguments_of(sys.argv[1:])).run())
