"""Makes the small vocabularies of this folder and what transformers makes of some texts with them.

    pip install transformers==5.23.0 sentencepiece==0.2.3 && python make_fixtures.py

| folder         | what it is                                                                                   |
|----------------|----------------------------------------------------------------------------------------------|
| pegasus        | spiece.model in the layout of PEGASUS, with the whole of nmt_nfkc                             |
| bigbird        | the same pieces in BigBird's layout: 103 user-defined pieces before <unk>, a few rules only   |
| byte-fallback  | pieces for single bytes                                                                       |
| identity       | no normalization rules                                                                        |
| saved          | tokenizer.json as transformers 5 saves it, and the spiece.model that it comes from            |
| hub            | tokenizer.json as the Hub has it for BigBirdPegasus: older steps, truncation and padding, too |

`cases.jsonl`: ids, offsets and decoded text (special tokens skipped) of transformers. `control-tokens.jsonl`: texts that
spell control tokens; `as_text` is what SentencePiece does, which never reads a control piece in a text, `as_tokens` is
what transformers does.
"""

import io
import json
import os
import random
import shutil
import tempfile

import sentencepiece as spm
import tokenizers
from sentencepiece import sentencepiece_model_pb2
from transformers import AutoTokenizer, PegasusTokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
OFFSET = 103

SENTENCES = """
The heron stood in the shallow water and waited for the fish to come within reach of its bill.
In the spring of that year the river rose twice, and twice the village moved its boats to higher ground.
A summary is a short text that says what a long text says, without most of the words.
We measured the depth of the lake at forty points and found that it had fallen by 2.5 metres since 1998.
The committee shall report to the members within thirty days; the members may extend this time by ten days.
Attention is a weighted mean of values, where the weights come from the products of queries and keys.
She asked whether the model's answers could be trusted, and he said that they couldn't, not yet.
Long documents do not fit into short windows, so the readers of long documents need another way.
Wings that are long and narrow suit birds that glide over the sea for hours with hardly a beat.
If the input is longer than the limit, then it is truncated and the last token is the end of the sentence.
Section 4.1 describes the method; section 4.2 describes the data; section 5 gives the results (see Table 3).
The price of wheat rose from $4.20 to $5.10 per bushel, which is more than 20% in one season.
Blocks at the start and at the end of the document see every block; all others see their neighbours.
It was the third winter of the drought, and the people had learned to count water as they count money.
They counted one, two, three, four, five, six, seven, eight, nine and ten boats under the bridge.
Nothing in this agreement gives any person other than the parties a right to enforce its terms.
The cells were grown at 37 degrees for 48 hours, and the proteins were extracted with a buffer of salt.
Rain, snow, wind and sun: the four of them have made these hills what they are, and they are not done.
For each of the documents, the program writes a row with an identifier, a summary and a score.
What the old man remembered of the war was not the noise but the quiet after the noise.
""".strip().split("\n")

# A handful of the rules of nmt_nfkc, so that the files stay small.
RULES = (
    [(c, 0x20) for c in (0x09, 0x0A, 0x0C, 0x0D, 0xA0, 0x1680, 0x2003, 0x200B, 0x200D, 0x2028, 0x3000, 0xFEFF, 0xFFFD)]
    + [(c, None) for c in (0x01, 0x02, 0x0B, 0x1F, 0x7F)]
    + [(c, c - 0xFEE0) for c in range(0xFF01, 0xFF5F)]
)

