"""Sessions over the installed wheel, and a few documents."""

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

import longwing

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


def pytest_configure() -> None:
    where = Path(longwing.__file__)
    assert "site-packages" in where.parts, f"tests run on the installed wheel, and not on {where}"


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    session = (
        longwing.configure(SparkSession.builder)
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def short_documents(count: int = 2) -> list[dict[str, str]]:
    """The beginnings of the sample documents, which are quick to read."""
    lines = (EXAMPLES / "summarization.jsonl").read_text(encoding="utf-8").splitlines()[:count]
    return [{"id": paper["id"], "body": paper["text"][:800]} for paper in map(json.loads, lines)]


@pytest.fixture(scope="session")
def papers(spark: SparkSession) -> DataFrame:
    return spark.createDataFrame([(p["id"], p["body"], 2020 + i) for i, p in enumerate(short_documents())], PAPERS)


PAPERS = "id string, body string, year int"


@pytest.fixture(scope="session")
def remote_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of Spark Connect in a process of its own, without Longwing's jar."""
    home = tmp_path_factory.mktemp("connect")
    script = home / "server.py"
    script.write_text(
        "import socket, sys, time\n"
        "from pyspark.sql import SparkSession\n"
        "with socket.socket() as free:\n"
        "    free.bind(('127.0.0.1', 0))\n"
        "    port = free.getsockname()[1]\n"
        "SparkSession.builder.master('local[2]').config('spark.ui.enabled', 'false')"
        ".config('spark.plugins', 'org.apache.spark.sql.connect.SparkConnectPlugin')"
        ".config('spark.connect.grpc.binding.port', str(port))"
        ".config('spark.connect.grpc.binding.address', '127.0.0.1').getOrCreate()\n"
        "print('port', port, flush=True)\n"
        "sys.stdin.read()\n",
        encoding="utf-8",
    )
    environment = {name: value for name, value in os.environ.items() if name != "SPARK_REMOTE"}
    server = subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(home / "log").open("w"),
        cwd=home,
        env=environment,
        text=True,
        start_new_session=True,
    )
    assert server.stdout is not None
    said = server.stdout.readline().split()
    assert said[:1] == ["port"], (home / "log").read_text(encoding="utf-8")
    yield f"sc://127.0.0.1:{said[1]}"
    os.killpg(server.pid, signal.SIGTERM)
    for _ in range(100):
        if server.poll() is not None:
            return
        time.sleep(0.1)
    os.killpg(server.pid, signal.SIGKILL)


CARRIED = ROOT / "models" / "src" / "main" / "resources" / "io" / "github" / "longwing" / "models"
VOCABULARY = 8192  # pieces that the carried models know


def random_model(golden: str, model: Path) -> Path:
    """A tiny model of random weights that reads what the carried models read: the same few rows for all pieces."""
    source = ROOT / "pipeline" / "src" / "test" / "resources" / "goldens" / golden
    content = (source / "model.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header, weights = json.loads(content[8 : 8 + length]), content[8 + length :]
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    parts, offset = [], 0
    for name, about in header.items():
        if name == "__metadata__":
            continue
        part = weights[slice(*about["data_offsets"])]
        if about["shape"][0] == config["vocab_size"]:
            size = VOCABULARY * about["shape"][1] * 4
            part = (part * (size // len(part) + 1))[:size]
            about["shape"][0] = VOCABULARY
        about["data_offsets"] = [offset, offset + len(part)]
        offset += len(part)
        parts.append(part)
    made = json.dumps(header).encode()
    made += b" " * (-len(made) % 8)
    (model / "model.safetensors").write_bytes(struct.pack("<Q", len(made)) + made + b"".join(parts))
    (model / "config.json").write_text(json.dumps({**config, "vocab_size": VOCABULARY}), encoding="utf-8")
    shutil.copy(CARRIED / "sentence-summarizer" / "spiece.model", model)
    return model


@pytest.fixture(scope="session")
def contract_reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Answers questions, and knows nothing of them."""
    return random_model("question-answering", tmp_path_factory.mktemp("contract-reader"))


@pytest.fixture(scope="session")
def prose(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Continues prompts, with anything."""
    return random_model("causal-lm", tmp_path_factory.mktemp("prose"))
