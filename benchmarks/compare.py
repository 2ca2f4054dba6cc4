"""Runs Longwing and transformers in turn on one machine and makes one table of ratios from their times.

Both sides read the same random weights and the same token ids, use the same number of threads, and run each
measurement in a fresh process; their turns alternate, and the table has the medians. Where float32 results disagree,
the exit status is 1.
"""

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
import plots

ROOT = Path(__file__).resolve().parent.parent
LAUNCH = ROOT / "benchmarks" / "target" / "launch"
CARRIED = ROOT / "models/src/main/resources/io/github/longwing/models/sentence-summarizer"
SAMPLE = ROOT / "examples" / "summarization.jsonl"
PLOTS = ROOT / "docs" / "benchmarks"

MEASUREMENTS = ["import", "encoder", "generation", "memory", "batching", "heads", "spark", "precisions", "tasks", "hosts"]
HEADS = {"classification": "classification", "answers": "question answering"}
LENGTHS = {"large": [1024, 2048, 4096], "small": [256, 512, 1024]}
BATCHING_TOKENS = {"large": 1024, "small": 256}

# documents of one partition, in tokens; not sorted
CORPUS = {
    "large": [1500, 400, 2600, 900, 700, 3200, 300, 1100, 2000, 600, 1300, 500, 1800, 800, 1000, 1600],
    "small": [300, 80, 520, 180, 140, 640, 60, 220, 400, 120, 260, 100, 360, 160, 200, 320],
}
CORPUS_NEW_TOKENS = 48

# every task, and by how much its planned memory may differ from the peak
TASKS = {
    "generation": "summarization",
    "classification": "classification",
    "answers": "question answering",
    "continuations": "continuations of prompts",
    "embeddings": "embeddings",
}
MEMORY_PLAN_GOAL = 0.15
TASK_SHAPES = {"large": ["large", "base"], "small": ["small"]}

# hosts that the guidance is computed for: cores, and how many of them an executor may have
HOSTS = {4: [4, 2], 8: [8, 4, 2], 16: [16, 8, 4], 64: [32, 16, 8, 4]}
HOST_READ_BYTES = 200e9  # of a server with eight channels of memory: what a host has, however many cores
HEAP_BYTES = 2e9  # of an executor
PRODUCT_ROWS = [5, 40, 1024, 4096]
INSTRUCTIONS = {"AVX2": "avx2", "AVX-512": "avx512f", "VNNI": "avx512_vnni", "AMX": "amx_tile"}  # by their names in Linux

# what int8 sets out to reach beside Longwing's float32, on processors without VNNI
INT8_ENCODER_GOAL = 1.4
INT8_DOCUMENT_GOAL = 1.7
INT8_MEMORY_GOAL = 1.8e9
FLOAT32_MEMORY_GOAL = 4e9
ENCODER_BOUND_GOAL = 1.2
STEP_BOUND_GOAL = 1.3
CORPUS_GOALS = {1: 2.0, 5: 1.15}

# who takes a turn, in this order: library and its arithmetic
CONTESTANTS = [
    ("longwing", "float32"),
    ("transformers", "float32"),
    ("longwing", "int8"),
    ("transformers", "bfloat16"),
]
LONGWING = [c for c in CONTESTANTS if c[0] == "longwing"]
FLOAT32 = [c for c in CONTESTANTS if c[1] == "float32"]

# what Longwing sets out to reach on the large shape, in float32
ENCODER_GOALS = {1024: 1.8, 4096: 2.2}
GROWTH_GOAL = 4.6
DOCUMENT_GOAL = 6.0
DOCUMENT_TOKENS = 256
HEAD_GOAL = 2.2
MEMORY_GOAL = 4.5e9
SPARK_GOAL = 0.03
SQL_GOAL = 0.10

# how far float32 states may be apart: rounding in another order, over all layers
ABSOLUTE_TOLERANCE = 1e-4
RELATIVE_TOLERANCE = 2e-4


