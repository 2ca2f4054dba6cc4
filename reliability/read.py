"""Reads an output with pyarrow, pandas and DuckDB and prints the ids that each sees, a line of JSON for each reader."""

import json
import sys

import outputs


def main(output, partitioned):
    for name, read in outputs.readers(partitioned).items():
        ids = [json.loads(row)["id"] for row in read(output).elements()]
        print(json.dumps({"reader": name, "ids": sorted(ids)}))


if __name__ == "__main__":
    main(sys.argv[1], "--partitioned" in sys.argv[2:])
