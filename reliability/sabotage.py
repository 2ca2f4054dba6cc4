"""Breaks what Longwing's commits promise: shows that the checks of reliability/run notice.

    reliability/run --longwing "python3 reliability/sabotage.py lose bin/longwing"

Once for each output: `redo` removes a committed slice with its record before a start of the command; after one that
completed it, `lose` removes a row of a file, `double` writes one twice and `change` one with another value.
"""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet


def main(kind, command):
    output = Path(command[command.index("--output") + 1])
    done = output / "_longwing" / "sabotaged"
    if "round-0000" in output.parts:  # the one to compare with
        sys.exit(subprocess.run(command, check=False).returncode)
    if kind == "redo" and not done.exists():
        remove_a_slice(output, done)
    process = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda number, frame: process.terminate())
    status = process.wait()
    if kind != "redo" and status == 0 and not done.exists():
        done.touch()
        rewrite(sorted(path for path in output.rglob("*.parquet") if "_longwing" not in path.parts)[0], kind)
    sys.exit(status if status >= 0 else 128 - status)


def remove_a_slice(output, done):
    for record in sorted((output / "_longwing" / "slices").glob("*.json"))[:1]:
        for file in json.loads(record.read_text())["files"]:
            (output / file["path"]).unlink(missing_ok=True)
        record.unlink()
        done.touch()


def rewrite(path, kind):
    table = pyarrow.parquet.read_table(path, partitioning=None)
    if kind == "lose":
        table = table.slice(1)
    elif kind == "double":
        table = pyarrow.concat_tables([table, table.slice(0, 1)])
    elif kind == "change":
        at = table.column_names.index("model")
        changed = ["another model", *table.column("model").to_pylist()[1:]]
        table = table.set_column(at, table.schema.field(at), pyarrow.array(changed, pyarrow.string()))
    else:
        sys.exit(f"Cannot sabotage: {kind} is unknown, expected lose, double, change or redo")
    pyarrow.parquet.write_table(table, path)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