class Contest:
    """Starts the processes, one at a time."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.directory = arguments.directory
        self.shape = arguments.shape
        self.source = self.directory / f"random-{self.shape}"
        self.task = "generation"
        java_home = os.environ.get("JAVA_HOME")
        self.java = f"{java_home}/bin/java" if java_home else "java"
        self.environment = {**os.environ, "OMP_NUM_THREADS": str(arguments.threads)}

    def longwing(self, *command, heap="1g", java_flags=()):
        flags = [*java_flags, f"@{LAUNCH / 'jvm-flags'}", f"@{LAUNCH / 'java-arguments'}"]
        logging = f"-Dlog4j2.configurationFile={ROOT / 'conf' / 'log4j2.properties'}"
        return self.run(
            [self.java, f"-Xmx{heap}", logging, *flags, "io.github.longwing.benchmarks.Measure", *command]
        )

    def reference(self, *command):
        return self.run([sys.executable, str(ROOT / "benchmarks" / "reference.py"), *command])

    def run(self, command):
        ended = subprocess.run(
            [str(part) for part in command], env=self.environment, stdout=subprocess.PIPE, text=True, check=False
        )
        if ended.returncode != 0:
            sys.exit(f"Cannot go on: {' '.join(map(str, command))} ended with status {ended.returncode}")
        return json.loads(ended.stdout)

    def model(self, precision):
        return self.directory / f"{self.source.name.replace('random', 'longwing', 1)}-{precision}"

    def measure(self, name, contestant, *options, threads=None):
        library, precision = contestant
        say(f"{name}: {library} {precision}")
        threads = ["--threads", threads or self.arguments.threads]
        if library == "longwing":
            ids = self.source / "ids.json"
            return self.longwing(name, "--model", self.model(precision), "--ids", ids, *threads, *options)
        return self.reference(name, "--model", self.source, "--dtype", precision, *threads, *options)

    def of_task(self, task, shape=None):
        """The same contest with another class of the model family, or another shape."""
        contest = Contest(self.arguments)
        contest.shape = shape or self.shape
        suffix = "" if task == "generation" else f"-{task}"
        contest.source = self.directory / f"random-{contest.shape}{suffix}"
        contest.task = task
        return contest


def say(text):
    print(f"benchmark: {time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def prepare(contest, contestants):
    """Makes the random weights where there are none, and always anew what this Longwing makes of them."""
    if not contest.source.exists():
        say(f"making random weights in {contest.source}")
        what = ["--shape", contest.shape, "--task", contest.task]
        contest.reference("make", *what, "--output", contest.source)
    return {c: import_model(contest, contest.source, contest.model(c[1]), c[1]) for c in contestants if c in LONGWING}


def import_model(contest, source, target, precision):
    say(f"import: {source.name} as {precision}")
    shutil.rmtree(target, ignore_errors=True)
    return contest.longwing("import", "--source", source, "--target", target, "--precision", precision)


def measure_encoder(contest):
    """All rounds, and how far each one's states are from those of transformers in float32."""
    arguments = contest.arguments
    rounds = {contestant: [] for contestant in CONTESTANTS}
    lengths = ",".join(map(str, arguments.lengths))
    with tempfile.TemporaryDirectory(dir=contest.directory) as directory:
        for turn in range(arguments.rounds):
            for contestant in CONTESTANTS:
                options = ["--lengths", lengths, "--runs", arguments.runs]
                if turn == 0:
                    states = Path(directory) / "-".join(contestant)
                    states.mkdir()
                    options += ["--states", states]
                rounds[contestant].append(contest.measure("encoder", contestant, *options)["lengths"])
        differences = {
            contestant: {tokens: difference(directory, contestant, tokens) for tokens in arguments.lengths}
            for contestant in CONTESTANTS
            if contestant != ("transformers", "float32")
        }
    return dict(rounds=rounds, differences=differences)


def difference(directory, contestant, tokens):
    """Of the states of the first round."""
    expected = numpy.fromfile(Path(directory) / "transformers-float32" / f"{tokens}.f32", "<f4")
    found = numpy.fromfile(Path(directory) / "-".join(contestant) / f"{tokens}.f32", "<f4")
    return distance(found, expected)


def distance(found, expected):
    if found.shape != expected.shape:
        sys.exit(f"Cannot compare {found.size} numbers with the {expected.size} of transformers")
    largest = float(numpy.abs(expected).max())
    return dict(
        maximum=float(numpy.abs(found - expected).max()),
        tolerance=ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * largest,
        relative=float(numpy.linalg.norm(found - expected) / numpy.linalg.norm(expected)),
    )


def measure_generation(contest):
    arguments = contest.arguments
    options = [*beam_search(arguments, arguments.new_tokens), "--warm-up-tokens", arguments.lengths[0]]
    rounds = {contestant: [] for contestant in CONTESTANTS}
    for _ in range(arguments.rounds):
        for contestant in CONTESTANTS:
            rounds[contestant].append(contest.measure("generation", contestant, *options))
    return rounds


def beam_search(arguments, new_tokens, tokens=None):
    return ["--tokens", tokens or arguments.lengths[-1], "--beams", arguments.beams, "--new-tokens", new_tokens]


def measure_memory(contest):
    """A document of each length in a fresh process, the longest generated from whole; a few tokens are enough for a peak."""
    arguments = contest.arguments
    results = {c: {} for c in CONTESTANTS}
    for tokens in arguments.lengths:
        for contestant in CONTESTANTS:
            whole = contestant in LONGWING and tokens == arguments.lengths[-1]
            options = beam_search(arguments, arguments.document_tokens if whole else arguments.new_tokens, tokens)
            if contestant in LONGWING:
                results[contestant][tokens] = contest.measure("document", contestant, *options)
            else:
                options += ["--warm-up-tokens", arguments.lengths[0]]
                results[contestant][tokens] = contest.measure("generation", contestant, *options)
    return results


def measure_batching(contest):
    arguments = contest.arguments
    options = ["--tokens", BATCHING_TOKENS[arguments.shape], "--beams", arguments.beams]
    options += ["--new-tokens", arguments.new_tokens]
    return {
        contestant: {n: contest.measure("batching", contestant, *options, "--documents", n) for n in arguments.documents}
        for contestant in LONGWING
    }


def measure_heads(contest):
    """Whole documents in float32, each in a fresh process whose peak of memory counts."""
    arguments = contest.arguments
    heads = {}
    for task in HEADS:
        of_task = contest.of_task(task)
        prepare(of_task, FLOAT32)
        rounds = {contestant: [] for contestant in FLOAT32}
        for _ in range(arguments.rounds):
            for contestant in FLOAT32:
                options = ["--tokens", arguments.lengths[-1], "--runs", arguments.runs]
                if contestant not in LONGWING:
                    options += ["--task", task]
                rounds[contestant].append(of_task.measure("head", contestant, *options))
        heads[task] = rounds
    return heads


def measure_tasks(contest):
    """The peak of a fresh process for one document of each task, whose heap is resident from the start, and the plan's."""
    arguments = contest.arguments
    found = []
    for shape in TASK_SHAPES[arguments.shape]:
        for task in TASKS:
            of_task = contest.of_task(task, shape)
            prepare(of_task, LONGWING)
            positions = json.loads(read(of_task.source / "config.json"))["max_position_embeddings"]
            for contestant in LONGWING:
                say(f"memory: {shape} {task} {contestant[1]}")
                tokens = positions - arguments.document_tokens if task == "continuations" else positions
                result = of_task.longwing(
                    *("memory", "--model", of_task.model(contestant[1]), "--ids", of_task.source / "ids.json"),
                    *("--threads", arguments.threads, "--task", task, "--tokens", tokens),
                    *("--beams", arguments.beams, "--new-tokens", arguments.document_tokens),
                    heap="512m",
                    java_flags=["-Xms512m", "-XX:+AlwaysPreTouch"],
                )
                found.append(dict(shape=shape, **result))
                if task not in ["generation", *HEADS]:  # which other measurements do not need
                    shutil.rmtree(of_task.model(contestant[1]))
            if task not in ["generation", *HEADS]:
                shutil.rmtree(of_task.source)
    return found