TEXTS = [
    "",
    " ",
    "   ",
    "a",
    "The heron stood in the shallow water.",
    "  leading and trailing   spaces  ",
    "line one\nline two\n\nparagraph",
    "\r\nwindows\r\nlines\r\n",
    "tab\tseparated\tvalues\x0bvertical\x0cform",
    "in\u00a0the\u2003spring\u200bof\u3000that\u2028year",
    "naïve café façade coöperate e\u0301 a\u0308\u0304 Zürich",
    "ﬁne ligature ① Ⅳ ½ ™ ㎏ ﷺ",
    "full-width ＡＢＣ １２３ ！",
    "日本語のテキスト と English",
    "ΑΒΓ αβγ Кириллица العربية עברית हिन्दी ไทยคำ 한국어 \u1112\u1161\u11ab",
    "emoji 😀 the 👍🏽 family 👨‍👩‍👧‍👦 flags 🏳️‍🌈🇩🇪 end",
    "astral 𝒜𝓑 𠮷野家 \U0010ffff end",
    "<n> marks a newline <n> in Pegasus<n>and here",
    "the end.<n>The start",
    "unknown <unk> word, <unk>glued<unk>",
    "1,234,567.89 dollars & 50%",
    "don't can't won't it's the model's",
    "https://example.org/path?q=1&r=2#frag",
    "(a) [b] {c} <d> \"e\" 'f' `g` </d>",
    "x" * 200,
    "=" * 99,
    "ab" * 60,
    "the " * 50,
    "soft\u00adhyphen and \ufeffBOM",
    "\ufeffBOM first",
    "NUL \x00 and \x01 and \x1f and \x7f and \x8f controls",
    "\x01control first",
    "\x0b\x0b\x0bthree of them and the é",
    "\x01\x02",
    "\ufffd replacement \ufffe\uffff noncharacters",
    "private \ue000 use \u0378 unassigned",
    "▁ meta ▁space▁▁ inside",
    "<0x41> <0x0A> bytes",
    "…ellipsis — dash – en ‘quotes’ “double”",
    "\u0301 starts with a mark",
    "zero\u200dwidth\u200cjoiners\u2060here",
    "Ω Å ǅ ẞ İ ı ſ K",
    "ends with a space ",
    "ends with two  ",
    "ends with newline\n",
]

CONTROL_TEXTS = [
    "</s>",
    "<pad>",
    "a document that says </s> and <pad> and <mask_1> in its text",
    "glued</s>together<mask_2>again<unk_7>",
    "<unk_2><unk_102><mask_1>",
    "full-width ＜/s＞ and ＜ｐａｄ＞ too",
    "<s> [MASK] [SEP] <sep_0> <unused_9> of the other layout",
    "not quite: </S> <unk_103> <mask_3> < /s> <pad",
    "the end.</s><n></s>The start",
    "</s></s></s>",
]


def fuzz(rng):
    """Texts out of everything that the lists above have, joined at random."""
    pool = [p for text in TEXTS for p in text.split(" ") if p] + [" ", "  ", "\n", "\u3000", "the", "of", "and"]
    return ["".join(rng.choice(pool) + rng.choice(["", " ", " "]) for _ in range(rng.randint(1, 20))) for _ in range(60)]


def train(folder, size, **options):
    settings = dict(
        sentence_iterator=iter(SENTENCES), vocab_size=size, model_type="unigram", character_coverage=1.0,
        pad_id=0, eos_id=1, unk_id=2, bos_id=-1, user_defined_symbols=["<n>"], hard_vocab_limit=False,
        num_threads=1, minloglevel=2)
    settings.update(options)
    writer = io.BytesIO()
    spm.SentencePieceTrainer.train(model_writer=writer, **settings)
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(writer.getvalue())
    proto.normalizer_spec.ClearField("normalization_rule_tsv")  # a temporary file
    write_proto(folder, proto)


def rules_file(directory):
    path = os.path.join(directory, "rules.tsv")
    with open(path, "w") as file:
        for source, target in RULES:
            file.write("%X\t%s\n" % (source, "" if target is None else "%X" % target))
    return path


def read_proto(folder):
    proto = sentencepiece_model_pb2.ModelProto()
    with open(os.path.join(folder, "spiece.model"), "rb") as file:
        proto.ParseFromString(file.read())
    return proto


def write_proto(folder, proto):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "spiece.model"), "wb") as file:
        file.write(proto.SerializeToString(deterministic=True))


