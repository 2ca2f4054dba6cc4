"""The network of answers: BigBirdPegasus whose first weights are circuits, and a way to learn many questions at once.

The residual stream has three parts. `PLACE` (64 numbers) holds sines and cosines of the token's position and is never
written: attention heads begin with a distance that they look at (the token before, the sentence around), and the decoder's
one layer finds the encoder's state of its own position exactly. `ASKED` (64) holds what is asked: one head of the second
encoder layer writes it from the question's tokens, every token gets it, and nothing reads it before the decoder's feed-forward
network, which lets through what fits the question. `CONTENT` (192) is all else. Masks on the gradients keep it so.

So the encoder's states need to be computed once for many questions about a window: `ask_many` puts the vector of another question
in the place of the one that was read. `ask` is what the exported model computes.

Shapes: N windows, S tokens of a window, B questions, d = 320.
"""
import math
import re

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from network import BLOCK, EOS, FULL_ATTENTION_UP_TO, HEAD_WIDTH, PAD, POSITIONS, RANDOM, START, VOCABULARY, Projections, block_sparse_attention, unheads

WIDTH, HEADS, INNER, GATES, LAYERS = 320, 5, 768, 512, 3
PLACE, ASKED, CONTENT = slice(0, 64), slice(64, 128), slice(128, 320)
# of CONTENT: always one; ends a question; before the end of a question; stands in the question; begins the decoder's input
ONE, QUESTION_END, IN_QUESTION, MATCHES, BEGINS = range(128, 133)
FIRST, LAST = 133, 134  # what the gates write: the scores of an answer's first and last token
WORDS = slice(135, 320)
FREQUENCIES = 2.6 * 0.80 ** np.arange(32)
LOUDNESS = 1.2  # of PLACE
ASKING_LAYER, MATCH_HEAD, ASKING_HEAD = 1, 3, 4


def places():
    """[POSITIONS, 64]"""
    angles = np.arange(POSITIONS)[:, None] * FREQUENCIES
    return torch.from_numpy(LOUDNESS * np.stack([np.sin(angles), np.cos(angles)], -1).reshape(POSITIONS, 64)).float()


def keep(parameter, mask):
    """Lets only the entries change where the mask is 1."""
    with torch.no_grad():
        parameter.mul_(mask.to(parameter.dtype)) if parameter.dim() > 1 else None
    parameter.register_hook(lambda gradient: gradient * mask)


class EncoderAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.self = Projections(WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH, bias=False)

    def forward(self, x, tokens, matching=1.0):
        """x: [N, S, d], of which the first `tokens` are no padding; matching: what the match head counts."""
        attended = block_sparse_attention(*self.self(x), tokens)
        if matching != 1.0:
            scale = torch.ones(HEADS, 1, 1)
            scale[MATCH_HEAD] = matching
            attended = attended * scale
        return self.output(unheads(attended))


class EncoderLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.self_attn, self.self_attn_layer_norm = EncoderAttention(), nn.LayerNorm(WIDTH)
        self.fc1, self.fc2 = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.final_layer_norm = nn.LayerNorm(WIDTH)

    def forward(self, x, tokens, matching=1.0):
        x = x + self.self_attn(self.self_attn_layer_norm(x), tokens, matching)
        return x + self.fc2(F.relu(self.fc1(self.final_layer_norm(x))))


class DecoderAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(4))


class DecoderLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.self_attn, self.encoder_attn = DecoderAttention(), DecoderAttention()
        self.self_attn_layer_norm, self.encoder_attn_layer_norm = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.fc1, self.fc2 = nn.Linear(WIDTH, GATES), nn.Linear(GATES, WIDTH)
        self.final_layer_norm = nn.LayerNorm(WIDTH)


class Stack(nn.Module):
    def __init__(self, layer, count):
        super().__init__()
        self.embed_positions = nn.Embedding(POSITIONS, WIDTH)
        self.layers = nn.ModuleList(layer() for _ in range(count))
        self.layernorm_embedding = nn.LayerNorm(WIDTH)