def tasks_report(found):
    rows = []
    for result in found:
        difference = result["planned_bytes"] / result["native_bytes"] - 1
        verdict = "" if abs(difference) <= MEMORY_PLAN_GOAL else ": beyond"
        rows.append(
            [
                f"{TASKS[result['task']]}, {result['shape']}, {result['precision']}",
                f"{result['tokens']:,}",
                gigabytes(result["native_bytes"]),
                gigabytes(result["planned_bytes"]),
                f"{difference * 100:+.0f} %{verdict}",
            ]
        )
    return "\n\n".join(
        [
            "## Memory of every task",
            "One document in a fresh process with a heap of 512 MB, which is resident from the start and not counted here;"
            f" the plan is wanted within {MEMORY_PLAN_GOAL * 100:.0f} % of the measured peak:",
            markdown_table(["", "tokens", "measured besides the heap", "planned", "plan : measured"], rows),
        ]
    )


def measure_hosts(contest):
    """Encoder and step with one thread and with two, the turns alternating: what the guidance for larger hosts is fitted on."""
    arguments = contest.arguments
    short = arguments.lengths[0]
    generation = [*beam_search(arguments, arguments.new_tokens), "--warm-up-tokens", short]
    rounds = {c: {threads: [] for threads in (1, 2)} for c in LONGWING}
    for _ in range(arguments.rounds):
        for contestant in LONGWING:
            for threads, results in rounds[contestant].items():
                results.append(contest.measure("generation", contestant, *generation, threads=threads))
    plans = {
        c: contest.measure(
            "plan", c, "--task", "generation", *beam_search(arguments, arguments.document_tokens), threads=1
        )
        for c in LONGWING
    }
    rows = ",".join(map(str, PRODUCT_ROWS))
    read_bytes = {
        threads: contest.longwing("products", "--source", contest.source, "--rows", rows, "--threads", threads)[
            "read_bytes"
        ]
        for threads in (1, 2)
    }
    return dict(rounds=rounds, plans=plans, read_bytes=read_bytes, load=os.getloadavg()[0])


def fitted(one, two, threads):
    """A time with so many threads where it was `one` with one and `two` with two: a part that divides and one that does not."""
    divided = min(one, 2 * (one - two))
    return one - divided + divided / threads


def hosts_report(contest, found):
    """Executors and threads for hosts of several sizes. Everything in it but the first table is computed."""
    arguments = contest.arguments
    sizes = model_sizes(contest)
    long = arguments.lengths[-1]
    parts = {
        "encoder": lambda r: r["encoder_seconds"],
        "keys and values": lambda r: r["cross_attention_seconds"],
        "a step": lambda r: r["median_step_seconds"],
    }
    measured = {
        c: {
            what: [statistics.median(figure(r) for r in found["rounds"][c][threads]) for threads in (1, 2)]
            for what, figure in parts.items()
        }
        for c in LONGWING
    }
    fits = [
        [f"{what}, {c[1]}", seconds(one), seconds(two), times(one / two)]
        for c in LONGWING
        for what, (one, two) in measured[c].items()
    ]
    step_bytes = {
        c: sizes[weights] + sizes["step_token"] * long
        for c, weights in zip(LONGWING, ["step_weights", "step_weights_int8"])
    }
    rows = []
    for cores, choices in HOSTS.items():
        read_bytes = min(found["read_bytes"][2] * cores / 2, HOST_READ_BYTES)
        for threads in choices:
            executors = cores // threads
            row = [f"{cores}", f"{executors} x {threads}"]
            for c in LONGWING:
                reading = fitted(*measured[c]["encoder"], threads) + fitted(*measured[c]["keys and values"], threads)
                step = max(fitted(*measured[c]["a step"], threads), executors * step_bytes[c] / read_bytes)
                hour = 3600 * executors / (reading + arguments.document_tokens * step)
                plan = found["plans"][c]
                own = plan["executor_bytes"] - plan["mapped_bytes"]
                whole = executors * (own + HEAP_BYTES) + plan["mapped_bytes"]
                row += [gigabytes(plan["executor_bytes"]), gigabytes(whole), f"{hour:,.0f}"]
            rows.append(row)
    what = f"of {long:,} tokens with {arguments.beams} beams and {arguments.document_tokens} new tokens"
    return "\n\n".join(
        [
            "## Executors and threads for hosts of other sizes",
            f"Measured, {arguments.rounds} round(s), the median; load of the machine at the end {found['load']:.1f}:",
            markdown_table(["", "1 thread", "2 threads", "gain"], fits),
            f"**Computed** from that, documents {what} for each hour, one at a time in each executor (those under way"
            " together gain what the corpus above gains): a time with more threads is a part that divides and a part that"
            " does not, fitted on one and two threads, and no host reads more than"
            f" {HOST_READ_BYTES / 1e9:.0f} GB/s. The memory of an executor is that besides its heap; that of a host has"
            f" {HEAP_BYTES / 1e9:.0f} GB of heap for each executor and the mapped weights once.",
            markdown_table(
                [
                    "cores",
                    "executors x threads",
                    *[f"{c[1]}: {w}" for c in LONGWING for w in ["of an executor", "of the host", "documents an hour"]],
                ],
                rows,
            ),
        ]
    )


