"""Keeps some of the cases of a golden folder and drops the others. usage: cut_cases.py FOLDER CASE...

encoder-4096 here is make_cases.py's folder cut to: seeded_1024 seeded_1472 eval_704 eval_705 eval_1024
"""
import json
import os
import sys

from safetensors.torch import load_file, save_file

folder, kept = sys.argv[1], sys.argv[2:]
path = os.path.join(folder, "cases.json")
cases = [c for c in json.load(open(path)) if c["case"] in kept]
assert len(cases) == len(kept), "a case is not there"
json.dump(cases, open(path, "w"), indent=1)
path = os.path.join(folder, "cases.safetensors")
save_file({k: v for k, v in load_file(path).items() if k.rsplit(".", 1)[0] in kept}, path)