class Reader(nn.Module):
    def __init__(self, kinds):
        super().__init__()
        self.shared = nn.Embedding(VOCABULARY, WIDTH)
        self.encoder, self.decoder = Stack(EncoderLayer, LAYERS), Stack(DecoderLayer, 1)
        self.qa_outputs = nn.Linear(WIDTH, 2)
        self.tells_kind = nn.Linear(WIDTH, 2 * kinds)  # first and last tokens of each kind of answer; not exported
        self.tells_question = nn.Linear(64, kinds)  # which kind is asked for; not exported
        self.kinds = kinds
        self.passed = torch.ones(WIDTH)  # what the decoder takes over of the encoder's states
        self.passed[[ONE, BEGINS]] = 0
        self.mask()

    def mask(self):
        one = lambda *shape: torch.ones(*shape)
        content = torch.zeros(WIDTH)
        content[CONTENT] = 1
        content[[ONE, BEGINS, FIRST, LAST, QUESTION_END]] = 0
        self.content = content
        read = one(WIDTH)
        read[ASKED] = 0
        words = torch.zeros(WIDTH)
        words[WORDS] = 1
        keep(self.shared.weight, words.expand(VOCABULARY, -1))
        for stack in (self.encoder, self.decoder):
            keep(stack.embed_positions.weight, torch.zeros(POSITIONS, WIDTH))
            stack.embed_positions.weight.requires_grad_(False)
        for i, layer in enumerate(self.encoder.layers):
            for linear in (layer.self_attn.self.query, layer.self_attn.self.key, layer.self_attn.self.value, layer.fc1):
                keep(linear.weight, read.expand(linear.weight.shape[0], -1))
            written = content[:, None].repeat(1, WIDTH)
            if i == ASKING_LAYER:
                rows = slice(ASKING_HEAD * HEAD_WIDTH, (ASKING_HEAD + 1) * HEAD_WIDTH)
                written[:, rows] = 0
                written[ASKED, rows] = 1
            keep(layer.self_attn.output.weight, written)
            keep(layer.fc2.weight, content[:, None].expand(-1, INNER))
            keep(layer.fc2.bias, content)
            fixed = one(WIDTH)
            fixed[ONE] = 0
            keep(layer.self_attn_layer_norm.weight, fixed)
            keep(layer.self_attn_layer_norm.bias, fixed)
        fixed = one(WIDTH)
        fixed[[FIRST, LAST]] = 0
        fixed[PLACE] = 0  # the decoder looks these up, and makes out the norm's mean and scale by these:
        fixed[[ONE, BEGINS]] = 0
        for parameter in (self.encoder.layernorm_embedding.weight, self.encoder.layernorm_embedding.bias):
            keep(parameter, fixed)
        decoder = self.decoder.layers[0]
        both = torch.zeros(WIDTH, 1)
        both[[FIRST, LAST]] = 1
        keep(decoder.fc2.weight, both.expand(-1, GATES))
        fixed = one(GATES, WIDTH)
        fixed[:, BEGINS] = 0
        keep(decoder.fc1.weight, fixed)
        for parameter in (decoder.fc2.bias, self.qa_outputs.bias, self.decoder.layernorm_embedding.bias, self.decoder.layernorm_embedding.weight):
            parameter.requires_grad_(False)
        own = torch.zeros(2, WIDTH)
        own[0, FIRST] = own[1, LAST] = 1
        keep(self.qa_outputs.weight, own)
        for attention in (decoder.self_attn, decoder.encoder_attn):
            for parameter in attention.parameters():
                parameter.requires_grad_(False)
        for norm in (decoder.self_attn_layer_norm, decoder.encoder_attn_layer_norm):
            for parameter in norm.parameters():
                parameter.requires_grad_(False)

    @torch.no_grad()
    def begin(self, embeddings):
        """The first weights. embeddings: [VOCABULARY, numbers of WORDS], of unit variance."""
        scale = math.sqrt(WIDTH)
        self.shared.weight.zero_()
        self.shared.weight[:, WORDS] = embeddings / scale
        self.shared.weight[PAD] = 0
        self.shared.weight[START] = 0
        self.shared.weight[START, BEGINS] = 6 / scale
        for stack in (self.encoder, self.decoder):
            stack.embed_positions.weight.zero_()
            stack.embed_positions.weight[:, PLACE] = places()
            stack.embed_positions.weight[:, ONE] = 1
        for i, layer in enumerate(self.encoder.layers):
            attention = layer.self_attn
            for linear in (attention.self.query, attention.self.key):
                linear.weight.normal_(0, 0.04)
                linear.weight[:, PLACE] = 0
            attention.self.value.weight.normal_(0, 0.06)
            attention.output.weight.normal_(0, 0.04)
            layer.fc1.weight.normal_(0, 0.06)
            layer.fc1.bias.zero_()
            layer.fc2.weight.normal_(0, 0.03)
            layer.fc2.bias.zero_()
            for linear in (attention.self.query, attention.self.key, attention.self.value, layer.fc1):
                linear.weight[:, ASKED] = 0
            attention.output.weight.mul_(self.content[:, None])
            layer.fc2.weight.mul_(self.content[:, None])
            layer.self_attn_layer_norm.weight[ONE], layer.self_attn_layer_norm.bias[ONE] = 0, 1
        self.look(0, 0, -1, 0.7, 7)
        self.look(0, 1, 1, 0.7, 7)
        self.look(0, 2, 0, 4, 6)
        self.look(0, 3, 8, 8, 14)
        self.look(1, 0, -2, 1.2, 7)
        self.look(1, 1, 2, 1.2, 7)
        self.look(1, 2, 0, 10, 6)
        self.look(2, 0, -5, 4, 7)
        self.look(2, 1, 5, 4, 7)
        self.look(2, 2, 0, 20, 6)
        # a token before the end of a question is marked
        attention = self.encoder.layers[0].self_attn
        rows = 3 * HEAD_WIDTH
        attention.self.query.weight[rows + 60 : rows + 64] = attention.self.key.weight[rows + 60 : rows + 64] = 0
        attention.self.query.weight[rows + 63, ONE] = 8
        attention.self.key.weight[rows + 63, QUESTION_END] = 12 / 3.5
        attention.self.value.weight[rows + 63] = 0
        attention.self.value.weight[rows + 63, QUESTION_END] = 1
        attention.output.weight[IN_QUESTION] = 0
        attention.output.weight[IN_QUESTION, rows + 63] = 1
        # the question's vector: of the tokens that are marked, and of the first ones
        attention = self.encoder.layers[ASKING_LAYER].self_attn
        rows = slice(ASKING_HEAD * HEAD_WIDTH, (ASKING_HEAD + 1) * HEAD_WIDTH)
        query, key = attention.self.query.weight[rows], attention.self.key.weight[rows]
        query.zero_()
        query[:40, ONE] = torch.randn(40)
        pairs = self.pairs(8)
        size = math.sqrt(8 * 8 / len(pairs)) / 1.2
        key[40:] = 0
        for j, i in enumerate(pairs):
            key[42 + 2 * j, 2 * i], key[43 + 2 * j, 2 * i + 1] = size, size
            query[42 + 2 * j, ONE] = size * 1.2 * math.sin(FREQUENCIES[i] * 4)
            query[43 + 2 * j, ONE] = size * 1.2 * math.cos(FREQUENCIES[i] * 4)
        query[40, ONE], key[40, IN_QUESTION] = 8, 2.0
        attention.output.weight[:, rows] = 0
        attention.output.weight[ASKED, rows] = torch.randn(64, 64) * 0.25
        # a token that stands in the question too sees it there
        rows = slice(MATCH_HEAD * HEAD_WIDTH, (MATCH_HEAD + 1) * HEAD_WIDTH)
        directions = torch.linalg.qr(torch.randn(185, 64))[0].T
        for linear in (attention.self.query, attention.self.key):
            linear.weight[rows] = 0
            linear.weight[rows, WORDS] = directions
        attention.self.value.weight[rows.stop - 1] = 0
        attention.self.value.weight[rows.stop - 1, IN_QUESTION] = 2
        attention.output.weight[MATCHES] = 0
        attention.output.weight[MATCHES, rows.stop - 1] = 1
        self.encoder.layernorm_embedding.weight[[FIRST, LAST]] = 0
        decoder = self.decoder.layers[0]
        decoder.fc1.weight.normal_(0, 0.08)
        decoder.fc1.weight[:, PLACE] *= 0.3
        decoder.fc1.weight[:, ASKED] *= 2
        decoder.fc1.bias.zero_()
        decoder.fc1.weight[0] = 0
        decoder.fc1.bias[0] = 4
        decoder.fc1.weight[:, BEGINS] = -25
        decoder.fc2.weight.zero_()
        decoder.fc2.weight[[FIRST, LAST], 1:] = torch.randn(2, GATES - 1) * 0.03
        decoder.fc2.weight[[FIRST, LAST], 0] = -1
        decoder.fc2.bias.zero_()
        self.qa_outputs.weight.zero_()
        self.qa_outputs.weight[0, FIRST] = self.qa_outputs.weight[1, LAST] = 3
        self.qa_outputs.bias.zero_()
        nn.init.normal_(self.tells_kind.weight, 0, 0.02)
        nn.init.constant_(self.tells_kind.bias, -6.0)
        for attention in (decoder.self_attn, decoder.encoder_attn):
            for parameter in attention.parameters():
                parameter.zero_()
        self.stay_in_the_first_block()
        self.hand_on()

    @staticmethod
    def pairs(spread):
        return [i for i, w in enumerate(FREQUENCIES) if 0.25 <= w * spread <= 2.5]

    def look(self, layer, head, ahead, spread, sharpness):
        """Makes a head look so many tokens ahead, with a spread."""
        attention = self.encoder.layers[layer].self_attn.self
        pairs = self.pairs(spread)
        size = math.sqrt(8 * sharpness / len(pairs)) / (1.4 if layer == 0 else 1.2)
        first = head * HEAD_WIDTH
        for linear in (attention.query, attention.key):
            linear.weight[first : first + 2 * len(pairs)] = 0
        for j, i in enumerate(pairs):
            sine, cosine = first + 2 * j, first + 2 * j + 1
            turn = FREQUENCIES[i] * ahead
            attention.query.weight[sine, 2 * i], attention.query.weight[sine, 2 * i + 1] = size * math.cos(turn), size * math.sin(turn)
            attention.query.weight[cosine, 2 * i + 1], attention.query.weight[cosine, 2 * i] = size * math.cos(turn), -size * math.sin(turn)
            attention.key.weight[sine, 2 * i] = attention.key.weight[cosine, 2 * i + 1] = size

    @staticmethod
    def first_block(flat, begins, two_sided):
        """A linear function of PLACE that is about 1 at the first `flat` positions and small from `begins` on."""
        from scipy.optimize import linprog

        table = places().double().numpy()
        near, far = table[:flat], table[np.r_[begins:400, 400:POSITIONS:3]]
        parts = [(-near, -1.0, 0), (near, 1.05, 0), (far, 0.0, -1)] + ([(-far, 0.0, -1)] if two_sided else [])
        rows = np.vstack([np.hstack([rows, np.full((len(rows), 1), most)]) for rows, _, most in parts])
        limits = np.concatenate([np.full(len(rows), limit) for rows, limit, _ in parts])
        found = linprog(np.append(np.zeros(64), 1), A_ub=rows, b_ub=limits, bounds=[(-1.5, 1.5)] * 64 + [(None, None)])
        return torch.from_numpy(found.x[:64]).float()

    @torch.no_grad()
    def stay_in_the_first_block(self, asking=200.0, near=22.0):
        """The head that gathers the question sees the first block alone; and tokens of the first block, which attend to the
        whole window, see their own block before all others in the first layer, so that a question is the same in long and
        short windows. Each takes a row of a head that says little."""
        attention = self.encoder.layers[ASKING_LAYER].self_attn.self
        row = ASKING_HEAD * HEAD_WIDTH + 41
        attention.key.weight[row] = attention.query.weight[row] = 0
        attention.key.weight[row, PLACE] = self.first_block(40, 96, two_sided=False)
        attention.query.weight[row, ONE] = 8 * asking
        where = self.first_block(64, 128, two_sided=True)
        attention = self.encoder.layers[0].self_attn.self
        for head in range(HEADS):
            query, key = (linear.weight[head * HEAD_WIDTH : (head + 1) * HEAD_WIDTH] for linear in (attention.query, attention.key))
            row = int((query[:, PLACE].norm(dim=1) * key[:, PLACE].norm(dim=1) + query.norm(dim=1) * key.norm(dim=1)).argmin())
            query[row] = key[row] = 0
            query[row, PLACE] = key[row, PLACE] = where * math.sqrt(8 * near * 0.74)

    @torch.no_grad()
    def hand_on(self, sharpness=40_000.0):
        """The decoder's attention to the encoder's state of its own position.

        The weights of the frequencies are those at which the best other position comes least near (linear programming).
        What it comes to is taken off again, by a number that is the same for every token (ONE): so no other position has a
        logit above 0, however the norms of the two stacks scale their tokens. The mean that a norm takes off is made out by
        a number that is 0 before it.
        """
        from scipy.optimize import linprog

        apart = np.cos(np.arange(1, POSITIONS)[:, None] * FREQUENCIES)
        rows = np.hstack([apart, -np.ones((len(apart), 1))])
        found = linprog(np.append(np.zeros(32), 1), A_ub=rows, b_ub=np.zeros(len(apart)), A_eq=[np.append(np.ones(32), 0)], b_eq=[1], bounds=[(0, None)] * 32 + [(None, None)])
        share = torch.from_numpy(np.repeat(np.sqrt(found.x[:32]), 2)).float()
        attention, most = self.decoder.layers[0].encoder_attn, float(found.x[32])
        # two frequencies are left out, since their weights are 0, for the number that is taken off
        free = 2 * int(np.argmin(found.x[:32]))
        assert found.x[free // 2] < 1e-9
        for linear, zero, sign in ((attention.q_proj, FIRST, 1), (attention.k_proj, BEGINS, -1)):
            linear.weight.zero_()
            for head in range(HEADS):
                rows = linear.weight[head * HEAD_WIDTH : (head + 1) * HEAD_WIDTH]
                rows[:, PLACE] = torch.diag(share) / LOUDNESS
                rows[free, ONE] = sign * math.sqrt(most)
                rows[:, zero] = -rows.sum(1)
                rows *= math.sqrt(sharpness)
        attention.v_proj.weight.copy_(torch.diag(self.passed))
        attention.out_proj.weight.copy_(torch.eye(WIDTH))
        return most

    def embedded(self, ids, positions):
        return self.shared(ids) * math.sqrt(WIDTH) + self.encoder.embed_positions.weight[positions]

    def encode(self, ids, positions=None, matching=1.0):
        """ids: [N, S] -> the residual stream before the last norm, [N, S, d]. Without positions: one window of any length."""
        tokens = ids.shape[1]
        length = tokens if tokens <= FULL_ATTENTION_UP_TO else -(-tokens // BLOCK) * BLOCK
        x = self.embedded(ids, torch.arange(tokens) if positions is None else positions)
        if length > tokens:
            x = F.pad(x, (0, 0, 0, length - tokens))
        for i, layer in enumerate(self.encoder.layers):
            x = layer(x, tokens, matching if i == ASKING_LAYER else 1.0)
        return x[:, :tokens]

    def asked(self, first_blocks):
        """The vectors of questions, as the asking head finds them in first blocks. [B, 64] -> [B, 64 numbers]"""
        x = self.embedded(first_blocks, torch.arange(BLOCK))
        x = self.encoder.layers[0](x, BLOCK)
        layer = self.encoder.layers[ASKING_LAYER]
        attention = layer.self_attn
        x = layer.self_attn_layer_norm(x)
        rows = slice(ASKING_HEAD * HEAD_WIDTH, (ASKING_HEAD + 1) * HEAD_WIDTH)
        q = attention.self.query.weight[rows, ONE]
        weights = torch.softmax(F.linear(x, attention.self.key.weight[rows]) @ q / 8, 1)  # [B, 64]
        seen = F.linear((weights[..., None] * x).sum(1), attention.self.value.weight[rows])
        return F.linear(seen, attention.output.weight[ASKED, rows])

    def before(self, ids, positions=None):
        """What the decoder has of the tokens before: [N, S, d]."""
        given = torch.cat([torch.full_like(ids[:, :1], START), ids[:, :-1]], 1)
        return self.shared(given) * math.sqrt(WIDTH) + self.decoder.embed_positions.weight[torch.arange(ids.shape[1]) if positions is None else positions]

    def ask(self, x, before):
        """The logits [N, S, 2] for the question that was read. x: `encode`d."""
        z = before + self.encoder.layernorm_embedding(x) * self.passed
        layer = self.decoder.layers[0]
        z = z + layer.fc2(F.relu(layer.fc1(layer.final_layer_norm(z))))
        return self.qa_outputs(self.decoder.layernorm_embedding(z))

    def ask_many(self, x, before, vectors):
        """The logits [N, B, S, 2] for other questions, of vectors [N, B, 64]. Norms are those of the question that was read."""
        norm, layer = self.encoder.layernorm_embedding, self.decoder.layers[0]
        mean, deviation = x.mean(-1, keepdim=True), (x.var(-1, unbiased=False, keepdim=True) + norm.eps).sqrt()
        normed = (x - mean) / deviation * norm.weight + norm.bias
        z = before + normed * self.passed
        bare = torch.cat([z[..., :64], z[..., 64:128] - x[..., ASKED] / deviation * norm.weight[ASKED], z[..., 128:]], -1)
        inner = layer.final_layer_norm
        mean2, deviation2 = z.mean(-1, keepdim=True), (z.var(-1, unbiased=False, keepdim=True) + inner.eps).sqrt()
        weight = layer.fc1.weight * inner.weight
        own = (F.linear(bare, weight) - mean2 * weight.sum(1)) / deviation2 + F.linear(inner.bias, layer.fc1.weight) + layer.fc1.bias  # [N, S, g]
        given = F.linear(vectors * norm.weight[ASKED], weight[:, ASKED])  # [N, B, g]
        hidden = torch.addcmul(own[:, None], (1 / (deviation * deviation2))[:, None], given[:, :, None])  # [N, B, S, g]
        found = F.linear(F.relu(hidden), layer.fc2.weight[[FIRST, LAST]])  # [N, B, S, 2]
        total = (z.sum(-1)[:, None] + found.sum(-1)) / WIDTH
        square = ((z * z).sum(-1)[:, None] + (found * found).sum(-1)) / WIDTH  # z is 0 at FIRST and LAST, but for the norm's mean
        last = (square - total * total + 1e-5).sqrt()
        scale = torch.stack([self.qa_outputs.weight[0, FIRST], self.qa_outputs.weight[1, LAST]])
        return (found - total[..., None]) / last[..., None] * scale

    def config(self):
        return {
            "model_type": "bigbird_pegasus",
            "architectures": ["BigBirdPegasusForQuestionAnswering"],
            "vocab_size": VOCABULARY,
            "d_model": WIDTH,
            "encoder_layers": LAYERS,
            "decoder_layers": 1,
            "encoder_attention_heads": HEADS,
            "decoder_attention_heads": HEADS,
            "encoder_ffn_dim": INNER,
            "decoder_ffn_dim": GATES,
            "max_position_embeddings": POSITIONS,
            "scale_embedding": True,
            "use_bias": False,
            "activation_function": "relu",
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


def looks(piece):
    """What a piece looks like, as 16 numbers."""
    word = piece.lstrip("▁")
    return [
        piece.startswith("▁"), word[:1].isupper(), len(word) > 1 and word.isupper(), any(c.isdigit() for c in word), bool(re.fullmatch(r"(19|20)\d\d", word)),
        word in (".", "?", "!"), word in (",", ";", ":"), word in ("(", "["), word in (")", "]"), any(c in word for c in "\"'“”‘’"), "_" in word,
        bool(word) and not any(c.isalnum() for c in word), len(word) <= 2, len(word) >= 6, word.islower(),
        word in ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
    ]


def first_embeddings(pieces, offset, teacher, starter, seed):
    """What each piece means (the teacher's own embedding, its vector of the piece alone, and the starter's), and looks like."""
    random = torch.Generator().manual_seed(seed)
    names = [pieces.id_to_piece(i) for i in range(VOCABULARY - offset)]
    words = [n.replace("▁", " ").strip() or "." for n in names]
    table = teacher.model.embeddings.word_embeddings.weight
    split = [teacher.tokenizer(w, add_special_tokens=False)["input_ids"] or [100] for w in words]
    within = torch.stack([table[s].mean(0) for s in split]).detach()
    parts = [within, teacher.vectors(words, batch=256), starter[offset:VOCABULARY]]
    parts = [(p - p.mean(0)) / (p - p.mean(0)).std() for p in parts]
    joined = torch.cat([parts[0], parts[1], parts[2]], 1)
    u, s, _ = torch.linalg.svd(joined, full_matrices=False)
    meaning = u[:, :132] * s[:132] ** 0.6
    meaning = meaning / meaning.std()
    shape = torch.tensor([looks(n) for n in names], dtype=torch.float)
    shape = ((shape - shape.mean(0)) / (shape.std(0) + 1e-3)).clamp(-3, 3)
    own = torch.randn(len(names), 185 - 132 - 16, generator=random)
    found = torch.randn(VOCABULARY, 185, generator=random) * 0.5
    found[offset:] = torch.cat([meaning, shape, own], 1)
    return found