def measure_spark(contest):
    """The model that Longwing carries on the documents of examples/: short work, where Spark's cost shows most."""
    model = contest.directory / "longwing-carried-float32"
    import_model(contest, CARRIED, model, "float32")
    say("spark: plain loop and local Spark")
    return contest.longwing(
        "spark",
        *("--model", model, "--input", SAMPLE),
        *("--threads", contest.arguments.spark_threads, "--passes", contest.arguments.rounds),
        heap="2g",
    )


def measure_precisions(contest):
    """Longwing alone: float32 beside int8, and beside what the machine can do. Some ten minutes for the large shape."""
    arguments = contest.arguments
    say("products: float32 and int8")
    rows = ",".join(map(str, PRODUCT_ROWS))
    products = contest.longwing("products", "--source", contest.source, "--rows", rows, "--threads", arguments.threads)
    lengths = [arguments.lengths[0], arguments.lengths[-1]]
    encoder = {c: [] for c in LONGWING}
    for _ in range(arguments.rounds):
        for contestant in LONGWING:
            options = ["--lengths", ",".join(map(str, lengths)), "--runs", arguments.runs]
            encoder[contestant] += contest.measure("encoder", contestant, *options)["lengths"]
    options = [*beam_search(arguments, arguments.new_tokens), "--warm-up-tokens", arguments.lengths[0]]
    steps = {c: contest.measure("generation", c, *options) for c in LONGWING}
    waiting = measure_waiting(contest, options)
    whole = beam_search(arguments, arguments.document_tokens)
    documents = {c: contest.measure("document", c, *whole) for c in LONGWING}
    corpus = {beams: {c: measure_corpus(contest, c, beams) for c in LONGWING} for beams in arguments.corpus_beams}
    return dict(
        products=products,
        encoder=encoder,
        lengths=lengths,
        steps=steps,
        waiting=waiting,
        documents=documents,
        corpus=corpus,
    )


def measure_waiting(contest, options):
    """A step in float32 with threads that sleep or spin between operations, with the cores idle and one of them busy."""
    steps = []
    for threads in sorted({1, contest.arguments.threads}):
        for neighbour in ["", "beside a busy process, "]:
            busy = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if neighbour else None
            try:
                for waiting in ["sleeping", "spinning"]:
                    found = contest.measure("generation", LONGWING[0], *options, "--waiting", waiting, threads=threads)
                    what = f"{neighbour}{threads} thread(s), {waiting} between operations"
                    steps.append((what, found["median_step_seconds"], found["processor_seconds_per_step"]))
            finally:
                if busy:
                    busy.kill()
                    busy.wait()
    return steps


def measure_corpus(contest, contestant, beams):
    lengths = ",".join(map(str, CORPUS[contest.arguments.shape]))
    return contest.measure(
        "corpus", contestant, "--lengths", lengths, "--beams", beams, "--new-tokens", CORPUS_NEW_TOKENS
    )


def model_sizes(contest):
    config = json.loads(read(contest.source / "config.json"))
    d, ffn = config["d_model"], config["encoder_ffn_dim"]
    layers, decoder_layers = config["encoder_layers"], config["decoder_layers"]
    return dict(
        encoder_products=2 * layers * (4 * d * d + 2 * d * ffn),  # operations for each token
        # bytes of float32 that a step reads: weights once, keys and values of each source token
        step_weights=4 * (decoder_layers * (6 * d * d + 2 * d * config["decoder_ffn_dim"]) + config["vocab_size"] * d),
        # in int8 all but the projections to queries and keys
        step_weights_int8=decoder_layers * (3 * d * d * 4 + 3 * d * d + 2 * d * config["decoder_ffn_dim"])
        + config["vocab_size"] * d,
        step_token=8 * decoder_layers * d,
    )


def encoder_bound(contest, precisions, tokens):
    """Seconds of the encoder's products alone, in float32, at the rate that was measured."""
    return model_sizes(contest)["encoder_products"] * tokens / precisions["products"]["gemm_flops"]


