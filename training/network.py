"""BigBirdPegasus for training: the names and the numbers of transformers, with block-sparse attention that a CPU runs fast.

Random blocks are those that transformers uses at inference ("reference"): block 0 each time, so that its keys count
1 + random blocks times. One document at a time, [S], S a multiple of 64; padding keys at its end are masked.
"""
import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

import corpora

VOCABULARY, WIDTH, HEADS, INNER, POSITIONS, BLOCK, RANDOM = 8192, 256, 4, 1024, 4096, 64, 3
HEAD_WIDTH = 64
ENCODER_LAYERS = 4
FULL_ATTENTION_UP_TO = (5 + 2 * RANDOM) * BLOCK
PAD, EOS, START = 0, 1, 2


def heads(x):
    return x.unflatten(-1, (-1, HEAD_WIDTH)).transpose(-2, -3)


def unheads(x):
    return x.transpose(-2, -3).flatten(-2)


def shifted(ids):
    """The decoder's input where it reads what the encoder read. ids: [N, S]"""
    return torch.cat([torch.full_like(ids[:, :1], START), ids[:, :-1]], 1)


def on_device(array):
    """A tensor of NumPy's array, where the network is."""
    return torch.from_numpy(array).to(torch.get_default_device())


def mean_measures(rows):
    """The means of what was measured several times; a row may lack some."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: float(np.mean([float(row[name]) for row in rows if name in row])) for name in names}


def hidden_from(tokens, length):
    """What is added to logits so that padding gets no attention. tokens: [N] -> [N, 1, 1, S]"""
    return torch.zeros(len(tokens), length).masked_fill(torch.arange(length) >= tokens[:, None], -1e4)[:, None, None]


class Projections(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, width, bias=False) for _ in range(3))

    def forward(self, x):
        return heads(self.query(x)), heads(self.key(x)), heads(self.value(x))  # [..., h, S, 64]


def block_sparse_attention(q, k, v, tokens):
    """q, k, v: [N, h, S, 64], of each of which the first `tokens` ([N] or a number) are no padding -> what each attends to,
    [N, h, S, 64]. Each sequence has its own last block; all of them are longer than full attention takes, or none is."""
    count, _, length, _ = q.shape
    tokens = torch.as_tensor(tokens).expand(count)
    padding = hidden_from(tokens, length).to(q.dtype)
    if length <= FULL_ATTENTION_UP_TO:
        return F.scaled_dot_product_attention(q, k, v, attn_mask=padding.expand(-1, 1, length, -1))
    blocks = length // BLOCK
    inner = blocks - 2
    rows, last = torch.arange(count), (tokens - 1) // BLOCK
    qb, kb, vb = (t.transpose(1, 2).unflatten(1, (blocks, BLOCK)).transpose(2, 3) for t in (q, k, v))  # [N, n, h, b, 64]

    def window(t):
        first, final = (t[rows, i][:, None].expand(-1, inner, -1, -1, -1) for i in (0, last))
        return torch.cat([first, t[:, :-2], t[:, 1:-1], t[:, 2:], final], 3).flatten(0, 1)  # [N*(n-2), h, 5*b, 64]

    bias = torch.zeros(count, inner, 5, BLOCK)
    bias[:, :, 0] = math.log(1 + RANDOM)
    bias[:, 0, 1] = bias[rows, last - 2, 3] = -1e4  # block 0 and the last block are there already
    bias[:, :, 4] += padding.view(count, blocks, BLOCK)[rows, last][:, None]
    bias = bias.view(count * inner, 1, 1, 5 * BLOCK).to(q.dtype).expand(-1, -1, BLOCK, -1)
    middle = F.scaled_dot_product_attention(qb[:, 1:-1].flatten(0, 1), window(kb), window(vb), attn_mask=bias).unflatten(0, (count, inner))
    ends = torch.cat([qb[:, 0], qb[rows, last]], 2)
    first, final = F.scaled_dot_product_attention(ends, k, v, attn_mask=padding.expand(-1, 1, 2 * BLOCK, -1)).split(BLOCK, 2)
    attended = torch.cat([first[:, None], middle, final[:, None]], 1)
    if count > 1:
        attended = attended.index_put((rows, last), final)
    return attended.transpose(2, 3).flatten(1, 2).transpose(1, 2)


class EncoderAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.self = Projections(WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH, bias=False)

    def forward(self, x, tokens):
        """x: [N, S, d], of each of which the first `tokens` are no padding."""
        return self.output(unheads(block_sparse_attention(*self.self(x), tokens)))


class DecoderAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(4))

    def keys_and_values(self, x):
        return heads(self.k_proj(x)), heads(self.v_proj(x))

    def forward(self, x, keys_and_values, mask=None):
        """x: [M, T, d]; keys and values: [N, h, K, 64], each for M/N sequences in a row; mask: "causal", where the last key is the
        last query's own, or what is added to the logits, [N, 1, 1, K]."""
        each = x.shape[0] // keys_and_values[0].shape[0]
        k, v = (t if each == 1 else t.repeat_interleave(each, 0) for t in keys_and_values)
        causal = isinstance(mask, str)
        if causal:
            before = k.shape[-2] - x.shape[1]
            mask = torch.ones(x.shape[1], k.shape[-2], dtype=torch.bool).tril(before) if before else None
            causal = not before
        elif mask is not None:
            mask = mask.repeat_interleave(each, 0).to(k.dtype).expand(-1, -1, x.shape[1], -1)
        return self.out_proj(unheads(F.scaled_dot_product_attention(heads(self.q_proj(x)), k, v, attn_mask=mask, is_causal=causal)))

    def log_weights(self, x, states, head):
        """The logarithms of one head's attention to the source. x: [Q, d], states: [S, d] without padding -> [Q, S]."""
        rows = slice(head * HEAD_WIDTH, (head + 1) * HEAD_WIDTH)
        q, k = F.linear(x, self.q_proj.weight[rows]), F.linear(states, self.k_proj.weight[rows])
        return F.log_softmax(q @ k.T / math.sqrt(HEAD_WIDTH), -1)


class FeedForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.final_layer_norm = nn.LayerNorm(WIDTH)

    def feed_forward(self, x):
        return x + self.fc2(F.gelu(self.fc1(self.final_layer_norm(x)), approximate="tanh"))


class EncoderLayer(FeedForward):
    def __init__(self):
        super().__init__()
        self.self_attn, self.self_attn_layer_norm = EncoderAttention(), nn.LayerNorm(WIDTH)

    def forward(self, x, tokens):
        return self.feed_forward(x + self.self_attn(self.self_attn_layer_norm(x), tokens))


class DecoderLayer(FeedForward):
    def __init__(self):
        super().__init__()
        self.self_attn, self.encoder_attn = DecoderAttention(), DecoderAttention()
        self.self_attn_layer_norm, self.encoder_attn_layer_norm = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)

    def forward(self, x, source, past=None, mask=None):
        """source: keys and values; past: those of earlier tokens; mask: of the source. Returns the layer's output, what its
        attention to the source asks with, and the keys and values of all tokens."""
        normed = self.self_attn_layer_norm(x)
        own = self.self_attn.keys_and_values(normed)
        if past:
            own = tuple(torch.cat([p, t], -2) for p, t in zip(past, own))
        x, asking = self.ask(x + self.self_attn(normed, own, "causal"), source, mask)
        return x, asking, own

    def ask(self, x, source, mask):
        asking = self.encoder_attn_layer_norm(x)
        return self.feed_forward(x + self.encoder_attn(asking, source, mask)), asking


class Stack(nn.Module):
    def __init__(self, layer, count):
        super().__init__()
        self.embed_positions = nn.Embedding(POSITIONS, WIDTH)
        self.layers = nn.ModuleList(layer() for _ in range(count))
        self.layernorm_embedding = nn.LayerNorm(WIDTH)


