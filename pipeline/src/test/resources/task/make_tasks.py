"""What transformers makes of a small random model, class by class. usage: make_tasks.py STARTER-MODEL OUT

Writes family.safetensors and family.json, the weights and the configuration of every class of the family, which the
tests put together (a classifier takes the first rows of out_proj, a decoder alone leaves the encoder out), and tasks.json
with the results. Windows are cut here at the ends of paragraphs, where any cutter would cut these texts.
"""
import json
import os
import sys

import sentencepiece
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
from transformers.models.bigbird_pegasus.modeling_bigbird_pegasus import BigBirdPegasusEncoder
from transformers.utils import logging

logging.set_verbosity_error()
starter, out = sys.argv[1:]
torch.set_num_threads(1)
torch.manual_seed(4)
EOS = 1
POSITIONS = 256
LABELS = 3
FAMILY = dict(
    vocab_size=8192, d_model=16, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2,
    decoder_attention_heads=4, encoder_ffn_dim=24, decoder_ffn_dim=20, max_position_embeddings=POSITIONS, block_size=16,
    num_random_blocks=1, use_bias=False, scale_embedding=True, attention_type="block_sparse", init_std=0.25,
    dropout=0.0, attention_dropout=0.0, activation_dropout=0.0, classifier_dropout=0.0)
pieces = sentencepiece.SentencePieceProcessor(model_file=starter + "/spiece.model")
OFFSET = FAMILY["vocab_size"] - pieces.get_piece_size()


def config(**changes):
    return BigBirdPegasusConfig(**FAMILY, **changes, attn_implementation="eager")


def draw():
    """A model with both heads; every number is one of float16."""
    weights = {}
    for cls in (BigBirdPegasusForConditionalGeneration, BigBirdPegasusForSequenceClassification,
                BigBirdPegasusForQuestionAnswering):
        for name, tensor in cls(config(num_labels=LABELS)).state_dict().items():
            if "embed_tokens" not in name and name != "lm_head.weight":
                weights.setdefault(name, tensor.clone())
    for name, tensor in weights.items():
        if name.endswith("bias"):
            tensor += 0.1 * torch.randn(tensor.shape)
        elif "layer_norm" in name or "layernorm" in name:
            tensor *= 1 + 0.2 * torch.randn(tensor.shape)
        if name.endswith("decoder.layernorm_embedding.weight"):  # else a tied model repeats its input
            tensor *= torch.where(torch.rand(tensor.shape) < 0.5, -1.0, 1.0)
        if "classification_head" in name or "qa_outputs" in name:
            tensor *= 4  # else every label is as likely as the next
    return {name: tensor.half().contiguous() for name, tensor in weights.items()}


weights = draw()
save_file(weights, os.path.join(out, "family.safetensors"))
with open(os.path.join(out, "family.json"), "w") as file:
    json.dump({"model_type": "bigbird_pegasus", **FAMILY}, file, indent=1)


def model(cls, labels=LABELS, **changes):
    made = cls(config(num_labels=labels, **changes)).float().eval()
    state = {}
    for name in made.state_dict():
        source = name if name in weights else "model." + name
        if "embed_tokens" in name or name == "lm_head.weight":
            source = "model.shared.weight"
        tensor = weights[source].float()
        state[name] = tensor[:labels] if "out_proj" in name and "classification_head" in name else tensor
    made.load_state_dict(state)
    return made


def ids(text):
    return [piece + OFFSET for piece in pieces.encode(text)]


def run(made, tokens, **more):
    encoder = made if isinstance(made, BigBirdPegasusEncoder) else made.get_encoder()
    encoder.set_attention_type("block_sparse")  # the switch to full attention is sticky
    with torch.no_grad():
        return made(torch.tensor([tokens]), **more)


