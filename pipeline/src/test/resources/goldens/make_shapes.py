"""Reference cases on small random models of many shapes. usage: make_shapes.py OUT

transformers computes all but two shapes, on which it crashes:
- no-random-blocks: num_random_blocks is 0; a dense masked attention written here computes it instead.
- unaligned-positions: 1000 positions of blocks of 64; computed by the same model with 1024 positions, of which the
  checkpoint keeps the first 1000.
"""
import json
import math
import os
import sys

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import BigBirdPegasusConfig, BigBirdPegasusForConditionalGeneration
from transformers.models.bigbird_pegasus import modeling_bigbird_pegasus

torch.set_num_threads(1)
SHAPES = {
    "gelu-bias-untied": dict(
        d_model=24, encoder_layers=2, decoder_layers=1, encoder_attention_heads=3, decoder_attention_heads=2,
        encoder_ffn_dim=40, decoder_ffn_dim=56, activation_function="gelu", use_bias=True, scale_embedding=False,
        block_size=4, num_random_blocks=2, max_position_embeddings=100, tie_word_embeddings=False),
    "relu-one-head": dict(
        d_model=8, encoder_layers=1, decoder_layers=3, encoder_attention_heads=1, decoder_attention_heads=1,
        encoder_ffn_dim=12, decoder_ffn_dim=10, activation_function="relu", use_bias=False, scale_embedding=True,
        block_size=2, num_random_blocks=1, max_position_embeddings=64),
    "silu-bias": dict(
        d_model=20, encoder_layers=3, decoder_layers=2, encoder_attention_heads=5, decoder_attention_heads=4,
        encoder_ffn_dim=32, decoder_ffn_dim=16, activation_function="silu", use_bias=True, scale_embedding=True,
        block_size=8, num_random_blocks=3, max_position_embeddings=256),
    "no-random-blocks": dict(
        d_model=16, encoder_layers=2, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=2,
        encoder_ffn_dim=24, decoder_ffn_dim=24, activation_function="gelu_new", use_bias=False, scale_embedding=True,
        block_size=8, num_random_blocks=0, max_position_embeddings=96),
    "unaligned-positions": dict(
        d_model=16, encoder_layers=2, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=2,
        encoder_ffn_dim=24, decoder_ffn_dim=24, activation_function="gelu_new", use_bias=False, scale_embedding=True,
        block_size=64, num_random_blocks=3, max_position_embeddings=1000),
}


def dense_attention(self, q, k, v, band_mask, from_mask, to_mask, *unused, **named):
    """Window and global blocks as one masked product over all keys."""
    heads, length = q.shape[1], q.shape[2]
    n, b = length // self.block_size, self.block_size
    sees = torch.zeros(n, n, dtype=torch.bool)
    sees[0] = sees[n - 1] = True
    for i in range(1, n - 1):
        sees[i, [0, i - 1, i, i + 1, n - 1]] = True
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[3]) + (1 - to_mask) * -10000.0
    scores = scores.masked_fill(~sees.repeat_interleave(b, 0).repeat_interleave(b, 1), -math.inf)
    probabilities = scores.softmax(-1)
    return ((probabilities @ v) * from_mask).transpose(1, 2), probabilities


def perturb(model, seed):
    """Spreads biases and norms, which start at 0 and 1."""
    g = torch.Generator().manual_seed(seed)
    for name, p in model.named_parameters():
        if name.endswith("bias"):
            p.data += 0.1 * torch.randn(p.shape, generator=g)
        elif "layer_norm" in name or "layernorm" in name:
            p.data *= 1 + 0.2 * torch.randn(p.shape, generator=g)
        if name.endswith("decoder.layernorm_embedding.weight"):
            p.data *= torch.where(torch.rand(p.shape, generator=g) < 0.5, -1.0, 1.0)
    model.final_logits_bias += 0.3 * torch.randn(model.final_logits_bias.shape, generator=g)
    model.final_logits_bias[0, 1] += 1.5
    return model.eval()


def make(name, shape, folder, seed):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    positions, b = shape["max_position_embeddings"], shape["block_size"]
    aligned = (positions + b - 1) // b * b
    config = BigBirdPegasusConfig(
        **{**shape, "max_position_embeddings": aligned}, vocab_size=61, init_std=0.4, dropout=0.0,
        attention_dropout=0.0, activation_dropout=0.0, classifier_dropout=0.0)
    model = perturb(BigBirdPegasusForConditionalGeneration(config), seed)
    sparse = modeling_bigbird_pegasus.BigBirdPegasusBlockSparseAttention
    original = sparse.bigbird_block_sparse_attention
    if shape["num_random_blocks"] == 0:
        sparse.bigbird_block_sparse_attention = dense_attention
    limit = (5 + 2 * shape["num_random_blocks"]) * b
    tensors, cases = {}, []

    def ids(n):
        x = rng.integers(4, 61, n)
        x[-1] = 1
        return torch.tensor(x)[None]

    def fresh():  # the switch to full attention is sticky
        model.get_encoder().set_attention_type("block_sparse")

    with torch.no_grad():
        lengths = sorted({1, b * 2 + 3, limit, limit + 1, limit + b, min(limit + 3 * b - 1, positions), positions - 1, positions})
        for n in lengths:
            x = ids(n)
            start = torch.tensor([[2] + rng.integers(4, 61, 5).tolist()])
            fresh()
            states = model.get_encoder()(x).last_hidden_state
            fresh()
            logits = model(input_ids=x, decoder_input_ids=start).logits
            key = f"forward_{n}"
            tensors[key + ".input_ids"] = x
            tensors[key + ".encoder_last_hidden_state"] = states[:, :n]
            tensors[key + ".decoder_input_ids"] = start
            tensors[key + ".logits"] = logits
            cases.append(dict(case=key, kind="forward"))
        for g, options in enumerate([dict(num_beams=1), dict(num_beams=3, length_penalty=0.7), dict(num_beams=4, num_return_sequences=2, no_repeat_ngram_size=2, min_length=6)]):
            for n in (b * 2 + 1, min(limit + 5, positions)):
                generation = dict(max_length=14, do_sample=False, **options)
                x = ids(n)
                found = []
                for precise in (True, False):
                    model.double() if precise else model.float()
                    fresh()
                    found.append(model.generate(x, return_dict_in_generate=True, output_scores=True, **generation))
                if found[0].sequences.tolist() != found[1].sequences.tolist():
                    continue  # float32 rounding would decide it
                cases.append(dict(
                    case=f"generate_{g}_{n}", kind="generate", generation=generation, input_ids=x[0].tolist(),
                    sequences=found[1].sequences.tolist(),
                    sequences_scores=None if options["num_beams"] == 1 else found[1].sequences_scores.tolist()))
    sparse.bigbird_block_sparse_attention = original
    out = os.path.join(folder, name)
    model.config.max_position_embeddings = positions
    for side in (model.model.encoder, model.model.decoder):
        side.embed_positions.weight.data = side.embed_positions.weight.data[:positions].clone()
    model.save_pretrained(out)
    save_file({k: v.contiguous() for k, v in tensors.items()}, os.path.join(out, "cases.safetensors"))
    json.dump(cases, open(os.path.join(out, "cases.json"), "w"))
    print(name, len(cases), [c.get("sequences") for c in cases if c["kind"] == "generate"])


for i, (name, shape) in enumerate(SHAPES.items()):
    make(name, shape, sys.argv[1], 100 + i)