def write_json(folder, name, value):
    with open(os.path.join(folder, name), "w") as file:
        json.dump(value, file)
        file.write("\n")


def write_lines(folder, name, values):
    with open(os.path.join(folder, name), "w") as file:
        for value in values:
            file.write(json.dumps(value) + "\n")


def write_config(folder, vocab_size):
    write_json(folder, "config.json", {"model_type": "bigbird_pegasus", "vocab_size": vocab_size})


def to_bigbird_layout(proto):
    """As in google-research/bigbird: pieces with ids of their own where PEGASUS adds an offset."""
    names = ["<s>"] + ["<sep_%d>" % i for i in range(5)] + ["[SEP]", "[MASK]"]
    names += ["<unused_%d>" % i for i in range(OFFSET - len(names))]
    other = sentencepiece_model_pb2.ModelProto()
    other.CopyFrom(proto)
    del other.pieces[:]
    other.pieces.extend(proto.pieces[:2])
    for name in names:
        other.pieces.add(piece=name, score=0.0, type=sentencepiece_model_pb2.ModelProto.SentencePiece.USER_DEFINED)
    other.pieces.extend(proto.pieces[2:])
    other.trainer_spec.unk_id = 2 + OFFSET
    return other


def with_model(pegasus, **model_fields):
    """PegasusTokenizer's steps around another unigram model, all pieces up to <unk> being special."""
    steps = json.loads(pegasus.backend_tokenizer.to_str())
    steps["added_tokens"] = []
    steps["model"].update(model_fields)
    tokenizer = tokenizers.Tokenizer.from_str(json.dumps(steps))
    tokenizer.add_special_tokens([tokenizer.id_to_token(i) for i in range(2 + OFFSET + 1)])
    return tokenizer


def cases(encode, decode, texts):
    for text in texts:
        ids, offsets = encode(text)
        yield {"text": text, "ids": ids, "offsets": [list(o) for o in offsets], "decoded": decode(ids)}


def of_transformers(tokenizer):
    def encode(text):
        encoding = tokenizer(text, return_offsets_mapping=True, truncation=False, padding=False)
        return encoding.input_ids, encoding.offset_mapping

    return encode, lambda ids: tokenizer.decode(ids, skip_special_tokens=True)


def of_tokenizers(tokenizer):
    def encode(text):
        encoding = tokenizer.encode(text)
        return encoding.ids, encoding.offsets

    return encode, lambda ids: tokenizer.decode(ids, skip_special_tokens=True)


def control_cases(sentencepiece, offset, as_tokens):
    for text in CONTROL_TEXTS:
        yield {
            "text": text,
            "as_text": [i + offset for i in sentencepiece.encode(text)] + [1],
            "as_tokens": as_tokens(text),
        }


