"""BigBirdPegasus for training: the names and the numbers of transformers, with block-sparse attention that a CPU runs fast.

Random blocks are those that transformers uses at inference ("reference"): block 0 each time, so that its keys count
1 + random blocks times. One document at a time, [S], S a multiple of 64; padding keys at its end are masked.
"""
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

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
    """The decoder's input where it reads what the encoder read."""
    return torch.cat([torch.tensor([START]), ids[:-1]])


class Projections(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, width, bias=False) for _ in range(3))

    def forward(self, x):
        return heads(self.query(x)), heads(self.key(x)), heads(self.value(x))  # [..., h, S, 64]


def block_sparse_attention(q, k, v, tokens):
    """q, k, v: [N, h, S, 64], of which the first `tokens` are no padding -> what each attends to, [N, h, S, 64]."""
    count, head_count, length, _ = q.shape
    padding = torch.zeros(length).masked_fill(torch.arange(length) >= tokens, -1e4)
    if tokens <= FULL_ATTENTION_UP_TO:
        return F.scaled_dot_product_attention(q, k, v, attn_mask=padding.expand(1, 1, length, -1))
    blocks = length // BLOCK
    inner = blocks - 2
    qb, kb, vb = (t.reshape(count, head_count, blocks, BLOCK, HEAD_WIDTH) for t in (q, k, v))

    def window(t):
        first, last = (t[:, :, i : i + 1].expand(-1, -1, inner, -1, -1) for i in (0, blocks - 1))
        return torch.cat([first, t[:, :, :-2], t[:, :, 1:-1], t[:, :, 2:], last], 3).flatten(0, 1)

    bias = torch.zeros(inner, 5, BLOCK)
    bias[:, 0] = math.log(1 + RANDOM)
    bias[0, 1] = bias[-1, 3] = -1e4  # block 0 and the last block are there already
    bias[:, 4] += padding[-BLOCK:]
    bias = bias.view(1, inner, 1, 5 * BLOCK).expand(-1, -1, BLOCK, -1)
    middle = F.scaled_dot_product_attention(qb[:, :, 1:-1].flatten(0, 1), window(kb), window(vb), attn_mask=bias)
    middle = middle.reshape(count, head_count, inner * BLOCK, HEAD_WIDTH)
    ends = torch.cat([q[:, :, :BLOCK], q[:, :, -BLOCK:]], 2)
    ends = F.scaled_dot_product_attention(ends, k, v, attn_mask=padding.expand(1, 1, 2 * BLOCK, -1))
    return torch.cat([ends[:, :, :BLOCK], middle, ends[:, :, BLOCK:]], 2)


class EncoderAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.self = Projections(WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH, bias=False)

    def forward(self, x, tokens):
        """x: [S, d], of which the first `tokens` are no padding."""
        return self.output(unheads(block_sparse_attention(*self.self(x[None]), tokens)))[0]


class DecoderAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(4))

    def keys_and_values(self, x):
        return heads(self.k_proj(x)), heads(self.v_proj(x))

    def forward(self, x, keys_and_values, causal):
        """x: [N, T, d]; keys and values: [N or 1, h, K, 64]; causal: the last key is the last query's own."""
        k, v = (t.expand(x.shape[0], -1, -1, -1) for t in keys_and_values)
        before = k.shape[-2] - x.shape[1]
        mask = torch.ones(x.shape[1], k.shape[-2], dtype=torch.bool).tril(before) if causal and before else None
        attended = F.scaled_dot_product_attention(heads(self.q_proj(x)), k, v, attn_mask=mask, is_causal=causal and not before)
        return self.out_proj(unheads(attended))

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

    def forward(self, x, source, past=None):
        """source: keys and values; past: those of earlier tokens. Returns the layer's output, what its attention to the
        source asks with, and the keys and values of all tokens."""
        normed = self.self_attn_layer_norm(x)
        own = self.self_attn.keys_and_values(normed)
        if past:
            own = tuple(torch.cat([p, t], -2) for p, t in zip(past, own))
        x = x + self.self_attn(normed, own, causal=True)
        asking = self.encoder_attn_layer_norm(x)
        return self.feed_forward(x + self.encoder_attn(asking, source, causal=False)), asking, own


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

    def encode(self, ids):
        """ids: [T] -> states [S, d], S the next multiple of 64 (T itself up to full attention's limit)."""
        tokens = ids.shape[0]
        length = tokens if tokens <= FULL_ATTENTION_UP_TO else -(-tokens // BLOCK) * BLOCK
        x = self.shared(ids) * math.sqrt(WIDTH) + self.encoder.embed_positions.weight[:tokens]
        if length > tokens:
            x = torch.cat([x, (self.shared.weight[PAD] * math.sqrt(WIDTH)).expand(length - tokens, -1)])
        for layer in self.encoder.layers:
            x = layer(x, tokens)
        return self.encoder.layernorm_embedding(x)[:tokens]

    def sources(self, states):
        """The keys and values that each decoder layer sees of the source. states: [S, d]."""
        return [layer.encoder_attn.keys_and_values(states[None]) for layer in self.decoder.layers]

    def decode(self, ids, states):
        """ids: [N, T], states: [S, d] -> hidden states [N, T, d] and what each layer asked the source with."""
        hidden, asked, _ = self.decode_on(ids, self.sources(states), None)
        return hidden, asked

    def decode_on(self, ids, sources, past):
        """As `decode`, after tokens whose keys and values are `past` (a pair for each layer)."""
        begin = past[0][0].shape[-2] if past else 0
        x = self.shared(ids) * math.sqrt(WIDTH) + self.decoder.embed_positions.weight[begin : begin + ids.shape[1]]
        asked, kept = [], []
        for i, layer in enumerate(self.decoder.layers):
            x, asking, own = layer(x, sources[i], past[i] if past else None)
            asked.append(asking)
            kept.append(own)
        return self.decoder.layernorm_embedding(x), asked, kept

    def read_again(self, ids, states):
        """The decoder over the tokens that the encoder read, as labels are found. ids: [T] -> [T, d]."""
        return self.decode(shifted(ids)[None], states)[0][0]

    def last_again(self, ids, states):
        """The last row of `read_again`, [d], for a decoder of one layer: the rows before it are not needed."""
        (layer,) = self.decoder.layers
        before = shifted(ids)[:-1]
        x = self.shared(before) * math.sqrt(WIDTH) + self.decoder.embed_positions.weight[: len(before)]
        past = layer.self_attn.keys_and_values(layer.self_attn_layer_norm(x[None]))
        return self.decode_on(ids[None, -2:-1], self.sources(states), [past])[0][0, -1]

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


def load_starter(network, directory):
    """Takes over what the directory's model.safetensors has for this network; the rest stays as it is."""
    stored = {k.removeprefix("model."): v.float() for k, v in load_file(Path(directory) / "model.safetensors").items()}
    own = network.state_dict()
    network.load_state_dict({k: v for k, v in stored.items() if k in own and own[k].shape == v.shape}, strict=False)


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