def markdown_table(header, rows):
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def precisions_report(contest, found):
    """Three tables: products, found beside wanted, documents for each core and hour."""
    arguments = contest.arguments
    large = arguments.shape == "large"
    threads = arguments.threads
    sizes = model_sizes(contest)
    gemm, read_bytes = found["products"]["gemm_flops"], found["products"]["read_bytes"]
    by_cell = {(p["arithmetic"], p["rows"]): p for p in found["products"]["products"]}
    arithmetics = ["FLOAT32", "INT8_BLOCKS", "INT8_ROWS"]
    names_of = {"FLOAT32": "float32", "INT8_BLOCKS": "8 bits by blocks", "INT8_ROWS": "8 bits by rows and outputs"}
    product_rows = [
        [
            names_of[a],
            *[
                f"{seconds(by_cell[a, r]['seconds'])} ({seconds(by_cell[a, r]['processor_seconds'])})"
                for r in PRODUCT_ROWS
            ],
            f"{by_cell[a, PRODUCT_ROWS[-1]]['relative_error']:.3f}",
        ]
        for a in arithmetics
    ]
    products = markdown_table(["product", *[f"{r:,} rows" for r in PRODUCT_ROWS], "relative error"], product_rows)
    float32, int8 = LONGWING
    rows = []

    def add(label, figures, show, ratio=None, goal=""):
        rows.append([label, show(figures[float32]), show(figures[int8]), f"{ratio:.2f}x" if ratio else "", goal])

    encoder = {}
    for tokens in found["lengths"]:
        encoder[tokens] = {
            c: statistics.median(r["encoder_seconds"] for r in found["encoder"][c] if r["tokens"] == tokens)
            for c in LONGWING
        }
        ratio = encoder[tokens][float32] / encoder[tokens][int8]
        add(
            f"encoder, {tokens:,} tokens",
            encoder[tokens],
            seconds,
            ratio,
            verdict(large, ratio, INT8_ENCODER_GOAL, times),
        )
        bound = encoder_bound(contest, found, tokens)
        over = encoder[tokens][float32] / bound
        rows.append(
            [
                f"float32 over its matrix products at {gemm / 1e9:.0f} GFLOP/s, {tokens:,} tokens",
                f"{over:.2f}x of {seconds(bound)}",
                "",
                "",
                verdict(large, over, ENCODER_BOUND_GOAL, times, at_least=False),
            ]
        )
    short, long = found["lengths"]
    add(f"growth from {short:,} to {long:,} tokens", {c: encoder[long][c] / encoder[short][c] for c in LONGWING}, times)
    steps = {c: found["steps"][c]["median_step_seconds"] for c in LONGWING}
    add(f"a step of {arguments.beams} beams after {long:,}", steps, seconds, steps[float32] / steps[int8])
    allocated = {c: found["steps"][c]["allocated_bytes_per_step"] / 1024 for c in LONGWING}
    add("allocated on the Java heap in such a step", allocated, lambda kibibytes: f"{kibibytes:.0f} KiB")
    bounds = {
        c: (sizes[weights] + sizes["step_token"] * long) / read_bytes
        for c, weights in [(float32, "step_weights"), (int8, "step_weights_int8")]
    }
    over = {c: steps[c] / bounds[c] for c in LONGWING}
    rows.append(
        [
            f"over reading weights, keys and values once at {read_bytes / 1e9:.1f} GB/s",
            *[f"{times(over[c])} of {seconds(bounds[c])}" for c in LONGWING],
            "",
            verdict(large, max(over.values()), STEP_BOUND_GOAL, times, at_least=False),
        ]
    )
    for what, by_clock, of_processor in found["waiting"]:
        figure = f"{seconds(by_clock)} ({seconds(of_processor)} of the processor)"
        rows.append([f"a step of float32, {what}", figure, "", "", ""])
    whole = {c: found["documents"][c]["document"]["seconds"] for c in LONGWING}
    ratio = whole[float32] / whole[int8]
    add(
        f"document of {long:,} tokens, {arguments.document_tokens} generated, in a fresh process",
        whole,
        seconds,
        ratio,
        verdict(large, ratio, INT8_DOCUMENT_GOAL, times),
    )
    peaks = {c: found["documents"][c]["peak_resident_bytes"] for c in LONGWING}
    goals = [
        verdict(large, peaks[c], goal, gigabytes, at_least=False)
        for c, goal in [(float32, FLOAT32_MEMORY_GOAL), (int8, INT8_MEMORY_GOAL)]
    ]
    add("its peak resident memory", peaks, gigabytes, goal="; ".join(g for g in goals if g))
    hours = []
    for beams, results in found["corpus"].items():
        in_turn = {c: results[c]["seconds_in_turn"] for c in LONGWING}
        together = {c: results[c]["seconds_together"] for c in LONGWING}
        count, tokens = results[float32]["documents"], results[float32]["input_tokens"]
        what = f"{count} documents of {tokens:,} tokens in all, {CORPUS_NEW_TOKENS} generated, {beams} beam(s)"
        add(f"{what}, one at a time", in_turn, seconds, in_turn[float32] / in_turn[int8])
        add("the same, all under way", together, seconds, together[float32] / together[int8])
        gains = {c: in_turn[c] / together[c] for c in LONGWING}
        goal = CORPUS_GOALS.get(beams)
        add("gain", gains, times, goal=verdict(large and goal is not None, min(gains.values()), goal, times))
        hours.append(
            [f"{beams} beam(s)", *[f"{3600 * count / together[c] / threads:.0f}" for c in LONGWING]]
        )
    return "\n\n".join(
        [
            "## float32 and int8",
            "The first feed-forward layer of the encoder, by the clock and, in brackets, of the processor (all threads"
            " together); every 171st input column is eight times larger:",
            products,
            markdown_table(["", "float32", "int8", "float32 : int8", "wanted"], rows),
            "Documents of that corpus for each core and hour:",
            markdown_table(["", "float32", "int8"], hours),
        ]
    )


class Table:
    """Rows of figures with a column for each contestant and the ratios between them."""

    COLUMNS = [
        "",
        "transformers float32",
        "transformers bfloat16",
        "Longwing float32",
        "Longwing int8",
        "float32 : float32",
        "bfloat16 : int8",
        "goal (float32)",
    ]

    def __init__(self):
        self.rows = []

    def add(self, label, figures, show, goal="", compare=True):
        """figures by contestant; a ratio says how many times Longwing's figure goes into transformers'."""

        def cell(library, precision):
            figure = figures.get((library, precision))
            return "" if figure is None else show(figure)

        def ratio(reference, longwing):
            ours, theirs = figures.get(("longwing", longwing)), figures.get(("transformers", reference))
            return "" if ours is None or theirs is None or not compare else f"{theirs / ours:.2f}x"

        self.rows.append(
            [
                label,
                cell("transformers", "float32"),
                cell("transformers", "bfloat16"),
                cell("longwing", "float32"),
                cell("longwing", "int8"),
                ratio("float32", "float32"),
                ratio("bfloat16", "int8"),
                goal,
            ]
        )

    def markdown(self):
        rows = [self.COLUMNS, ["---", *["---:"] * (len(self.COLUMNS) - 1)], *self.rows]
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def seconds(figure):
    return f"{figure:.0f} s" if figure >= 100 else f"{figure:.2f} s" if figure >= 1 else f"{figure * 1000:.3g} ms"


def gigabytes(figure):
    return f"{figure / 1e9:.2f} GB"


def times(figure):
    return f"{figure:.2f}x"


def verdict(is_large, found, goal, show, at_least=True):
    """The goal and whether it was reached; goals are set for the large shape alone."""
    if not is_large:
        return ""
    reached = found >= goal if at_least else found <= goal
    bound = "at least" if at_least else "at most"
    return f"{bound} {show(goal)}: " + ("reached" if reached else f"missed by {show(abs(found - goal))}")