class Network(nn.Module):
    """BigBirdPegasusModel, and beside it the heads of one task."""

    def __init__(self, decoder_layers, labels=0):
        super().__init__()
        self.decoder_layers, self.labels = decoder_layers, labels
        self.shared = nn.Embedding(VOCABULARY, WIDTH)
        self.encoder, self.decoder = Stack(EncoderLayer, ENCODER_LAYERS), Stack(DecoderLayer, decoder_layers)
        if labels:
            self.classification_head = nn.ModuleDict({"dense": nn.Linear(WIDTH, WIDTH), "out_proj": nn.Linear(WIDTH, labels)})

    def encode(self, ids, tokens=None):
        """ids: [N, T], of each of which the first `tokens` ([N]) are no padding -> states [N, S, d], S the next multiple of 64 (T
        itself up to full attention's limit)."""
        count, given = ids.shape
        length = given if given <= FULL_ATTENTION_UP_TO else -(-given // BLOCK) * BLOCK
        ids = F.pad(ids, (0, length - given), value=PAD)
        tokens = torch.full((count,), given) if tokens is None else tokens
        x = self.embedded(ids, self.encoder)
        for layer in self.encoder.layers:
            x = layer(x, tokens)
        return self.encoder.layernorm_embedding(x)

    def embedded(self, ids, stack, begin=0):
        return self.shared(ids) * math.sqrt(WIDTH) + stack.embed_positions.weight[begin : begin + ids.shape[1]]

    def sources(self, states):
        """The keys and values that each decoder layer sees of the source. states: [N, S, d]."""
        return [layer.encoder_attn.keys_and_values(states) for layer in self.decoder.layers]

    def decode(self, ids, states, tokens):
        """ids: [M, T], states: [N, S, d] (each for M/N rows of ids) -> hidden states [M, T, d] and what each layer asked the
        source with."""
        hidden, asked, _ = self.decode_on(ids, self.sources(states), None, hidden_from(tokens, states.shape[1]))
        return hidden, asked

    def decode_on(self, ids, sources, past, mask):
        """As `decode`, after tokens whose keys and values are `past` (a pair for each layer)."""
        x = self.embedded(ids, self.decoder, past[0][0].shape[-2] if past else 0)
        asked, kept = [], []
        for i, layer in enumerate(self.decoder.layers):
            x, asking, own = layer(x, sources[i], past[i] if past else None, mask)
            asked.append(asking)
            kept.append(own)
        return self.decoder.layernorm_embedding(x), asked, kept

    def read_again(self, ids):
        """The decoder's states of the tokens that the encoder read too. ids: [N, T] -> [N, T, d]."""
        tokens = torch.full((len(ids),), ids.shape[1])
        return self.decode(shifted(ids), self.encode(ids, tokens), tokens)[0]

    def last_again(self, ids, tokens):
        """The last row of `read_again` of each, [N, d], for a decoder of one layer: the rows before it are not needed."""
        states = self.encode(ids, tokens)
        (layer,) = self.decoder.layers
        ids = F.pad(ids, (0, states.shape[1] - ids.shape[1]), value=PAD)
        x, mask, rows = self.embedded(shifted(ids), self.decoder), hidden_from(tokens, ids.shape[1]), torch.arange(len(ids))
        normed = layer.self_attn_layer_norm(x)
        own = layer.self_attn.keys_and_values(normed)
        last, normed = (t[rows, tokens - 1][:, None] for t in (x, normed))
        found, _ = layer.ask(last + layer.self_attn(normed, own, mask), *self.sources(states), mask)
        return self.decoder.layernorm_embedding(found)[:, 0]

    def logits(self, hidden):
        return F.linear(hidden, self.shared.weight)

    def label_logits(self, state):
        head = self.classification_head
        return head["out_proj"](torch.tanh(head["dense"](state)))

    def config(self):
        architecture = "SequenceClassification" if self.labels else "ConditionalGeneration"
        return {
            "model_type": "bigbird_pegasus",
            "architectures": [f"BigBirdPegasusFor{architecture}"],
            "vocab_size": VOCABULARY,
            "d_model": WIDTH,
            "encoder_layers": ENCODER_LAYERS,
            "decoder_layers": self.decoder_layers,
            "encoder_attention_heads": HEADS,
            "decoder_attention_heads": HEADS,
            "encoder_ffn_dim": INNER,
            "decoder_ffn_dim": INNER,
            "max_position_embeddings": POSITIONS,
            "scale_embedding": True,
            "use_bias": False,
            "activation_function": "gelu_new",
            "attention_type": "block_sparse",
            "block_size": BLOCK,
            "num_random_blocks": RANDOM,
            "pad_token_id": PAD,
            "eos_token_id": EOS,
            "bos_token_id": START,
            "decoder_start_token_id": START,
            "is_encoder_decoder": True,
            "tie_word_embeddings": True,
        }


def starter_weights(directory):
    return {k.removeprefix("model."): v.float() for k, v in load_file(Path(directory) / "model.safetensors").items()}


def encoder_weights():
    """What the stage `encoder` learned, where it was run."""
    kept = corpora.HOME / "encoder" / "checkpoint.pt"
    average = torch.load(kept, weights_only=False, map_location="cpu")["average"] if kept.exists() else {}
    return {k: v for k, v in average.items() if k.startswith(("shared.", "encoder."))}


def take_over(network, weights):
    """Those of the weights that the network has, in the same shape; the rest stays as it is."""
    own = network.state_dict()
    network.load_state_dict({k: v for k, v in weights.items() if k in own and own[k].shape == v.shape}, strict=False)


def save_transformers(network, state, directory, config=None):
    """A transformers directory: config.json and float16 model.safetensors. state: the weights by the network's names."""
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    heads_of_tasks = ("qa_outputs.", "classification_head.")
    tensors = {(k if k.startswith(heads_of_tasks) else f"model.{k}"): v.half().contiguous() for k, v in state.items()}
    if network.config()["architectures"] == ["BigBirdPegasusForConditionalGeneration"]:
        tensors["final_logits_bias"] = torch.zeros(1, VOCABULARY).half()
    save_file(tensors, directory / "model.safetensors", metadata={"format": "pt"})
    (directory / "config.json").write_text(json.dumps(network.config() | (config or {}), indent=1) + "\n")
