"""transformers' side of the benchmark: makes the random model that both sides run, and measures PyTorch on it.

One measurement for each process, printed as JSON: times in seconds, memory in bytes. benchmarks/run calls it.
"""

import argparse
import json
import platform
import random
import resource
import shutil
import statistics
import time
from pathlib import Path

import torch
import transformers
from transformers import (
    BigBirdPegasusConfig,
    BigBirdPegasusForCausalLM,
    BigBirdPegasusForConditionalGeneration,
    BigBirdPegasusForQuestionAnswering,
    BigBirdPegasusForSequenceClassification,
    BigBirdPegasusModel,
)
from transformers.generation import StoppingCriteria, StoppingCriteriaList

SEED = 20240229
EOS = 1
FIRST_WORD = 105  # ids below are control tokens in the Pegasus vocabulary

TASKS = {
    "generation": BigBirdPegasusForConditionalGeneration,
    "classification": BigBirdPegasusForSequenceClassification,
    "answers": BigBirdPegasusForQuestionAnswering,
    "continuations": BigBirdPegasusForCausalLM,
    "embeddings": BigBirdPegasusModel,
}

# transformers' own defaults are the large shape
SHAPES = {
    "large": dict(),
    "base": dict(
        vocab_size=32_003,
        d_model=512,
        encoder_layers=6,
        decoder_layers=6,
        encoder_attention_heads=8,
        decoder_attention_heads=8,
        encoder_ffn_dim=2048,
        decoder_ffn_dim=2048,
    ),
    "small": dict(
        vocab_size=2003,
        d_model=64,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=128,
        decoder_ffn_dim=128,
        max_position_embeddings=1024,
        block_size=16,
        init_std=0.08,
    ),
}


