"""Validates the files for Databricks and Kubernetes; arguments are definitions of the operator's resources."""

import sys
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from databricks.bundles.jobs import Job

KUBERNETES = ["kubernetes/spark-application.yaml", "kubernetes/nightly.yaml"]


def load(path: str | Path) -> Any:
    return yaml.safe_load(Path(path).read_text(encoding="utf-8"))


def check_databricks(path: str) -> None:
    bundle = load(path)
    defined = set(bundle["variables"])
    text = Path(path).read_text(encoding="utf-8")
    used = {part.split("}")[0] for part in text.split("${var.")[1:]}
    if defined != used:
        raise SystemExit(f"{path}: the variables {sorted(defined ^ used)} are defined and not used, or the reverse")
    for name, job in bundle["resources"]["jobs"].items():
        made = Job.from_dict(job)
        if made.as_dict() != job:
            raise SystemExit(f"{path}: {name} reads back as {made.as_dict()}")
        print(f"{path}: {name} is a job")
    broken = dict(job, max_concurrent_runz=1)
    try:
        Job.from_dict(broken)
    except ValueError:
        return
    raise SystemExit("The validator of Databricks takes unknown fields, so that its word is worth nothing")


def strict(schema: Any) -> None:
    """Refuses fields that a definition does not name; a cluster drops them in silence."""
    if isinstance(schema, dict):
        if "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
            schema.setdefault("additionalProperties", False)
        for part in schema.values():
            strict(part)
    elif isinstance(schema, list):
        for part in schema:
            strict(part)


def check_kubernetes(definitions: list[str]) -> None:
    fields = load("kubernetes/fields.yaml")
    for path in KUBERNETES:
        jsonschema.validate(load(path), fields, cls=jsonschema.Draft7Validator)
        print(f"{path}: has known fields only")
    once, nightly = (load(path) for path in KUBERNETES)
    if once["spec"] != nightly["spec"]["template"]:
        raise SystemExit(f"{KUBERNETES[1]}: its template is not the spec of {KUBERNETES[0]}")
    broken = dict(once, spec=dict(once["spec"], arguemnts=[]))
    if jsonschema.Draft7Validator(fields).is_valid(broken):
        raise SystemExit("kubernetes/fields.yaml takes unknown fields, so that its word is worth nothing")
    for definition in definitions:
        found = load(definition)
        schema = found["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
        strict(schema["properties"]["spec"])
        kind = found["spec"]["names"]["kind"]
        for path in KUBERNETES:
            if load(path)["kind"] == kind:
                jsonschema.validate(load(path), schema, cls=jsonschema.Draft7Validator)
                print(f"{path}: is what {definition} defines")


if __name__ == "__main__":
    check_databricks("databricks/databricks.yml")
    check_kubernetes(sys.argv[1:])