def ratio_of(figures):
    return figures[("transformers", "float32")] / figures[("longwing", "float32")]


def encoder_medians(encoder, tokens, figure):
    medians = {}
    for contestant, rounds in encoder["rounds"].items():
        lengths = [length for turn in rounds for length in turn if length["tokens"] == tokens]
        found = [length[figure] for length in lengths if figure in length]
        if found:
            medians[contestant] = statistics.median(found)
    return medians


def encoder_by_length(encoder, arguments):
    return {tokens: encoder_medians(encoder, tokens, "encoder_seconds") for tokens in arguments.lengths}


def generation_medians(generation, figure):
    medians = {}
    for contestant, rounds in generation.items():
        found = [result[figure] for result in rounds if figure in result]
        if found:
            medians[contestant] = statistics.median(found)
    return medians


def tabulate(results, arguments):
    table = Table()
    large = arguments.shape == "large"
    longest = arguments.lengths[-1]
    encoder = results.get("encoder")
    if encoder:
        by_length = encoder_by_length(encoder, arguments)
        for tokens, medians in by_length.items():
            goal = ENCODER_GOALS.get(tokens)
            text = verdict(large, ratio_of(medians), goal, times) if goal else ""
            table.add(f"encoder, {tokens:,} tokens", medians, seconds, text)
        shortest = arguments.lengths[0]
        growth = {c: by_length[longest][c] / by_length[shortest][c] for c in CONTESTANTS}
        text = ""
        if (shortest, longest) == (1024, 4096):
            text = verdict(large, growth[("longwing", "float32")], GROWTH_GOAL, times, at_least=False)
        table.add(f"growth from {shortest:,} to {longest:,} tokens", growth, times, text, compare=False)
        projection = encoder_medians(encoder, longest, "cross_attention_seconds")
        table.add(f"projection to cross-attention, {longest:,} tokens", projection, seconds)
    generation = results.get("generation")
    if generation:
        steps = generation_medians(generation, "median_step_seconds")
        table.add(f"a token with {arguments.beams} beams after {longest:,}", steps, seconds)
        first = generation_medians(generation, "first_step_seconds")  # transformers: encoder and projection within
        documents = {}
        for contestant, step in steps.items():
            if contestant in first:
                before = first[contestant] - step
            else:
                before = statistics.median(
                    r["encoder_seconds"] + r["cross_attention_seconds"] for r in generation[contestant]
                )
            documents[contestant] = before + arguments.document_tokens * step
        goal = ""
        if arguments.document_tokens == DOCUMENT_TOKENS:
            goal = verdict(large, ratio_of(documents), DOCUMENT_GOAL, times)
        label = f"document of {longest:,} tokens, {arguments.document_tokens} generated (computed)"
        table.add(label, documents, seconds, goal)
    memory = results.get("memory")
    if memory:
        whole = {c: memory[c][longest]["document"]["seconds"] for c in LONGWING}
        label = f"document of {longest:,} tokens, {arguments.document_tokens} generated, through the engine"
        table.add(label, whole, seconds)
        peaks = {c: by_length[longest]["peak_resident_bytes"] for c, by_length in memory.items()}
        goal = verdict(large, peaks[("longwing", "float32")], MEMORY_GOAL, gigabytes, at_least=False)
        table.add(f"peak resident memory, {longest:,} tokens, {arguments.beams} beams", peaks, gigabytes, goal)
    for task, rounds in results.get("heads", {}).items():
        label = f"{HEADS[task]}, {longest:,} tokens"
        medians = {c: statistics.median(r["document"]["seconds"] for r in turns) for c, turns in rounds.items()}
        table.add(label, medians, seconds, verdict(large, ratio_of(medians), HEAD_GOAL, times))
        peaks = {c: max(r["peak_resident_bytes"] for r in turns) for c, turns in rounds.items()}
        goal = verdict(large, peaks[("longwing", "float32")], MEMORY_GOAL, gigabytes, at_least=False)
        table.add(f"peak resident memory of {label}", peaks, gigabytes, goal)
    batching = results.get("batching")
    if batching:
        tokens, count = BATCHING_TOKENS[arguments.shape], arguments.documents[-1]
        what = f"{tokens:,} tokens, {arguments.new_tokens} generated"
        in_turn = {c: by_count[count]["seconds_in_turn"] for c, by_count in batching.items()}
        together = {c: by_count[count]["seconds_together"] for c, by_count in batching.items()}
        table.add(f"a document of {what}, one at a time", in_turn, seconds)
        table.add(f"the same, {count} under way at once", together, seconds)
    imports = results.get("import")
    if imports:
        table.add("import of the checkpoint", {c: r["seconds"] for c, r in imports.items()}, seconds)
        peaks = {c: r["peak_resident_bytes"] for c, r in imports.items()}
        table.add("peak resident memory of the import", peaks, gigabytes)
    return table.markdown()


def spark_line(spark, arguments):
    cost = spark["cost"]
    reached = "reached" if cost <= SPARK_GOAL else f"missed by {(cost - SPARK_GOAL) * 100:.1f} points"
    return (
        f"Spark over the plain loop: {spark['documents']} documents of `examples/` with the embedded model and"
        f" {arguments.spark_threads} thread(s), plain loop {seconds(spark['loop']['seconds'])},"
        f" Spark with Parquet written {seconds(spark['spark']['seconds'])}: {cost * 100:+.1f} % of the time and"
        f" {spark['cpu_cost'] * 100:+.1f} % of the processor's (goal at most {SPARK_GOAL * 100:.0f} %: {reached})."
        f"\n\nSQL over the job: {sql_line(spark)}"
    )


