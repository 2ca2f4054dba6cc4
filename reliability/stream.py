"""Runs one corpus undisturbed, then as a stream: its files come one after the other, the stream is killed at random and started
again, and when all is there its rows are compared with those of the undisturbed run: none lost, none doubled, equal values
(but for error rows of documents that ran alone as their process was killed for a second time), no finished slice done again. pyarrow, pandas and DuckDB read the output meanwhile and must see committed rows alone.

The exit status is 1 where anything was wrong.
"""

import argparse
import collections
import json
import random
import re
import sys
import threading
import time
from pathlib import Path

import kills
import outputs

DOCUMENTS_IN_A_FILE = 25


def arguments_of(command_line):
    parser = argparse.ArgumentParser(prog="reliability/stream", description=__doc__)
    parser.add_argument("--kills", type=int, default=4, help="how many disturbances there are to be in all (4)")
    parser.add_argument("--seed", type=int, default=1, help="what they are drawn from (1)")
    parser.add_argument("--documents", type=int, default=400, help="of the corpus (400)")
    parser.add_argument("--slice-minutes", default="0.02", help="of the runs (0.02)")
    parser.add_argument("--trigger", default="1s", help="of the stream (1s)")
    parser.add_argument("--kinds", default="driver,driver and launcher,signal", help="kinds of disturbances (%(default)s)")
    parser.add_argument("--longwing", default=str(kills.ROOT / "bin" / "longwing"), help="the command (bin/longwing)")
    parser.add_argument("--report", type=Path, help="a page to whose table the figures are added")
    parser.add_argument("--directory", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args(command_line)
    options.fresh = True
    return options


class StreamRound(kills.Round):
    """One stream, from its first start until it has all that came."""

    def choose_output(self, place):
        super().choose_output(place)
        self.came = threading.Event()
        self.blamed = set()
        self.input = self.directory / "in"
        self.input.mkdir()

    def readers(self):
        return {name: lambda output, read=read: self.forgive(read(output)) for name, read in super().readers().items()}

    def forgive(self, rows):
        """Where three processes were killed, a document that two of them ran alone is taken for the cause, as docs/runs.md says."""
        if self.figures["driver"] + self.figures["driver and launcher"] < 3:
            return rows
        expected = {outputs.key_of(row): row for row in self.kills.expected}
        forgiven = collections.Counter()
        for row, count in rows.items():
            fields = json.loads(row)
            if (fields["error"] or {}).get("class") in ("NativeCrash", "Killed"):
                self.blamed.add(fields["id"])
                row = expected.get(outputs.key_of(row), row)
            forgiven[row] += count
        return forgiven

    def more_options(self):
        return ["--stream", "--trigger", self.kills.options.trigger]

    def command(self):
        return [str(self.input) if part == str(self.kills.input) else part for part in super().command()]

    def feed(self):
        """Moves whole files into the input, as a user should, over about twice the time that an undisturbed run takes."""
        lines = [line for file in sorted(self.kills.input.iterdir()) for line in open(file, encoding="utf-8")]
        files = [lines[i:i + DOCUMENTS_IN_A_FILE] for i in range(0, len(lines), DOCUMENTS_IN_A_FILE)]
        for number, content in enumerate(files):
            half = self.directory / f"{number}.half"
            half.write_text("".join(content), encoding="utf-8")
            half.rename(self.input / f"{number:03}.jsonl")
            if self.looking.wait(2 * self.draw_of_feed.random() * 2 * self.kills.seconds / len(files)):
                return
        self.came.set()

    def runs(self, budget):
        self.draw_of_feed = random.Random(f"{self.kills.seed} {self.number} feed")
        feeder = threading.Thread(target=self.feed, daemon=True)
        feeder.start()
        left = budget
        while True:
            self.figures["starts"] += 1
            before = self.slices.rows_now()
            launch = self.launch()
            disturbances = self.disturb_until_its_end(launch, left)
            left -= len(disturbances)
            if launch.is_alive():
                self.await_all(launch)
                self.end(launch)
                if not disturbances:
                    self.check_computed(launch, before)
                return
            if not disturbances:
                raise kills.Failure(f"the stream ended by itself: {kills.tail(launch.said())}")

    def await_all(self, launch):
        """Until it has done all that came, and waits for more."""
        deadline = time.monotonic() + kills.PATIENCE
        while time.monotonic() < deadline:
            if not launch.is_alive():
                raise kills.Failure(f"the stream ended by itself: {kills.tail(launch.said())}")
            if self.came.is_set() and self.is_idle() and self.slices.rows_now() >= self.kills.expected.total():
                return
            time.sleep(0.2)
        raise kills.Failure(
            f"the stream has {self.slices.rows_now()} of {self.kills.expected.total()} rows after {kills.PATIENCE} s:"
            f" {kills.tail(launch.said())}"
        )

    def is_idle(self):
        """Twice, since a lease is given back between two runs, too."""
        return not self.is_left("lease.json") and (time.sleep(1.5) or not self.is_left("lease.json"))

    def end(self, launch):
        launch.process.terminate()
        self.await_end(launch)
        if launch.process.returncode != 143 or "Interrupted: " not in launch.said():
            raise kills.Failure(f"a signal ended it with status {launch.process.returncode}: {kills.tail(launch.said())}")

    def compare(self):
        super().compare()
        if self.blamed:
            self.kills.log.say(f"  {len(self.blamed)} documents were taken for the cause of a kill: {sorted(self.blamed)}")

    def check_computed(self, launch, committed):
        rows = re.findall(r"^([\d,]+) documents? \(.*written to ", launch.said(), re.MULTILINE)
        computed = sum(int(count.replace(",", "")) for count in rows)
        if computed + committed != self.kills.expected.total():
            self.wrong.append(
                f"the last start computed {computed} documents, while {committed} of"
                f" {self.kills.expected.total()} were committed"
            )


class StreamKills(kills.Kills):
    def run(self):
        self.undisturbed()
        while self.disturbances() < self.options.kills:
            number = self.done["rounds"] + 1
            partitioned = random.Random(f"{self.seed} {number} kind").random() < 0.4
            budget = min(4, self.options.kills - self.disturbances())
            self.log.say(f"round {number}: a stream{', partitioned' if partitioned else ''}, {budget} disturbances")
            self.play(StreamRound(self, number, "local", partitioned), budget)
        return self.close()


if __name__ == "__main__":
    sys.exit(StreamKills(arguments_of(sys.argv[1:])).run())
