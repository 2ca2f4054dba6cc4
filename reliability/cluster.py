"""Spark's standalone master and two workers as processes of their own."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path


class Cluster:
    def __init__(self, spark_home, directory):
        self.home = Path(spark_home)
        self.directory = directory
        self.port = free_port()
        self.url = f"spark://localhost:{self.port}"
        self.workers = []
        directory.mkdir(parents=True, exist_ok=True)
        self.master = self.start(
            "master", "org.apache.spark.deploy.master.Master",
            "--host", "localhost", "--port", str(self.port), "--webui-port", str(free_port()),
        )
        self.await_master()
        for _ in range(2):
            self.start_worker()

    def start_worker(self):
        number = len(self.workers)
        self.workers.append(self.start(
            f"worker-{number}", "org.apache.spark.deploy.worker.Worker", self.url,
            "--host", "localhost", "--cores", "1", "--memory", "1g", "--webui-port", str(free_port()),
            "--work-dir", str(self.directory / "work"),
        ))

    def start(self, name, main, *arguments):
        with open(self.directory / f"{name}.log", "ab") as log:
            return subprocess.Popen(
                [str(self.home / "bin" / "spark-class"), main, *arguments],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
                env={**os.environ, "SPARK_HOME": str(self.home), "SPARK_DAEMON_MEMORY": "256m",
                     "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost",
                     "SPARK_WORKER_OPTS": "-Dspark.worker.timeout=15", "SPARK_MASTER_OPTS": "-Dspark.worker.timeout=15"},
            )

    def await_master(self):
        for _ in range(600):
            with socket.socket() as connection:
                if connection.connect_ex(("localhost", self.port)) == 0:
                    return
            time.sleep(0.2)
        raise RuntimeError(f"the master of Spark does not start; see {self.directory / 'master.log'}")

    def living_workers(self):
        return [worker for worker in self.workers if worker.poll() is None]

    def kill_worker(self, draw):
        """Kills one, whose executors end with it, and starts another in its place."""
        worker = draw.choice(self.living_workers())
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        self.start_worker()
        return f"worker {worker.pid}"

    def executors(self):
        return [
            pid
            for worker in self.living_workers()
            for pid in descendants(worker.pid)
            if "CoarseGrainedExecutorBackend" in command_of(pid)
        ]

    def kill_executor(self, draw):
        running = self.executors()
        if not running:
            return None
        pid = draw.choice(sorted(running))
        os.kill(pid, signal.SIGKILL)
        return f"executor {pid}"

    def stop(self):
        for process in [*self.living_workers(), self.master]:
            kill_tree(process.pid)


def free_port():
    with socket.socket() as listener:
        listener.bind(("localhost", 0))
        return listener.getsockname()[1]


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def descendants(root):
    """The process ids below this one, as /proc has them."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def kill_tree(root):
    send(root, signal.SIGSTOP)  # or it would start another in the place of one that is killed
    for pid in [*descendants(root), root]:
        send(pid, signal.SIGKILL)


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