def sql_line(spark):
    cost = spark["sql_cost"]
    reached = "reached" if cost <= SQL_GOAL else f"missed by {(cost - SQL_GOAL) * 100:.1f} points"
    return (
        f"`longwing_summarize(text)` of the same documents, Parquet written, {seconds(spark['sql']['seconds'])}:"
        f" {cost * 100:+.1f} % of the time and {spark['sql_cpu_cost'] * 100:+.1f} % of the processor's"
        f" (goal at most {SQL_GOAL * 100:.0f} %: {reached})."
    )


def compared(lines, library, precision, what, d):
    """Adds a line on a distance; true where it does not matter, or is small enough."""
    text = f"{library} {precision}, {what}: largest difference {d['maximum']:.2g}, relative {d['relative']:.2g}"
    if (library, precision) != ("longwing", "float32"):
        lines.append(text)
        return True
    within = d["maximum"] <= d["tolerance"]
    lines.append(text + f", {'within' if within else 'BEYOND'} the tolerance of {d['tolerance']:.2g}")
    return within


def agreement(results):
    """Lines that say whether both sides computed the same, and whether float32 did."""
    lines, agrees = [], True
    if "encoder" in results:
        for (library, precision), differences in results["encoder"]["differences"].items():
            for tokens, d in differences.items():
                agrees &= compared(lines, library, precision, f"encoder at {tokens:,} tokens", d)
    if "generation" in results:
        generation = results["generation"]
        expected = generation[("transformers", "float32")][0]["sequence"]
        for contestant, rounds in generation.items():
            if contestant == ("transformers", "float32"):
                continue
            same = all(r["sequence"] == expected for r in rounds)
            shared = sum(a == b for a, b in zip(rounds[0]["sequence"], expected)) - 1  # without the start token
            library, precision = contestant
            lines.append(
                f"{library} {precision}, generated tokens: "
                + ("equal" if same else f"NOT EQUAL, {shared} of {len(expected) - 1} the same")
            )
            if contestant == ("longwing", "float32"):
                agrees = agrees and same
    for task, rounds in results.get("heads", {}).items():
        outputs = {c: numpy.array(turns[0]["document"]["outputs"]) for c, turns in rounds.items()}
        expected = outputs.pop(("transformers", "float32"))
        for (library, precision), found in outputs.items():
            agrees &= compared(lines, library, precision, HEADS[task], distance(found, expected))
    if "spark" in results:
        different = results["spark"]["different_summaries"]
        lines.append("Spark, SQL and plain loop: " + (f"{different} summaries DIFFER" if different else "equal summaries"))
        agrees = agrees and different == 0
    return lines, agrees


def machine(contest):
    cpuinfo = read("/proc/cpuinfo")
    cpu = next(
        (line.split(":")[1].strip() for line in cpuinfo.splitlines() if line.startswith("model name")),
        platform.processor(),
    )
    flags = re.search(r"^flags\s*:(.*)$", cpuinfo, re.MULTILINE)
    has = [name for name, flag in INSTRUCTIONS.items() if flags and flag in flags[1].split()]
    kibibytes = int(re.search(r"MemTotal:\s+(\d+)", read("/proc/meminfo")).group(1))
    versions = contest.reference("versions")
    java = subprocess.run([contest.java, "-version"], stderr=subprocess.PIPE, text=True, check=True).stderr
    onnx_runtime = re.search(r"onnxruntime-([\d.]+)\.jar", read(LAUNCH / "classpath")).group(1)
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "describe", "--always", "--dirty"], stdout=subprocess.PIPE, text=True, check=False
    ).stdout.strip()
    return [
        f"{cpu} ({', '.join(has) or 'instruction sets unknown'}), {len(os.sched_getaffinity(0))} cores,"
        f" {kibibytes * 1024 / 1e9:.0f} GB memory, {platform.system()} {platform.release()}",
        f"Longwing {commit or 'without git'}, ONNX Runtime {onnx_runtime}, {java.splitlines()[1].strip()}",
        f"transformers {versions['transformers']}, PyTorch {versions['torch']}, Python {versions['python']}",
    ]


def read(path):
    return Path(path).read_text(encoding="utf-8")


def report(contest, results):
    arguments = contest.arguments
    lines, agrees = agreement(results)
    parts = [
        "# Longwing beside transformers",
        f"BigBirdPegasus of the {arguments.shape} shape with random weights, the same on both sides, as are token ids"
        f" and threads ({arguments.threads}). Made by `{command_line(arguments)}` on {time.strftime('%Y-%m-%d')}:",
        "\n".join(f"- {line}" for line in machine(contest)),
    ]
    if set(results) - {"spark", "precisions", "tasks", "hosts"}:
        parts.append(tabulate(results, arguments))
        parts.append(explanations(results, arguments))
        parts += plotted(contest, results)
    if "spark" in results:
        parts.append(spark_line(results["spark"], arguments))
    if "precisions" in results:
        parts.append(precisions_report(contest, results["precisions"]))
    if "tasks" in results:
        parts.append(tasks_report(results["tasks"]))
    if "hosts" in results:
        parts.append(hosts_report(contest, results["hosts"]))
    parts += ["## Do both compute the same?", "\n".join(f"- {line}" for line in lines) or "Not compared in this run."]
    parts.append("[Performance](performance.md) says what these figures mean, where the time goes, and what was measured besides.")
    return "\n\n".join(parts) + "\n", agrees


