"""Rows of an output as different readers see them, and what its records say of its slices."""

import collections
import json
import os
from pathlib import Path

import duckdb
import pandas
import pyarrow.dataset
import pyarrow.parquet

KEY = ("id", "fingerprint", "lang")


def rows_of(names, columns):
    """A multiset of rows, each as text, with the same columns in the same order whoever read them."""
    fields = sorted(zip(names, columns))
    return collections.Counter(
        json.dumps({name: value_of(name, values[i]) for name, values in fields}, sort_keys=True, default=str)
        for i in range(len(columns[0]))
    )


def rows_of_table(table):
    return rows_of(table.column_names, [column.to_pylist() for column in table.columns])


def value_of(name, value):
    # readers name the directory of a null in their own ways
    return None if name == "lang" and value == "__HIVE_DEFAULT_PARTITION__" else value


def key_of(row):
    fields = json.loads(row)
    return tuple(fields.get(name) for name in KEY)


def read_arrow(output):
    """As pyarrow reads the directory of an output: all below it, but for names that begin with _ or a dot."""
    dataset = pyarrow.dataset.dataset(str(output), format="parquet", partitioning=partitioning())
    return rows_of_table(dataset.to_table())


def partitioning():
    return pyarrow.dataset.partitioning(pyarrow.schema([("lang", pyarrow.string())]), flavor="hive")


def read_pandas(output):
    frame = pandas.read_parquet(output, engine="pyarrow", partitioning=partitioning(), dtype_backend="pyarrow")
    return rows_of_table(pyarrow.Table.from_pandas(frame, preserve_index=False))


def read_duckdb(output, pattern, partitioned):
    """DuckDB descends into directories of every name."""
    types = ", hive_partitioning=true, hive_types={'lang': VARCHAR}" if partitioned else ""
    with duckdb.connect() as connection:
        result = connection.execute(f"SELECT * FROM read_parquet(?{types})", [str(Path(output) / pattern)])
        names = [column[0] for column in result.description]
        rows = result.fetchall()
        return rows_of(names, [list(column) for column in zip(*rows)] if rows else [[] for _ in names])


def readers(partitioned):
    named = {
        "pyarrow": read_arrow,
        "pandas": read_pandas,
        "duckdb **/*.parquet": lambda output: read_duckdb(output, "**/*.parquet", partitioned),
    }
    if not partitioned:
        named["duckdb *.parquet"] = lambda output: read_duckdb(output, "*.parquet", partitioned)
    return named


class Slices:
    """Watches the records of slices and their files: what is committed once stays as it is."""

    def __init__(self, output):
        self.output = Path(output)
        self.records = {}
        self.files = {}
        self.wrong = []

    def look(self):
        """Gives what is wrong since the last look."""
        wrong = []
        for path in list(self.records):
            if self.bytes_of(path) != self.records[path]:
                wrong.append(f"the record {path.name} of a finished slice is gone or changed")
                del self.records[path]
        for path, identity in list(self.files.items()):
            if self.identity(path) != identity:
                wrong.append(f"the file {path.relative_to(self.output)} of a finished slice is gone or changed")
                del self.files[path]
        for path in self.listed():
            if path not in self.records:
                content = self.bytes_of(path)
                if content is not None:
                    self.records[path] = content
        for content in self.records.values():
            for file in json.loads(content)["files"]:
                path = self.output / file["path"]
                if path not in self.files and self.identity(path) is not None:
                    self.files[path] = self.identity(path)
        return wrong

    def listed(self):
        directory = self.output / "_longwing" / "slices"
        try:
            return sorted(path for path in directory.iterdir() if path.name.endswith(".json") and path.name[0] != ".")
        except FileNotFoundError:
            return []

    def rows(self):
        return sum(file["rows"] for content in list(self.records.values()) for file in json.loads(content)["files"])

    def rows_now(self):
        """As the records stand that moment; the last look may be a second old."""
        contents = [self.bytes_of(path) for path in self.listed()]
        return sum(file["rows"] for content in contents if content for file in json.loads(content)["files"])

    @staticmethod
    def bytes_of(path):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None

    @staticmethod
    def identity(path):
        try:
            status = os.stat(path)
            return status.st_ino, status.st_size, status.st_mtime_ns
        except FileNotFoundError:
            return None