SENTENCES = [
    "The harbour master counts the ships that come home before the storm.",
    "A strong wind blows from the north, and the fishing boats stay close to the shore.",
    "Nobody had told the new crew where the old charts were kept.",
    "In the morning the light keeper writes the height of the waves into a book.",
    "The book has been kept since 1874, and no day is missing.",
    "When the lamp was changed in 1931, the village could read at night by its light.",
    "Some sailors said that they saw the light from forty miles away.",
    "The school sends its children to the tower every spring to learn about the weather.",
    "They measure the rain, the wind and the pressure of the air.",
    "Last year a family of owls moved into the empty room under the roof.",
    "The owls hunt mice in the fields behind the church.",
    "In winter the road to the tower is closed, and bread comes by boat.",
    "The baker leaves the bread in a wooden box near the landing.",
    "Once the box was carried away by a wave and found three weeks later on an island.",
    "The bread inside was still dry, which the village tells every guest.",
    "A museum now keeps the box beside the first lamp.",
    "Visitors pay four euros, and children pay nothing.",
    "The money goes to the boat that saves people from the sea.",
    "In a good summer the museum sells ten thousand tickets.",
    "The keeper says that the quiet months are the best ones.",
]


def text(first, count, joint=" "):
    return joint.join(SENTENCES[(first + i) % len(SENTENCES)] for i in range(count))


# name, paragraphs, tokens of one run with the eos
DOCUMENTS = [
    ("one sentence", [text(0, 1)], POSITIONS),
    ("full attention", [text(1, 5)], POSITIONS),
    ("block-sparse attention", [text(3, 9)], POSITIONS),
    ("three windows", [text(0, 12), text(12, 13), text(5, 12)], POSITIONS),
    ("five short windows", [text(2, 3), text(5, 3), text(8, 3), text(11, 3), text(14, 3)], 80),
]
QUESTION = "What does the keeper write into the book?"


def windows(paragraphs, room):
    parts = [ids(paragraph) for paragraph in paragraphs]
    assert sum(parts, []) == ids("\n\n".join(paragraphs))
    assert len(parts) == 1 or len(parts) * room > sum(map(len, parts)) > room
    assert all(len(part) <= room for part in parts)
    return parts


def classification(parts, made, output):
    """The outputs of each window, and pooled: the mean by tokens, and the largest."""
    rows = torch.stack([output(run(made, part + [EOS]).logits[0].double()) for part in parts])
    return dict(mean=(rows * shares(parts, 1)[:, None]).sum(0).tolist(), max=rows.max(0).values.tolist())


def shares(parts, more):
    lengths = torch.tensor([len(part) + more for part in parts], dtype=torch.double)
    return lengths / lengths.sum()


def answers(paragraphs, made, room, most_tokens, n_best):
    """After transformers' question-answering example, over every span of the document's tokens."""
    whole = "\n\n".join(paragraphs)
    offsets = [(p.begin, p.end) for p in pieces.encode(whole, return_type="proto").pieces]
    question = ids(QUESTION)
    candidates, no_answer, first = [], [], 0
    for part in windows(paragraphs, room - len(question) - 1):
        logits = run(made, question + part + [EOS])
        start, end = logits.start_logits[0].double(), logits.end_logits[0].double()
        no_answer.append((start[0] + end[0]).item())
        for i in range(len(part)):
            for j in range(i, min(len(part), i + most_tokens)):
                begin, stop = offsets[first + i][0], offsets[first + j][1]
                found = whole[begin:stop]
                begin += len(found) - len(found.lstrip())
                stop -= len(found) - len(found.rstrip())
                if begin < stop:
                    score = (start[len(question) + i] + end[len(question) + j]).item()
                    candidates.append(dict(text=whole[begin:stop], score=score, begin=begin, end=stop))
        first += len(part)
    chosen = []
    for candidate in sorted(candidates, key=lambda c: -c["score"]):
        if all(candidate["end"] <= c["begin"] or c["end"] <= candidate["begin"] for c in chosen):
            chosen.append(candidate)
    return dict(n_best=chosen[:n_best], no_answer=min(no_answer))


def embedding(parts, made):
    states = [run(made.get_encoder(), part + [EOS]).last_hidden_state[0].double() for part in parts]
    by = shares(parts, 1)
    return dict(
        mean=sum(s * state.mean(0) for s, state in zip(by, states)).tolist(),
        eos=sum(s * state[-1] for s, state in zip(by, states)).tolist())


