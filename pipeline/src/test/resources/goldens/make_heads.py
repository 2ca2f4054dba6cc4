"""Reference cases on small random models of the classes beside the one for conditional generation, and of evidence. usage: make_heads.py OUT

The positions pass a multiple of 512, the chunk in which the decoder reads whole sequences, and are none themselves.
"""
import json
import os
import sys

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import (
    BigBirdPegasusConfig,
    BigBirdPegasusForCausalLM,
    BigBirdPegasusForConditionalGeneration,
    BigBirdPegasusForQuestionAnswering,
    BigBirdPegasusForSequenceClassification,
    BigBirdPegasusModel,
)
from transformers.modeling_outputs import BaseModelOutput

torch.set_num_threads(1)
SHAPES = {
    "aligned": dict(
        d_model=16, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=4,
        encoder_ffn_dim=24, decoder_ffn_dim=20, activation_function="gelu_new", use_bias=False, scale_embedding=True,
        block_size=8, num_random_blocks=2, max_position_embeddings=1100, stored_positions=1100),
    # transformers crashes beyond 1088 tokens here, which are 17 blocks: a model with 1152 positions computes it
    "unaligned": dict(
        d_model=24, encoder_layers=1, decoder_layers=3, encoder_attention_heads=3, decoder_attention_heads=2,
        encoder_ffn_dim=28, decoder_ffn_dim=36, activation_function="relu", use_bias=True, scale_embedding=False,
        block_size=64, num_random_blocks=3, max_position_embeddings=1152, stored_positions=1100),
}
VOCABULARY = 61


def perturb(model, seed):
    """Spreads biases and norms, which start at 0 and 1."""
    g = torch.Generator().manual_seed(seed)
    for name, p in model.named_parameters():
        if name.endswith("bias"):
            p.data += 0.1 * torch.randn(p.shape, generator=g)
        elif "layer_norm" in name or "layernorm" in name:
            p.data *= 1 + 0.2 * torch.randn(p.shape, generator=g)
    return model.eval()


def lengths(shape):
    b = shape["block_size"]
    limit = (5 + 2 * shape["num_random_blocks"]) * b
    positions = shape["stored_positions"]
    return sorted({1, 2, b - 1, b, b + 1, limit - 1, limit, limit + 1, 511, 512, 513, 1024, 1025, positions - 1, positions})


def make(name, model, shape, seed, folder, run):
    rng = np.random.default_rng(seed)
    perturb(model, seed)
    tensors, cases = {}, []

    def ids(n, last=1):
        x = rng.integers(4, VOCABULARY, n)
        x[-1] = last
        return torch.tensor(x)[None]

    def fresh():  # the switch to full attention is sticky
        if not model.config.is_decoder:
            encoder = model.encoder if isinstance(model, BigBirdPegasusModel) else model.model.encoder
            encoder.set_attention_type("block_sparse")

    with torch.no_grad():
        run(model, ids, fresh, tensors, cases, shape)
    positions = shape["stored_positions"]
    model.config.max_position_embeddings = positions
    for key, module in model.named_modules():
        if key.endswith("embed_positions"):
            module.weight.data = module.weight.data[:positions].clone()
    out = os.path.join(folder, name)
    model.save_pretrained(out)
    save_file({k: v.contiguous() for k, v in tensors.items()}, os.path.join(out, "cases.safetensors"))
    json.dump(cases, open(os.path.join(out, "cases.json"), "w"))
    print(name, len(cases))