def make(arguments):
    """Writes the model and ids.json, one document as long as the model's positions."""
    torch.manual_seed(SEED)
    kind = TASKS[arguments.task]
    config = BigBirdPegasusConfig(architectures=[kind.__name__], **SHAPES[arguments.shape])
    model = kind(config)
    # without this a random model whose output is tied to its input only repeats its start token
    signs = torch.where(torch.rand(config.d_model) < 0.5, -1.0, 1.0)
    model.get_decoder().layernorm_embedding.weight.data *= signs
    draw = random.Random(SEED)
    ids = [draw.randrange(FIRST_WORD, config.vocab_size) for _ in range(config.max_position_embeddings - 1)] + [EOS]

    unfinished = arguments.output.with_name(arguments.output.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    model.save_pretrained(unfinished)
    (unfinished / "ids.json").write_text(json.dumps(ids), encoding="utf-8")
    unfinished.rename(arguments.output)
    return {"parameters": sum(p.numel() for p in model.parameters())}


def load(arguments):
    torch.set_num_threads(arguments.threads)
    dtype = getattr(torch, arguments.dtype)
    kind = TASKS[getattr(arguments, "task", "generation")]
    return kind.from_pretrained(arguments.model, dtype=dtype).eval()


def document(arguments, tokens):
    ids = json.loads((arguments.model / "ids.json").read_text(encoding="utf-8"))
    return torch.tensor([ids[: tokens - 1] + ids[-1:]])


def block_sparse(model):
    """A short document switches a model to full attention for good."""
    model.get_encoder().set_attention_type("block_sparse")


def encoder(arguments):
    model = load(arguments)
    results = []
    for tokens in arguments.lengths:
        ids = document(arguments, tokens)
        seconds = []
        for run in range(1 + arguments.runs):
            block_sparse(model)
            start = time.perf_counter()
            states = model.get_encoder()(ids).last_hidden_state
            if run:  # the first one warms up
                seconds.append(time.perf_counter() - start)
        if arguments.states:
            states[0].float().numpy().astype("<f4").tofile(arguments.states / f"{tokens}.f32")
        results.append(dict(tokens=tokens, encoder_seconds=statistics.median(seconds), encoder_runs=seconds))
    return {"lengths": results}


def head(arguments):
    """A classifier, or question answering, on one document."""
    model = load(arguments)
    ids = document(arguments, arguments.tokens)
    seconds = []
    for run in range(1 + arguments.runs):
        block_sparse(model)
        start = time.perf_counter()
        found = model(ids)
        if run:  # the first one warms up
            seconds.append(time.perf_counter() - start)
    outputs = found.logits if arguments.task == "classification" else torch.cat([found.start_logits, found.end_logits])
    result = dict(tokens=arguments.tokens, seconds=statistics.median(seconds), runs=seconds)
    return dict(
        document=dict(**result, outputs=outputs.flatten().float().tolist()), peak_resident_bytes=peak_resident_bytes()
    )


class StepClock(StoppingCriteria):
    """Never stops, but notes when each step has ended."""

    def __init__(self):
        self.times = []

    def __call__(self, input_ids, scores, **kwargs):
        self.times.append(time.perf_counter())
        return torch.zeros(input_ids.shape[0], dtype=torch.bool)


def generate(model, ids, arguments):
    """The best sequence, and when each step ended."""
    length = 1 + arguments.new_tokens  # with the start token
    clock = StepClock()
    block_sparse(model)
    sequences = model.generate(
        ids,
        num_beams=arguments.beams,
        do_sample=False,
        min_length=length,
        max_length=length,
        use_cache=True,
        stopping_criteria=StoppingCriteriaList([clock]),
    )
    return sequences[0].tolist(), clock.times


def generation(arguments):
    model = load(arguments)
    ids = document(arguments, arguments.tokens)
    generate(model, document(arguments, arguments.warm_up_tokens), arguments)
    start = time.perf_counter()
    sequence, times = generate(model, ids, arguments)
    seconds = time.perf_counter() - start
    # the first step has the encoder and the projection to cross-attention in it
    steps = [after - before for before, after in zip(times, times[1:])]
    return dict(
        input_tokens=arguments.tokens,
        seconds=seconds,
        first_step_seconds=times[0] - start,
        step_seconds=steps,
        median_step_seconds=statistics.median(steps),
        sequence=sequence,
        peak_resident_bytes=peak_resident_bytes(),
    )


def peak_resident_bytes():
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def versions(arguments):
    return dict(python=platform.python_version(), torch=torch.__version__, transformers=transformers.__version__)


def lengths(text):
    return [int(part) for part in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)

    command = commands.add_parser("make", help=make.__doc__)
    command.add_argument("--shape", choices=SHAPES, required=True)
    command.add_argument("--task", choices=TASKS, default="generation")
    command.add_argument("--output", type=Path, required=True)
    command.set_defaults(measure=make)

    command = commands.add_parser("versions")
    command.set_defaults(measure=versions)

    for name, measure in (("encoder", encoder), ("generation", generation), ("head", head)):
        command = commands.add_parser(name)
        command.add_argument("--model", type=Path, required=True)
        command.add_argument("--dtype", choices=["float32", "bfloat16"], required=True)
        command.add_argument("--threads", type=int, required=True)
        command.set_defaults(measure=measure)
        if name == "encoder":
            command.add_argument("--lengths", type=lengths, required=True)
            command.add_argument("--runs", type=int, default=1)
            command.add_argument("--states", type=Path, help="where to write the states, for each length TOKENS.f32")
        elif name == "head":
            command.add_argument("--task", choices=TASKS, required=True)
            command.add_argument("--tokens", type=int, required=True)
            command.add_argument("--runs", type=int, default=1)
        else:
            command.add_argument("--tokens", type=int, required=True)
            command.add_argument("--beams", type=int, default=5)
            command.add_argument("--new-tokens", type=int, required=True)
            command.add_argument("--warm-up-tokens", type=int, required=True, help="tokens of an unmeasured document")

    arguments = parser.parse_args()
    with torch.inference_mode():
        result = arguments.measure(arguments)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