def plotted(contest, results):
    """Draws what has been measured at several lengths or with several documents; the lines that show it."""
    arguments = contest.arguments
    target = PLOTS if arguments.write else contest.directory / PLOTS.name
    target.mkdir(exist_ok=True)
    lines = []

    def plot(name, title, *what, **limits):
        plots.draw(target / f"{name}.svg", *what, **limits)
        lines.append(f"![{title}]({PLOTS.name}/{name}.svg)")

    encoder = results.get("encoder")
    if encoder:
        by_length = encoder_by_length(encoder, arguments)
        series = {c: {t: by_length[t][c] for t in arguments.lengths} for c in CONTESTANTS}
        limits = {}
        if "precisions" in results:
            bounds = {t: encoder_bound(contest, results["precisions"], t) for t in arguments.lengths}
            limits = {"its float32 products alone": bounds}
        title = "Time of the encoder against the length of the document"
        plot("encoder", title, series, "tokens of the document", "seconds of the encoder", limits=limits)
    memory = results.get("memory")
    if memory:
        series = {c: {t: r["peak_resident_bytes"] / 1e9 for t, r in found.items()} for c, found in memory.items()}
        title = "Peak of resident memory against the length of the document"
        plot("memory", title, series, "tokens of the document", f"GB at the peak, {arguments.beams} beams")
    batching = results.get("batching")
    if batching:
        series = {}
        for contestant, by_count in batching.items():
            alone = statistics.median(r["seconds_in_turn"] for r in by_count.values())
            found = {n: r["seconds_together"] for n, r in by_count.items()}
            series[contestant] = {n: 3600 / s for n, s in {1: alone, **found}.items()}
        tokens = BATCHING_TOKENS[arguments.shape]
        title = "Documents an hour against documents under way at once"
        what = f"documents of {tokens:,} tokens an hour"
        plot("throughput", title, series, "documents under way at once", what)
    return lines


def explanations(results, arguments):
    lines = [
        f"Times are medians of {arguments.rounds} round(s) in which the four took turns; ratios above 1 are in"
        " Longwing's favour."
    ]
    if "generation" in results:
        lines += [
            f"Both sides generate exactly {arguments.new_tokens} tokens; a token's time is the median of the steps"
            f" after the first. A document of {arguments.lengths[0]:,} tokens went before, unmeasured.",
            f"*Computed*: encoder and projection plus {arguments.document_tokens} times that step. transformers' steps"
            " are too slow to measure them all.",
        ]
    if "memory" in results:
        lines += [
            f"*Through the engine*: {arguments.document_tokens} tokens generated and every step measured, in a process"
            " that has done nothing before.",
            "Resident memory is VmHWM of a fresh process, the pages of mapped weights among it; Longwing's heap is"
            " limited to 1 GB.",
        ]
    return "\n".join(lines)


def command_line(arguments):
    return " ".join(["benchmarks/run", *arguments.given])


def by_name(value):
    """The same with names for the contestants, as JSON wants them."""
    if isinstance(value, dict):
        return {" ".join(k) if isinstance(k, tuple) else str(k): by_name(v) for k, v in value.items()}
    return [by_name(v) for v in value] if isinstance(value, list) else value


def integers(text):
    return sorted(int(part) for part in text.split(","))


def names(text):
    chosen = text.split(",")
    unknown = [name for name in chosen if name not in MEASUREMENTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: expected some of {', '.join(MEASUREMENTS)}")
    return chosen


def parse():
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__)
    parser.add_argument("--shape", choices=LENGTHS, default="large", help="small takes seconds and says nothing")
    parser.add_argument("--lengths", type=integers, help="tokens, with commas; the longest is also generated from")
    parser.add_argument("--beams", type=int, default=5)
    parser.add_argument("--new-tokens", type=int, default=16, help="tokens that both sides generate")
    parser.add_argument("--document-tokens", type=int, default=256, help="tokens of a whole document")
    parser.add_argument(
        "--corpus-beams", type=integers, default=sorted(CORPUS_GOALS), help="beams of the corpus, with commas"
    )
    parser.add_argument(
        "--documents", type=integers, default=[2, 4, 8], help="documents under way at once, with commas"
    )
    parser.add_argument("--rounds", type=int, default=3, help="turns that each side gets")
    parser.add_argument("--runs", type=int, default=1, help="measured encoder runs in a turn, after one unmeasured")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="all cores where left out")
    parser.add_argument("--spark-threads", type=int, default=1)
    parser.add_argument("--only", type=names, default=MEASUREMENTS, help=f"some of {','.join(MEASUREMENTS)}")
    parser.add_argument("--write", action="store_true", help="also write the report to docs/benchmarks.md")
    parser.add_argument("--directory", type=Path, required=True, help="LONGWING_BENCH_DIR; given by benchmarks/run")
    arguments = parser.parse_args()
    arguments.lengths = arguments.lengths or LENGTHS[arguments.shape]
    if arguments.new_tokens < 2:
        parser.error("--new-tokens must be at least 2: the first step is not like the others")
    arguments.given = [a for a in sys.argv[1:] if a != "--write"]
    at = arguments.given.index("--directory")
    del arguments.given[at : at + 2]
    return arguments


def main():
    arguments = parse()
    contest = Contest(arguments)
    imports = prepare(contest, CONTESTANTS) if set(arguments.only) - {"heads", "spark", "tasks"} else None
    measures = {
        "import": lambda contest: imports,
        "encoder": measure_encoder,
        "generation": measure_generation,
        "memory": measure_memory,
        "batching": measure_batching,
        "heads": measure_heads,
        "spark": measure_spark,
        "precisions": measure_precisions,
        "tasks": measure_tasks,
        "hosts": measure_hosts,
    }
    results = {name: measures[name](contest) for name in MEASUREMENTS if name in arguments.only}
    raw = contest.directory / f"results-{arguments.shape}.json"
    raw.write_text(json.dumps(by_name(results), indent=1), encoding="utf-8")
    text, agrees = report(contest, results)
    print(text)
    say(f"every figure is in {raw}")
    if arguments.write:
        target = ROOT / "docs" / "benchmarks.md"
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
    if not agrees:
        sys.exit("Longwing in float32 and transformers do not agree; see the end of the report")


if __name__ == "__main__":
    main()