def classify(model, ids, fresh, tensors, cases, shape):
    for n in lengths(shape):
        for kind, x in (("", ids(n)), ("_inner_eos", ids(n, last=7))):
            if kind:
                if n < 3:
                    continue
                x[0, n // 2] = 1  # the last eos is not the last token
            fresh()
            key = f"cls_{n}{kind}"
            tensors[key + ".input_ids"] = x
            tensors[key + ".logits"] = model(x).logits
            cases.append(dict(case=key, kind="classification"))


def answer(model, ids, fresh, tensors, cases, shape):
    for n in lengths(shape):
        x = ids(n)
        fresh()
        found = model(x)
        key = f"qa_{n}"
        tensors[key + ".input_ids"] = x
        tensors[key + ".start_logits"] = found.start_logits[:, :n]
        tensors[key + ".end_logits"] = found.end_logits[:, :n]
        cases.append(dict(case=key, kind="question_answering"))


def states(model, ids, fresh, tensors, cases, shape):
    for n in (1, shape["block_size"] + 1, 513, shape["stored_positions"]):
        x = ids(n)
        fresh()
        found = model(x)
        key = f"model_{n}"
        tensors[key + ".input_ids"] = x
        tensors[key + ".last_hidden_state"] = found.last_hidden_state[:, :n]
        tensors[key + ".encoder_last_hidden_state"] = found.encoder_last_hidden_state[:, :n]
        cases.append(dict(case=key, kind="base_model"))


def continue_text(model, ids, fresh, tensors, cases, shape):
    positions = shape["stored_positions"]
    for n in (1, 2, 3, positions):
        x = ids(n)
        tensors[f"lm_{n}.input_ids"] = x
        tensors[f"lm_{n}.logits"] = model(x).logits
        cases.append(dict(case=f"lm_{n}", kind="causal_lm"))
    for n in (1, 2, 31, 32, 33, 512, 513, 514, 1025, positions - 20):
        x = ids(n, last=9)
        found = []
        for precise in (True, False):
            model.double() if precise else model.float()
            found.append([
                model.generate(x, max_new_tokens=20, do_sample=False, num_beams=beams)[0].tolist() for beams in (1, 4)])
        if found[0] != found[1]:
            print("near tie, dropped", n)  # float32 rounding would decide it
            continue
        cases.append(dict(
            case=f"lm_generate_{n}", kind="causal_generate", input_ids=x[0].tolist(), greedy=found[1][0],
            beams4=found[1][1]))


def source_weights(found, rows):
    """[S]: the mean of the cross-attention over layers, heads and the given rows of the decoder."""
    return torch.stack(found.cross_attentions)[:, 0][:, :, rows].double().mean((0, 1, 2)).float()


def encoded(model, x, fresh):
    fresh()
    states = model.model.encoder(x).last_hidden_state[:, : x.shape[1]]
    fresh()
    return BaseModelOutput(last_hidden_state=states)


def explain_labels(model, ids, fresh, tensors, cases, shape):
    for n in (1, 2, 300, 513, shape["stored_positions"]):
        x = ids(n)
        found = model(x, encoder_outputs=encoded(model, x, fresh), output_attentions=True)
        key = f"evidence_{n}"
        tensors[key + ".input_ids"] = x
        tensors[key + ".logits"] = found.logits
        tensors[key + ".source_weights"] = source_weights(found, [-1])
        cases.append(dict(case=key, kind="classification_evidence"))


def explain_text(model, ids, fresh, tensors, cases, shape):
    for n, t in ((1, 1), (2, 5), (300, 40), (shape["stored_positions"], 1), (700, 530)):
        x, text = ids(n), ids(t, last=7)
        text[0, 0] = 2
        found = model(
            x, decoder_input_ids=text, encoder_outputs=encoded(model, x, fresh), output_attentions=True)
        key = f"evidence_{n}_{t}"
        tensors[key + ".input_ids"] = x
        tensors[key + ".decoder_input_ids"] = text
        tensors[key + ".source_weights"] = source_weights(found, list(range(t)))
        cases.append(dict(case=key, kind="evidence"))


def config(shape, **more):
    fields = {k: v for k, v in shape.items() if k != "stored_positions"}
    return BigBirdPegasusConfig(
        **{**fields, **more}, vocab_size=VOCABULARY, init_std=0.4, dropout=0.0, attention_dropout=0.0, activation_dropout=0.0,
        classifier_dropout=0.0)


aligned, unaligned = SHAPES["aligned"], SHAPES["unaligned"]
MODELS = {
    "one-label": (BigBirdPegasusForSequenceClassification, aligned, dict(num_labels=1), classify),
    "three-labels": (
        BigBirdPegasusForSequenceClassification, unaligned,
        dict(num_labels=3, problem_type="multi_label_classification"), classify),
    "answers": (BigBirdPegasusForQuestionAnswering, unaligned, {}, answer),
    "answers-untied": (BigBirdPegasusForQuestionAnswering, aligned, dict(tie_word_embeddings=False), answer),
    "states": (BigBirdPegasusModel, unaligned, {}, states),
    "prompts": (
        BigBirdPegasusForCausalLM, aligned, dict(is_decoder=True, is_encoder_decoder=False), continue_text),
    "prompts-bias": (  # transformers' cache has as many layers as the encoder would have
        BigBirdPegasusForCausalLM, unaligned, dict(is_decoder=True, is_encoder_decoder=False, encoder_layers=3),
        continue_text),
    "label-evidence": (BigBirdPegasusForSequenceClassification, unaligned, dict(num_labels=3), explain_labels),
    "text-evidence": (BigBirdPegasusForConditionalGeneration, aligned, {}, explain_text),
}
for i, (name, (architecture, shape, more, run)) in enumerate(MODELS.items()):
    torch.manual_seed(200 + i)
    make(name, architecture(config(shape, **more)), shape, 200 + i, sys.argv[1], run)