def generated(made, prompt, skip, options):
    with torch.no_grad():
        found = made.generate(torch.tensor([prompt]), return_dict_in_generate=True, output_scores=True, **options)
    texts = []
    for i, sequence in enumerate(found.sequences.tolist()):
        new = sequence[skip:]
        new = new[:new.index(EOS) + 1] if EOS in new else new
        texts.append(dict(
            text=pieces.decode([id - OFFSET for id in new if id > 104 and id != pieces.unk_id() + OFFSET]),
            output_tokens=len(new),
            finish_reason="eos" if new[-1] == EOS else "length",
            score=found.sequences_scores[i].item() if options["num_beams"] > 1 else None))
    return dict(options={k: str(v) for k, v in options.items()}, texts=texts), found.sequences


def by_sentence(sentences, weights):
    """The attention of each sentence's tokens; the eos is of none."""
    sums, first = [], 0
    for sentence in sentences:
        count = len(ids(sentence))
        sums.append(dict(text=sentence, weight=weights[first:first + count].sum().item()))
        first += count
    assert first == len(weights) - 1
    return sums


labelled = model(BigBirdPegasusForSequenceClassification)
regression = {n: model(BigBirdPegasusForSequenceClassification, labels=n) for n in (1, 2)}
answering = model(BigBirdPegasusForQuestionAnswering)
base = model(BigBirdPegasusModel)
summarizing = model(BigBirdPegasusForConditionalGeneration)
decoder = model(BigBirdPegasusForCausalLM)

documents = []
for name, paragraphs, most in DOCUMENTS:
    parts = windows(paragraphs, most - 1)
    document = dict(
        name=name, text="\n\n".join(paragraphs), max_source_tokens=most, tokens=sum(map(len, parts)) + 1, windows=len(parts),
        attention="original_full" if max(map(len, parts)) + 1 <= 7 * 16 else "block_sparse",
        single_label=classification(parts, labelled, lambda v: v.softmax(0)),
        multi_label=classification(parts, labelled, lambda v: v.sigmoid()),
        regression={n: classification(parts, made, lambda v: v) for n, made in regression.items()},
        embedding=embedding(parts, base))
    if most == POSITIONS and len(parts) == 3:
        paragraphs = [text(0, 11), text(12, 11), text(5, 11)]  # the question takes its room
    document.update(answer_text="\n\n".join(paragraphs), answers=answers(paragraphs, answering, most, 12, 8))
    documents.append(document)

evidence = []
for count in (4, 10):
    sentences = SENTENCES[6:6 + count]
    source = ids(" ".join(sentences)) + [EOS]
    summarizing.get_encoder().set_attention_type("block_sparse")
    summary, sequences = generated(summarizing, source, 1, dict(num_beams=3, min_length=0, max_new_tokens=12))
    attentions = run(
        summarizing, source, decoder_input_ids=sequences[:1, :-1], output_attentions=True).cross_attentions
    weights_ = torch.stack(attentions)[:, 0].double().mean((0, 1, 2))[:len(source)]
    deciding = torch.stack(run(labelled, source, output_attentions=True).cross_attentions)
    deciding = deciding[:, 0, :, len(source) - 1].double().mean((0, 1))[:len(source)]
    evidence.append(dict(
        text=" ".join(sentences), summary=summary, summary_evidence=by_sentence(sentences, weights_),
        label_evidence=by_sentence(sentences, deciding)))

prompts = []
for prompt, options in (
    (text(0, 1), dict(num_beams=1, max_new_tokens=10)),
    (text(3, 6), dict(num_beams=3, num_return_sequences=2, max_new_tokens=8, length_penalty=0.5)),
    (text(0, 25), dict(num_beams=2, max_new_tokens=6)),  # longer than the positions: its end is kept
    ("Bread", dict(num_beams=1, max_new_tokens=5, forced_eos_token_id=EOS)),
):
    prompt_ids = ids(prompt)
    read = prompt_ids[-(POSITIONS - options["max_new_tokens"]):]
    continued, _ = generated(decoder, read, len(read), options)
    prompts.append(dict(text=prompt, tokens=len(prompt_ids) + 1, truncated=len(read) < len(prompt_ids), **continued))

with open(os.path.join(out, "tasks.json"), "w", encoding="utf-8") as file:
    json.dump(dict(question=QUESTION, documents=documents, evidence=evidence, prompts=prompts), file, indent=1,
              ensure_ascii=False)