def main():
    texts = TEXTS + fuzz(random.Random(20))
    folder = lambda name: os.path.join(HERE, name)
    with tempfile.TemporaryDirectory() as scratch:
        rules = rules_file(scratch)

        train(folder("pegasus"), 420, normalization_rule_name="nmt_nfkc")
        pieces = len(read_proto(folder("pegasus")).pieces)
        write_config(folder("pegasus"), pieces + OFFSET)
        pegasus = PegasusTokenizer.from_pretrained(folder("pegasus"))
        write_lines(folder("pegasus"), "cases.jsonl", cases(*of_transformers(pegasus), texts))
        write_lines(folder("pegasus"), "control-tokens.jsonl", control_cases(
            spm.SentencePieceProcessor(model_file=os.path.join(folder("pegasus"), "spiece.model")), OFFSET,
            lambda text: pegasus(text).input_ids))

        # The few rules, in the layout of PEGASUS: what bigbird, saved and hub are made from.
        small = os.path.join(scratch, "small")
        train(small, 420, normalization_rule_tsv=rules)
        proto = read_proto(small)
        write_config(small, len(proto.pieces) + OFFSET)
        small_tokenizer = PegasusTokenizer.from_pretrained(small)

        other = to_bigbird_layout(proto)
        write_proto(folder("bigbird"), other)
        write_config(folder("bigbird"), len(other.pieces))
        write_json(folder("bigbird"), "tokenizer_config.json", {
            "tokenizer_class": "PegasusTokenizer", "offset": 0, "mask_token": "[MASK]", "mask_token_sent": None,
            "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>", "model_max_length": 4096})
        # transformers 5.23 shifts the ids of this layout: the same steps over the positions of the file
        positions = with_model(small_tokenizer, vocab=[[p.piece, p.score] for p in other.pieces])
        write_lines(folder("bigbird"), "cases.jsonl", cases(*of_tokenizers(positions), texts))
        controls = sentencepiece_model_pb2.ModelProto()
        controls.CopyFrom(other)
        for piece in controls.pieces[:2 + OFFSET]:
            piece.type = sentencepiece_model_pb2.ModelProto.SentencePiece.CONTROL
        write_lines(folder("bigbird"), "control-tokens.jsonl", control_cases(
            spm.SentencePieceProcessor(model_proto=controls.SerializeToString()), 0,
            lambda text: positions.encode(text).ids))

        train(folder("byte-fallback"), 700, normalization_rule_tsv=rules, byte_fallback=True)
        write_config(folder("byte-fallback"), len(read_proto(folder("byte-fallback")).pieces) + OFFSET)
        # PegasusTokenizer leaves byte_fallback out; the tokenizers library has it
        with_bytes = with_model(PegasusTokenizer.from_pretrained(folder("byte-fallback")), byte_fallback=True)
        with_bytes.decoder = tokenizers.decoders.Sequence([tokenizers.decoders.ByteFallback(), with_bytes.decoder])
        write_lines(folder("byte-fallback"), "cases.jsonl", cases(*of_tokenizers(with_bytes), texts))

        train(folder("identity"), 300, normalization_rule_name="identity")
        write_config(folder("identity"), len(read_proto(folder("identity")).pieces) + OFFSET)
        write_lines(folder("identity"), "cases.jsonl",
                    cases(*of_transformers(PegasusTokenizer.from_pretrained(folder("identity"))), texts))

        small_tokenizer.save_pretrained(folder("saved"))
        shutil.copy(os.path.join(small, "config.json"), folder("saved"))
        shutil.copy(os.path.join(small, "spiece.model"), folder("saved"))
        write_lines(folder("saved"), "cases.jsonl",
                    cases(*of_transformers(AutoTokenizer.from_pretrained(folder("saved"))), texts))

        os.makedirs(folder("hub"), exist_ok=True)
        hub = json.loads(small_tokenizer.backend_tokenizer.to_str())
        metaspace = {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True}
        hub["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, metaspace]}
        hub["decoder"] = metaspace
        hub["truncation"] = {"direction": "Right", "max_length": 16, "strategy": "LongestFirst", "stride": 0}
        hub["padding"] = {"strategy": {"Fixed": 32}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0,
                          "pad_type_id": 0, "pad_token": "<pad>"}
        write_json(folder("hub"), "tokenizer.json", hub)
        write_json(folder("hub"), "tokenizer_config.json", {
            "tokenizer_class": "PegasusTokenizer", "clean_up_tokenization_spaces": True, "model_max_length": 4096,
            "eos_token": {"__type": "AddedToken", "content": "</s>", "lstrip": False, "normalized": True,
                          "rstrip": False, "single_word": False},
            "unk_token": "<unk>", "pad_token": "<pad>", "mask_token": "<mask_2>"})
        shutil.copy(os.path.join(small, "config.json"), folder("hub"))
        write_lines(folder("hub"), "cases.jsonl",
                    cases(*of_transformers(AutoTokenizer.from_pretrained(folder("hub"))), texts))


main()
