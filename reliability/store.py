"""Runs one corpus undisturbed, then again and again into an object store, killed at random: what reliability/run does on local
files. The store is moto's S3 on this machine, written through Hadoop's S3A and read by pyarrow.

The exit status is 1 where anything was wrong.
"""

import argparse
import os
import random
import subprocess
import sys
import time
import urllib.request
from pathlib import Path, PurePosixPath

import boto3
import pyarrow.dataset
import pyarrow.fs

import kills
import outputs
from cluster import free_port, kill_tree

BUCKET = "longwing"
KEYS = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing", "AWS_DEFAULT_REGION": "us-east-1"}


def arguments_of(command_line):
    parser = argparse.ArgumentParser(prog="reliability/store", description=__doc__)
    parser.add_argument("--kills", type=int, default=10, help="how many disturbances there are to be in all (10)")
    parser.add_argument("--seed", type=int, default=1, help="what they are drawn from (1)")
    parser.add_argument("--documents", type=int, default=400, help="of the corpus (400)")
    parser.add_argument("--slice-minutes", default="0.02", help="of the runs (0.02)")
    parser.add_argument("--kinds", default=",".join(kills.LOCAL), help="of disturbances, with commas between them; all")
    parser.add_argument("--longwing", default=str(kills.ROOT / "bin" / "longwing"), help="the command (bin/longwing)")
    parser.add_argument("--jars", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--directory", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args(command_line)
    options.report = None
    options.fresh = True
    return options


class Store:
    """moto's server and a client of it."""

    def __init__(self, directory):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        with open(directory / "moto.log", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            )
        self.await_answer()
        boto3.client("s3", endpoint_url=self.url, region_name="us-east-1").create_bucket(Bucket=BUCKET)
        self.files = pyarrow.fs.S3FileSystem(
            access_key=KEYS["AWS_ACCESS_KEY_ID"], secret_key=KEYS["AWS_SECRET_ACCESS_KEY"],
            endpoint_override=f"127.0.0.1:{self.port}", scheme="http", region="us-east-1",
        )

    def await_answer(self):
        for _ in range(300):
            try:
                urllib.request.urlopen(self.url, timeout=5).close()
                return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("the store does not start")

    def stop(self):
        kill_tree(self.process.pid)


class StoreSlices(outputs.Slices):
    """The records of slices and their files, as the store has them."""

    def __init__(self, files, output):
        super().__init__(output)
        self.output = output
        self.store = files

    def listed(self):
        found = self.store.get_file_info(
            pyarrow.fs.FileSelector(str(self.output / "_longwing" / "slices"), allow_not_found=True)
        )
        return sorted(PurePosixPath(f.path) for f in found if f.path.endswith(".json") and f.base_name[0] != ".")

    def bytes_of(self, path):
        try:
            with self.store.open_input_stream(str(path)) as stream:
                return stream.read()
        except FileNotFoundError:
            return None

    def identity(self, path):
        info = self.store.get_file_info(str(path))
        return (info.size, info.mtime_ns) if info.type == pyarrow.fs.FileType.File else None


class StoreRound(kills.Round):
    """One output in the store."""

    def choose_output(self, place):
        self.store = self.kills.store.files
        self.output = PurePosixPath(BUCKET) / f"seed-{self.kills.seed}" / f"round-{self.number:04}"
        self.slices = StoreSlices(self.store, self.output)

    def output_name(self):
        return f"s3a://{self.output}"

    def more_options(self):
        jars = ",".join(str(jar) for jar in sorted(self.kills.options.jars.glob("*.jar")))
        s3a = {
            "endpoint": self.kills.store.url,
            "endpoint.region": "us-east-1",
            "path.style.access": "true",
            "connection.ssl.enabled": "false",
            "access.key": KEYS["AWS_ACCESS_KEY_ID"],
            "secret.key": KEYS["AWS_SECRET_ACCESS_KEY"],
            "aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
        }
        settings = {"spark.jars": jars, **{f"spark.hadoop.fs.s3a.{key}": value for key, value in s3a.items()}}
        return [part for key, value in settings.items() for part in ("--conf", f"{key}={value}")]

    def readers(self):
        def read(output):
            dataset = pyarrow.dataset.dataset(
                str(output), filesystem=self.store, format="parquet", partitioning=outputs.partitioning()
            )
            return outputs.rows_of_table(dataset.to_table())

        return {"pyarrow": read}

    def is_left(self, name):
        found = self.store.get_file_info(
            pyarrow.fs.FileSelector(str(self.output / "_longwing"), allow_not_found=True, recursive=True)
        )
        return any(f"/_longwing/{name}" in f.path and f.type == pyarrow.fs.FileType.File for f in found)

    def has_staged(self):
        return self.is_left("stage/")


class StoreKills(kills.Kills):
    def run(self):
        self.undisturbed()
        self.store = Store(self.directory)
        try:
            while self.disturbances() < self.options.kills:
                number = self.done["rounds"] + 1
                draw = random.Random(f"{self.seed} {number} kind")
                partitioned = draw.random() < 0.4
                budget = min(draw.randint(2, 4), self.options.kills - self.disturbances())
                self.log.say(f"round {number}: store{', partitioned' if partitioned else ''}, {budget} disturbances")
                self.play(StoreRound(self, number, "store", partitioned), budget)
        finally:
            self.store.stop()
        return self.close()


if __name__ == "__main__":
    os.environ.update(KEYS)
    sys.exit(StoreKills(arguments_of(sys.argv[1:])).run())
