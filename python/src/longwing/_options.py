"""The options of each task, made from docs/options.md by python/generate; do not edit it by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

#: Lists that the command line takes with commas between their members, and without brackets.
COMMA_SEPARATED = frozenset(
    {
        "begin_suppress_tokens",
        "eos_token_id",
        "forced_eos_token_id",
        "suppress_tokens",
    }
)


class SummarizeOptions(TypedDict, total=False):
    """The options of :func:`longwing.summarize`; those that are left out are the model's own.

    document_timeout: A document that takes longer, such as 10m, becomes a row with an error.

    model: A model directory, a transformers directory, a URI that Hadoop's file systems read, or a Hub id
        owner/name[@revision]. Default, for summarize, embed and classify: the small model that the jar carries for
        it.

    random_blocks: The random blocks of the sparse pattern: as transformers at inference, or as in the paper.
        Default: what a model directory was imported with, else reference.

    precision: The arithmetic of the large matrix products. Default: what a model directory was imported with, else
        float32.

    on_error: A document that cannot be processed becomes a row with an error (permissive), fails the job (failfast)
        or is left out (dropmalformed). Default: permissive.

    max_source_tokens: The most tokens of one run, eos included. Default: the model's positions.

    locale: The language whose rules say where sentences end, such as en or pt-BR. Default: und, no language in
        particular.

    window_overlap: Tokens of a window that the next one reads again. Default: 0.

    evidence: Name so many passages of the document that carried the output, in a column evidence. Default: 0, which
        costs nothing.

    num_beams: Beams of beam search; 1 is greedy search, or sampling where do_sample is set. Allowed: at least 1.
        Default: 1.

    length_penalty: Beam search divides the score of a sequence by its length to this power: above 0 favors long
        sequences, below 0 short ones. Allowed: a finite number. Default: 1.0.

    early_stopping: When beam search stops: true when as many sequences have ended as there are beams, false when a
        better one is unlikely, never when there can be no better one. Allowed: true, false or never. Default:
        false.

    max_length: Maximum tokens of a sequence, with the start token or prompt. Where neither this nor max_new_tokens
        is set: 256. Allowed: at least 2. Default: none.

    min_length: Minimum tokens of a sequence, with the start token or prompt. Allowed: at least 0. Default: 0.

    max_new_tokens: Maximum tokens after the start token or prompt; takes precedence over max_length. Allowed: at
        least 1. Default: none.

    min_new_tokens: Minimum tokens after the start token or prompt; takes precedence over min_length. Allowed: at
        least 0. Default: none.

    no_repeat_ngram_size: No n-gram of this size occurs twice in a text; 0 is off. Allowed: at least 0. Default: 0.

    encoder_no_repeat_ngram_size: No n-gram of this size that is in the document occurs in the text; 0 is off.
        Allowed: at least 0. Default: 0.

    repetition_penalty: Above 1 makes tokens that are already in the text less likely, below 1 more likely. Allowed:
        a number above 0. Default: 1.0.

    encoder_repetition_penalty: Above 1 makes tokens of the document more likely, below 1 less likely. Allowed: a
        number above 0. Default: 1.0.

    num_return_sequences: Texts for each document: at most num_beams unless do_sample is set, 1 for greedy search.
        Above 1 the result is a column with an array of texts. Allowed: at least 1. Default: 1.

    do_sample: Draw tokens at random in proportion to their probabilities; the eight options that follow apply to
        this alone. Allowed: true or false. Default: false.

    temperature: Scores are divided by this before a draw: below 1 sharpens the distribution, above 1 flattens it.
        Allowed: a number above 0; leave out do_sample for greedy search. Default: 1.0.

    top_k: Draw from this many of the most likely tokens; 0 is all. Allowed: at least 0. Default: 50.

    top_p: Draw from the fewest of the most likely tokens whose probabilities sum to at least this. Allowed: a
        number above 0 and at most 1. Default: 1.0.

    top_h: Draw from the most likely tokens whose entropy is at most this share of the entropy of all. Allowed: a
        number above 0 and at most 1. Default: none.

    min_p: Draw from tokens with at least this share of the probability of the most likely token. Allowed: a number
        from 0 to 1. Default: none.

    typical_p: Draw from the fewest tokens, closest to the expected information first, whose probabilities sum to at
        least this. Allowed: a number above 0 and at most 1. Default: 1.0.

    epsilon_cutoff: Draw from tokens with at least this probability; 0 is off. Allowed: at least 0 and below 1.
        Default: 0.0.

    eta_cutoff: As epsilon_cutoff, with a bound that falls with the entropy of the distribution; 0 is off. Allowed:
        at least 0 and below 1. Default: 0.0.

    seed: Seed of the draws; they depend on it and on the document's id alone. Allowed: an integer of 64 bits.
        Default: 0.

    bad_words_ids: Sequences of tokens that must not occur, such as [[17],[33,40]]. Allowed: no empty list among
        them, and token ids from 0 up. Default: none.

    sequence_bias: Numbers that are added to the scores of sequences of tokens, such as [[[33,40],-2.5]]. Allowed:
        finite numbers, and token ids from 0 up. Default: none.

    suppress_tokens: Tokens that must not occur. Allowed: token ids from 0 up. Default: none.

    begin_suppress_tokens: Tokens that must not be the first new one. Allowed: token ids from 0 up. Default: none.

    forced_bos_token_id: The token that must follow the start token. Allowed: at least 0. Default: none.

    forced_eos_token_id: Tokens of which one must be the last at the maximum length. Allowed: token ids from 0 up.
        Default: none.

    exponential_decay_length_penalty: From START new tokens on, the eos becomes more likely with each token by the
        factor X; such as [15,1.01]. Allowed: a start from 0 up and a finite factor above 0. Default: none.

    renormalize_logits: Normalize the scores to log-probabilities after all options above. Allowed: true or false.
        Default: false.

    pad_token_id: The token that fills shorter sequences. Allowed: at least 0. Default: none.

    bos_token_id: The start token where decoder_start_token_id is not set. Allowed: at least 0. Default: none.

    eos_token_id: Tokens that end a sequence. Allowed: token ids from 0 up. Default: none.

    decoder_start_token_id: The token that the decoder starts with. Allowed: at least 0. Default: none.

    newlines: How the token <n> is written in a text: a line break, a space, or as it is. Default: newline.

    long_documents: Longer documents are cut, or read in windows, whose summaries are joined, or summarized again
        until they fit. Default: hierarchical.

    extractive: Write whole sentences of the document and nothing else, each with its place in the column sentences.
        Allowed: true or false. Default: false.

    sentence_order: The order of the sentences of an extractive summary: that of the document, or the one that the
        model finds likeliest. Allowed: document or model. Default: "document".

    max_sentences: Maximum sentences of an extractive summary. Allowed: at least 1. Default: none.

    sentence_prior: This times a score of each sentence by the words of the document alone, 0 to 1.3, is added to
        its log-probability in an extractive summary, once for each of its tokens; 0 leaves the choice to the model.
        Allowed: a number from 0 up. Default: 0.0.

    sentence_head: This times the probability, 0 to 1, that the model's sentence head gives each sentence is added
        to its log-probability in an extractive summary, once for each of its tokens; 0 leaves the choice to the
        decoder. Above 0 the model must have such a head. Allowed: a number from 0 up. Default: 0.0.
    """

    document_timeout: str
    model: str
    random_blocks: Literal["reference", "paper"]
    precision: Literal["float32", "int8"]
    on_error: Literal["permissive", "failfast", "dropmalformed"]
    max_source_tokens: int
    locale: str
    window_overlap: int
    evidence: int
    num_beams: int
    length_penalty: float
    early_stopping: bool | Literal["never"]
    max_length: int
    min_length: int
    max_new_tokens: int
    min_new_tokens: int
    no_repeat_ngram_size: int
    encoder_no_repeat_ngram_size: int
    repetition_penalty: float
    encoder_repetition_penalty: float
    num_return_sequences: int
    do_sample: bool
    temperature: float
    top_k: int
    top_p: float
    top_h: float
    min_p: float
    typical_p: float
    epsilon_cutoff: float
    eta_cutoff: float
    seed: int
    bad_words_ids: Sequence[Sequence[int]]
    sequence_bias: Sequence[tuple[Sequence[int], float]]
    suppress_tokens: Sequence[int]
    begin_suppress_tokens: Sequence[int]
    forced_bos_token_id: int
    forced_eos_token_id: Sequence[int]
    exponential_decay_length_penalty: tuple[int, float]
    renormalize_logits: bool
    pad_token_id: int
    bos_token_id: int
    eos_token_id: Sequence[int]
    decoder_start_token_id: int
    newlines: Literal["newline", "space", "keep"]
    long_documents: Literal["truncate", "windows", "hierarchical"]
    extractive: bool
    sentence_order: Literal["document", "model"]
    max_sentences: int
    sentence_prior: float
    sentence_head: float


class ClassifyOptions(TypedDict, total=False):
    """The options of :func:`longwing.classify`; those that are left out are the model's own.

    document_timeout: A document that takes longer, such as 10m, becomes a row with an error.

    model: A model directory, a transformers directory, a URI that Hadoop's file systems read, or a Hub id
        owner/name[@revision]. Default, for summarize, embed and classify: the small model that the jar carries for
        it.

    random_blocks: The random blocks of the sparse pattern: as transformers at inference, or as in the paper.
        Default: what a model directory was imported with, else reference.

    precision: The arithmetic of the large matrix products. Default: what a model directory was imported with, else
        float32.

    on_error: A document that cannot be processed becomes a row with an error (permissive), fails the job (failfast)
        or is left out (dropmalformed). Default: permissive.

    max_source_tokens: The most tokens of one run, eos included. Default: the model's positions.

    locale: The language whose rules say where sentences end, such as en or pt-BR. Default: und, no language in
        particular.

    window_overlap: Tokens of a window that the next one reads again. Default: 0.

    long_documents: Longer documents are cut, or read in windows whose results become one. Default: windows.

    evidence: Name so many passages of the document that carried the output, in a column evidence. Default: 0, which
        costs nothing.

    top_k: The most labels in the list. Default: all, or those over the threshold of a multi-label model.

    threshold: The probability that makes a label of a multi-label model hold. Default: 0.5.

    pooling: What becomes of the probabilities of windows: their mean, weighted by length, or the highest. Default:
        mean.
    """

    document_timeout: str
    model: str
    random_blocks: Literal["reference", "paper"]
    precision: Literal["float32", "int8"]
    on_error: Literal["permissive", "failfast", "dropmalformed"]
    max_source_tokens: int
    locale: str
    window_overlap: int
    long_documents: Literal["truncate", "windows"]
    evidence: int
    top_k: int
    threshold: float
    pooling: Literal["mean", "max"]


class AnswerOptions(TypedDict, total=False):
    """The options of :func:`longwing.answer`; those that are left out are the model's own.

    document_timeout: A document that takes longer, such as 10m, becomes a row with an error.

    model: A model directory, a transformers directory, a URI that Hadoop's file systems read, or a Hub id
        owner/name[@revision]. Default, for summarize, embed and classify: the small model that the jar carries for
        it.

    random_blocks: The random blocks of the sparse pattern: as transformers at inference, or as in the paper.
        Default: what a model directory was imported with, else reference.

    precision: The arithmetic of the large matrix products. Default: what a model directory was imported with, else
        float32.

    on_error: A document that cannot be processed becomes a row with an error (permissive), fails the job (failfast)
        or is left out (dropmalformed). Default: permissive.

    max_source_tokens: The most tokens of one run, eos included. Default: the model's positions.

    locale: The language whose rules say where sentences end, such as en or pt-BR. Default: und, no language in
        particular.

    long_documents: Longer documents are cut, or read in windows whose results become one. Default: windows.

    n_best: The most answers in the list. Default: 5.

    max_answer_length: The most tokens of an answer. Default: as the model's generation_config.json says, else 30.

    no_answer_threshold: There is no answer where no_answer_score exceeds the best score by more than this. Default:
        as the model's generation_config.json says, else there always is. Infinity: there always is.

    window_overlap: Tokens of a window that the next one reads again. Default: 128, at most half a window.
    """

    document_timeout: str
    model: str
    random_blocks: Literal["reference", "paper"]
    precision: Literal["float32", "int8"]
    on_error: Literal["permissive", "failfast", "dropmalformed"]
    max_source_tokens: int
    locale: str
    long_documents: Literal["truncate", "windows"]
    n_best: int
    max_answer_length: int
    no_answer_threshold: float
    window_overlap: int


class GenerateOptions(TypedDict, total=False):
    """The options of :func:`longwing.generate`; those that are left out are the model's own.

    document_timeout: A document that takes longer, such as 10m, becomes a row with an error.

    model: A model directory, a transformers directory, a URI that Hadoop's file systems read, or a Hub id
        owner/name[@revision]. Default, for summarize, embed and classify: the small model that the jar carries for
        it.

    random_blocks: The random blocks of the sparse pattern: as transformers at inference, or as in the paper.
        Default: what a model directory was imported with, else reference.

    precision: The arithmetic of the large matrix products. Default: what a model directory was imported with, else
        float32.

    on_error: A document that cannot be processed becomes a row with an error (permissive), fails the job (failfast)
        or is left out (dropmalformed). Default: permissive.

    num_beams: Beams of beam search; 1 is greedy search, or sampling where do_sample is set. Allowed: at least 1.
        Default: 1.

    length_penalty: Beam search divides the score of a sequence by its length to this power: above 0 favors long
        sequences, below 0 short ones. Allowed: a finite number. Default: 1.0.

    early_stopping: When beam search stops: true when as many sequences have ended as there are beams, false when a
        better one is unlikely, never when there can be no better one. Allowed: true, false or never. Default:
        false.

    max_length: Maximum tokens of a sequence, with the start token or prompt. Where neither this nor max_new_tokens
        is set: 256. Allowed: at least 2. Default: none.

    min_length: Minimum tokens of a sequence, with the start token or prompt. Allowed: at least 0. Default: 0.

    max_new_tokens: Maximum tokens after the start token or prompt; takes precedence over max_length. Allowed: at
        least 1. Default: none.

    min_new_tokens: Minimum tokens after the start token or prompt; takes precedence over min_length. Allowed: at
        least 0. Default: none.

    no_repeat_ngram_size: No n-gram of this size occurs twice in a text; 0 is off. Allowed: at least 0. Default: 0.

    encoder_no_repeat_ngram_size: No n-gram of this size that is in the document occurs in the text; 0 is off.
        Allowed: at least 0. Default: 0.

    repetition_penalty: Above 1 makes tokens that are already in the text less likely, below 1 more likely. Allowed:
        a number above 0. Default: 1.0.

    encoder_repetition_penalty: Above 1 makes tokens of the document more likely, below 1 less likely. Allowed: a
        number above 0. Default: 1.0.

    num_return_sequences: Texts for each document: at most num_beams unless do_sample is set, 1 for greedy search.
        Above 1 the result is a column with an array of texts. Allowed: at least 1. Default: 1.

    do_sample: Draw tokens at random in proportion to their probabilities; the eight options that follow apply to
        this alone. Allowed: true or false. Default: false.

    temperature: Scores are divided by this before a draw: below 1 sharpens the distribution, above 1 flattens it.
        Allowed: a number above 0; leave out do_sample for greedy search. Default: 1.0.

    top_k: Draw from this many of the most likely tokens; 0 is all. Allowed: at least 0. Default: 50.

    top_p: Draw from the fewest of the most likely tokens whose probabilities sum to at least this. Allowed: a
        number above 0 and at most 1. Default: 1.0.

    top_h: Draw from the most likely tokens whose entropy is at most this share of the entropy of all. Allowed: a
        number above 0 and at most 1. Default: none.

    min_p: Draw from tokens with at least this share of the probability of the most likely token. Allowed: a number
        from 0 to 1. Default: none.

    typical_p: Draw from the fewest tokens, closest to the expected information first, whose probabilities sum to at
        least this. Allowed: a number above 0 and at most 1. Default: 1.0.

    epsilon_cutoff: Draw from tokens with at least this probability; 0 is off. Allowed: at least 0 and below 1.
        Default: 0.0.

    eta_cutoff: As epsilon_cutoff, with a bound that falls with the entropy of the distribution; 0 is off. Allowed:
        at least 0 and below 1. Default: 0.0.

    seed: Seed of the draws; they depend on it and on the document's id alone. Allowed: an integer of 64 bits.
        Default: 0.

    bad_words_ids: Sequences of tokens that must not occur, such as [[17],[33,40]]. Allowed: no empty list among
        them, and token ids from 0 up. Default: none.

    sequence_bias: Numbers that are added to the scores of sequences of tokens, such as [[[33,40],-2.5]]. Allowed:
        finite numbers, and token ids from 0 up. Default: none.

    suppress_tokens: Tokens that must not occur. Allowed: token ids from 0 up. Default: none.

    begin_suppress_tokens: Tokens that must not be the first new one. Allowed: token ids from 0 up. Default: none.

    forced_bos_token_id: The token that must follow the start token. Allowed: at least 0. Default: none.

    forced_eos_token_id: Tokens of which one must be the last at the maximum length. Allowed: token ids from 0 up.
        Default: none.

    exponential_decay_length_penalty: From START new tokens on, the eos becomes more likely with each token by the
        factor X; such as [15,1.01]. Allowed: a start from 0 up and a finite factor above 0. Default: none.

    renormalize_logits: Normalize the scores to log-probabilities after all options above. Allowed: true or false.
        Default: false.

    pad_token_id: The token that fills shorter sequences. Allowed: at least 0. Default: none.

    bos_token_id: The start token where decoder_start_token_id is not set. Allowed: at least 0. Default: none.

    eos_token_id: Tokens that end a sequence. Allowed: token ids from 0 up. Default: none.

    decoder_start_token_id: The token that the decoder starts with. Allowed: at least 0. Default: none.

    newlines: How the token <n> is written in a text: a line break, a space, or as it is. Default: newline.

    max_prompt_tokens: The most tokens of a prompt; a longer one loses its beginning. Default: what the model has
        room for.
    """

    document_timeout: str
    model: str
    random_blocks: Literal["reference", "paper"]
    precision: Literal["float32", "int8"]
    on_error: Literal["permissive", "failfast", "dropmalformed"]
    num_beams: int
    length_penalty: float
    early_stopping: bool | Literal["never"]
    max_length: int
    min_length: int
    max_new_tokens: int
    min_new_tokens: int
    no_repeat_ngram_size: int
    encoder_no_repeat_ngram_size: int
    repetition_penalty: float
    encoder_repetition_penalty: float
    num_return_sequences: int
    do_sample: bool
    temperature: float
    top_k: int
    top_p: float
    top_h: float
    min_p: float
    typical_p: float
    epsilon_cutoff: float
    eta_cutoff: float
    seed: int
    bad_words_ids: Sequence[Sequence[int]]
    sequence_bias: Sequence[tuple[Sequence[int], float]]
    suppress_tokens: Sequence[int]
    begin_suppress_tokens: Sequence[int]
    forced_bos_token_id: int
    forced_eos_token_id: Sequence[int]
    exponential_decay_length_penalty: tuple[int, float]
    renormalize_logits: bool
    pad_token_id: int
    bos_token_id: int
    eos_token_id: Sequence[int]
    decoder_start_token_id: int
    newlines: Literal["newline", "space", "keep"]
    max_prompt_tokens: int


class EmbedOptions(TypedDict, total=False):
    """The options of :func:`longwing.embed`; those that are left out are the model's own.

    document_timeout: A document that takes longer, such as 10m, becomes a row with an error.

    model: A model directory, a transformers directory, a URI that Hadoop's file systems read, or a Hub id
        owner/name[@revision]. Default, for summarize, embed and classify: the small model that the jar carries for
        it.

    random_blocks: The random blocks of the sparse pattern: as transformers at inference, or as in the paper.
        Default: what a model directory was imported with, else reference.

    precision: The arithmetic of the large matrix products. Default: what a model directory was imported with, else
        float32.

    on_error: A document that cannot be processed becomes a row with an error (permissive), fails the job (failfast)
        or is left out (dropmalformed). Default: permissive.

    max_source_tokens: The most tokens of one run, eos included. Default: the model's positions.

    locale: The language whose rules say where sentences end, such as en or pt-BR. Default: und, no language in
        particular.

    window_overlap: Tokens of a window that the next one reads again. Default: 0.

    long_documents: Longer documents are cut, or read in windows whose results become one. Default: windows.

    pooling: The mean of the tokens' states, or the state of the eos. Default: mean.

    normalize: Make the length of every vector 1. Default: false.
    """

    document_timeout: str
    model: str
    random_blocks: Literal["reference", "paper"]
    precision: Literal["float32", "int8"]
    on_error: Literal["permissive", "failfast", "dropmalformed"]
    max_source_tokens: int
    locale: str
    window_overlap: int
    long_documents: Literal["truncate", "windows"]
    pooling: Literal["mean", "eos"]
    normalize: bool
