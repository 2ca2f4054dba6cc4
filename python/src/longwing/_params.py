"""The Params of the Transformers, made from docs/options.md by python/generate; do not edit it by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypedDict

from pyspark.ml.param import Param, Params

from ._converters import comma_separated, flag, flag_or_word, integer, json_text, number, text, whole

if TYPE_CHECKING:
    from typing_extensions import Self


class EveryParams(Params):
    """Params of every stage."""

    textCol: Param[str] = Param(
        Params._dummy(),
        "textCol",
        "The column with the documents, a string or UTF-8 bytes. Default: text.",
        text,
    )

    def setTextCol(self, value: str) -> Self:
        """Sets :attr:`textCol`."""
        return self._set(textCol=value)

    def getTextCol(self) -> str:
        """The value of :attr:`textCol`."""
        return self.getOrDefault(self.textCol)

    idCol: Param[str] = Param(
        Params._dummy(),
        "idCol",
        "The column that identifies a document, which sampling depends on; else the text does.",
        text,
    )

    def setIdCol(self, value: str) -> Self:
        """Sets :attr:`idCol`."""
        return self._set(idCol=value)

    def getIdCol(self) -> str:
        """The value of :attr:`idCol`."""
        return self.getOrDefault(self.idCol)

    outputCol: Param[str] = Param(
        Params._dummy(),
        "outputCol",
        "The column for the result, null where there is an error.",
        text,
    )

    def setOutputCol(self, value: str) -> Self:
        """Sets :attr:`outputCol`."""
        return self._set(outputCol=value)

    def getOutputCol(self) -> str:
        """The value of :attr:`outputCol`."""
        return self.getOrDefault(self.outputCol)

    errorCol: Param[str] = Param(
        Params._dummy(),
        "errorCol",
        "The column for the error of a bad row; else the output column with _error.",
        text,
    )

    def setErrorCol(self, value: str) -> Self:
        """Sets :attr:`errorCol`."""
        return self._set(errorCol=value)

    def getErrorCol(self) -> str:
        """The value of :attr:`errorCol`."""
        return self.getOrDefault(self.errorCol)

    resultCol: Param[str] = Param(
        Params._dummy(),
        "resultCol",
        "A column for all result columns in a struct; else none.",
        text,
    )

    def setResultCol(self, value: str) -> Self:
        """Sets :attr:`resultCol`."""
        return self._set(resultCol=value)

    def getResultCol(self) -> str:
        """The value of :attr:`resultCol`."""
        return self.getOrDefault(self.resultCol)

    documentTimeout: Param[str] = Param(
        Params._dummy(),
        "documentTimeout",
        "A document that takes longer, such as 10m, becomes a row with an error.",
        text,
    )

    def setDocumentTimeout(self, value: str) -> Self:
        """Sets :attr:`documentTimeout`."""
        return self._set(documentTimeout=value)

    def getDocumentTimeout(self) -> str:
        """The value of :attr:`documentTimeout`."""
        return self.getOrDefault(self.documentTimeout)

    model: Param[str] = Param(
        Params._dummy(),
        "model",
        "A model directory, a transformers directory, a URI that Hadoop's file systems read, or a Hub id "
        "owner/name[@revision]. Default, for summarize, embed and classify: the small model that the jar carries "
        "for it.",
        text,
    )

    def setModel(self, value: str) -> Self:
        """Sets :attr:`model`."""
        return self._set(model=value)

    def getModel(self) -> str:
        """The value of :attr:`model`."""
        return self.getOrDefault(self.model)

    randomBlocks: Param[str] = Param(
        Params._dummy(),
        "randomBlocks",
        "The random blocks of the sparse pattern: as transformers at inference, or as in the paper. Default: what "
        "a model directory was imported with, else reference.",
        text,
    )

    def setRandomBlocks(self, value: Literal["reference", "paper"]) -> Self:
        """Sets :attr:`randomBlocks`."""
        return self._set(randomBlocks=value)

    def getRandomBlocks(self) -> str:
        """The value of :attr:`randomBlocks`."""
        return self.getOrDefault(self.randomBlocks)

    precision: Param[str] = Param(
        Params._dummy(),
        "precision",
        "The arithmetic of the large matrix products. Default: what a model directory was imported with, else float32.",
        text,
    )

    def setPrecision(self, value: Literal["float32", "int8"]) -> Self:
        """Sets :attr:`precision`."""
        return self._set(precision=value)

    def getPrecision(self) -> str:
        """The value of :attr:`precision`."""
        return self.getOrDefault(self.precision)

    onError: Param[str] = Param(
        Params._dummy(),
        "onError",
        "A document that cannot be processed becomes a row with an error (permissive), fails the job (failfast) "
        "or is left out (dropmalformed). Default: permissive.",
        text,
    )

    def setOnError(self, value: Literal["permissive", "failfast", "dropmalformed"]) -> Self:
        """Sets :attr:`onError`."""
        return self._set(onError=value)

    def getOnError(self) -> str:
        """The value of :attr:`onError`."""
        return self.getOrDefault(self.onError)


class OnlyAnswerParams(Params):
    """Params of QuestionAnswerer."""

    questionCol: Param[str] = Param(
        Params._dummy(),
        "questionCol",
        "The column with the question of a document. Default: question.",
        text,
    )

    def setQuestionCol(self, value: str) -> Self:
        """Sets :attr:`questionCol`."""
        return self._set(questionCol=value)

    def getQuestionCol(self) -> str:
        """The value of :attr:`questionCol`."""
        return self.getOrDefault(self.questionCol)

    nBest: Param[int] = Param(
        Params._dummy(),
        "nBest",
        "The most answers in the list. Default: 5.",
        integer,
    )

    def setNBest(self, value: int) -> Self:
        """Sets :attr:`nBest`."""
        return self._set(nBest=value)

    def getNBest(self) -> int:
        """The value of :attr:`nBest`."""
        return self.getOrDefault(self.nBest)

    maxAnswerLength: Param[int] = Param(
        Params._dummy(),
        "maxAnswerLength",
        "The most tokens of an answer. Default: as the model's generation_config.json says, else 30.",
        integer,
    )

    def setMaxAnswerLength(self, value: int) -> Self:
        """Sets :attr:`maxAnswerLength`."""
        return self._set(maxAnswerLength=value)

    def getMaxAnswerLength(self) -> int:
        """The value of :attr:`maxAnswerLength`."""
        return self.getOrDefault(self.maxAnswerLength)

    noAnswerThreshold: Param[float] = Param(
        Params._dummy(),
        "noAnswerThreshold",
        "There is no answer where no_answer_score exceeds the best score by more than this. Default: as the "
        "model's generation_config.json says, else there always is. Infinity: there always is.",
        number,
    )

    def setNoAnswerThreshold(self, value: float) -> Self:
        """Sets :attr:`noAnswerThreshold`."""
        return self._set(noAnswerThreshold=value)

    def getNoAnswerThreshold(self) -> float:
        """The value of :attr:`noAnswerThreshold`."""
        return self.getOrDefault(self.noAnswerThreshold)

    windowOverlap: Param[int] = Param(
        Params._dummy(),
        "windowOverlap",
        "Tokens of a window that the next one reads again. Default: 128, at most half a window.",
        integer,
    )

    def setWindowOverlap(self, value: int) -> Self:
        """Sets :attr:`windowOverlap`."""
        return self._set(windowOverlap=value)

    def getWindowOverlap(self) -> int:
        """The value of :attr:`windowOverlap`."""
        return self.getOrDefault(self.windowOverlap)


class OnlyEmbedParams(Params):
    """Params of DocumentEmbedder."""

    outputType: Param[str] = Param(
        Params._dummy(),
        "outputType",
        "What the output is: a vector of Spark ML, or an array of floats as in SQL.",
        text,
    )

    def setOutputType(self, value: Literal["vector", "array"]) -> Self:
        """Sets :attr:`outputType`."""
        return self._set(outputType=value)

    def getOutputType(self) -> str:
        """The value of :attr:`outputType`."""
        return self.getOrDefault(self.outputType)

    pooling: Param[str] = Param(
        Params._dummy(),
        "pooling",
        "The mean of the tokens' states, or the state of the eos. Default: mean.",
        text,
    )

    def setPooling(self, value: Literal["mean", "eos"]) -> Self:
        """Sets :attr:`pooling`."""
        return self._set(pooling=value)

    def getPooling(self) -> str:
        """The value of :attr:`pooling`."""
        return self.getOrDefault(self.pooling)

    normalize: Param[bool] = Param(
        Params._dummy(),
        "normalize",
        "Make the length of every vector 1. Default: false.",
        flag,
    )

    def setNormalize(self, value: bool) -> Self:
        """Sets :attr:`normalize`."""
        return self._set(normalize=value)

    def getNormalize(self) -> bool:
        """The value of :attr:`normalize`."""
        return self.getOrDefault(self.normalize)


class SummarizeClassifyAnswerEmbedParams(Params):
    """Params of Summarizer, DocumentClassifier, QuestionAnswerer, DocumentEmbedder."""

    maxSourceTokens: Param[int] = Param(
        Params._dummy(),
        "maxSourceTokens",
        "The most tokens of one run, eos included. Default: the model's positions.",
        integer,
    )

    def setMaxSourceTokens(self, value: int) -> Self:
        """Sets :attr:`maxSourceTokens`."""
        return self._set(maxSourceTokens=value)

    def getMaxSourceTokens(self) -> int:
        """The value of :attr:`maxSourceTokens`."""
        return self.getOrDefault(self.maxSourceTokens)

    locale: Param[str] = Param(
        Params._dummy(),
        "locale",
        "The language whose rules say where sentences end, such as en or pt-BR. Default: und, no language in "
        "particular.",
        text,
    )

    def setLocale(self, value: str) -> Self:
        """Sets :attr:`locale`."""
        return self._set(locale=value)

    def getLocale(self) -> str:
        """The value of :attr:`locale`."""
        return self.getOrDefault(self.locale)


class SummarizeClassifyEmbedParams(Params):
    """Params of Summarizer, DocumentClassifier, DocumentEmbedder."""

    windowOverlap: Param[int] = Param(
        Params._dummy(),
        "windowOverlap",
        "Tokens of a window that the next one reads again. Default: 0.",
        integer,
    )

    def setWindowOverlap(self, value: int) -> Self:
        """Sets :attr:`windowOverlap`."""
        return self._set(windowOverlap=value)

    def getWindowOverlap(self) -> int:
        """The value of :attr:`windowOverlap`."""
        return self.getOrDefault(self.windowOverlap)


class ClassifyAnswerEmbedParams(Params):
    """Params of DocumentClassifier, QuestionAnswerer, DocumentEmbedder."""

    longDocuments: Param[str] = Param(
        Params._dummy(),
        "longDocuments",
        "Longer documents are cut, or read in windows whose results become one. Default: windows.",
        text,
    )

    def setLongDocuments(self, value: Literal["truncate", "windows"]) -> Self:
        """Sets :attr:`longDocuments`."""
        return self._set(longDocuments=value)

    def getLongDocuments(self) -> str:
        """The value of :attr:`longDocuments`."""
        return self.getOrDefault(self.longDocuments)


class SummarizeClassifyParams(Params):
    """Params of Summarizer, DocumentClassifier."""

    evidence: Param[int] = Param(
        Params._dummy(),
        "evidence",
        "Name so many passages of the document that carried the output, in a column evidence. Default: 0, which "
        "costs nothing.",
        integer,
    )

    def setEvidence(self, value: int) -> Self:
        """Sets :attr:`evidence`."""
        return self._set(evidence=value)

    def getEvidence(self) -> int:
        """The value of :attr:`evidence`."""
        return self.getOrDefault(self.evidence)


class SummarizeGenerateParams(Params):
    """Params of Summarizer, TextGenerator."""

    numBeams: Param[int] = Param(
        Params._dummy(),
        "numBeams",
        "Beams of beam search; 1 is greedy search, or sampling where doSample is set. Allowed: at least 1. Default: 1.",
        integer,
    )

    def setNumBeams(self, value: int) -> Self:
        """Sets :attr:`numBeams`."""
        return self._set(numBeams=value)

    def getNumBeams(self) -> int:
        """The value of :attr:`numBeams`."""
        return self.getOrDefault(self.numBeams)

    lengthPenalty: Param[float] = Param(
        Params._dummy(),
        "lengthPenalty",
        "Beam search divides the score of a sequence by its length to this power: above 0 favors long sequences, "
        "below 0 short ones. Allowed: a finite number. Default: 1.0.",
        number,
    )

    def setLengthPenalty(self, value: float) -> Self:
        """Sets :attr:`lengthPenalty`."""
        return self._set(lengthPenalty=value)

    def getLengthPenalty(self) -> float:
        """The value of :attr:`lengthPenalty`."""
        return self.getOrDefault(self.lengthPenalty)

    earlyStopping: Param[str] = Param(
        Params._dummy(),
        "earlyStopping",
        "When beam search stops: true when as many sequences have ended as there are beams, false when a better "
        "one is unlikely, never when there can be no better one. Allowed: true, false or never. Default: false.",
        flag_or_word,
    )

    def setEarlyStopping(self, value: bool | Literal["never"]) -> Self:
        """Sets :attr:`earlyStopping`."""
        return self._set(earlyStopping=value)

    def getEarlyStopping(self) -> str:
        """The value of :attr:`earlyStopping`."""
        return self.getOrDefault(self.earlyStopping)

    maxLength: Param[int] = Param(
        Params._dummy(),
        "maxLength",
        "Maximum tokens of a sequence, with the start token or prompt. Where neither this nor maxNewTokens is "
        "set: 256. Allowed: at least 2. Default: none.",
        integer,
    )

    def setMaxLength(self, value: int) -> Self:
        """Sets :attr:`maxLength`."""
        return self._set(maxLength=value)

    def getMaxLength(self) -> int:
        """The value of :attr:`maxLength`."""
        return self.getOrDefault(self.maxLength)

    minLength: Param[int] = Param(
        Params._dummy(),
        "minLength",
        "Minimum tokens of a sequence, with the start token or prompt. Allowed: at least 0. Default: 0.",
        integer,
    )

    def setMinLength(self, value: int) -> Self:
        """Sets :attr:`minLength`."""
        return self._set(minLength=value)

    def getMinLength(self) -> int:
        """The value of :attr:`minLength`."""
        return self.getOrDefault(self.minLength)

    maxNewTokens: Param[int] = Param(
        Params._dummy(),
        "maxNewTokens",
        "Maximum tokens after the start token or prompt; takes precedence over maxLength. Allowed: at least 1. "
        "Default: none.",
        integer,
    )

    def setMaxNewTokens(self, value: int) -> Self:
        """Sets :attr:`maxNewTokens`."""
        return self._set(maxNewTokens=value)

    def getMaxNewTokens(self) -> int:
        """The value of :attr:`maxNewTokens`."""
        return self.getOrDefault(self.maxNewTokens)

    minNewTokens: Param[int] = Param(
        Params._dummy(),
        "minNewTokens",
        "Minimum tokens after the start token or prompt; takes precedence over minLength. Allowed: at least 0. "
        "Default: none.",
        integer,
    )

    def setMinNewTokens(self, value: int) -> Self:
        """Sets :attr:`minNewTokens`."""
        return self._set(minNewTokens=value)

    def getMinNewTokens(self) -> int:
        """The value of :attr:`minNewTokens`."""
        return self.getOrDefault(self.minNewTokens)

    noRepeatNgramSize: Param[int] = Param(
        Params._dummy(),
        "noRepeatNgramSize",
        "No n-gram of this size occurs twice in a text; 0 is off. Allowed: at least 0. Default: 0.",
        integer,
    )

    def setNoRepeatNgramSize(self, value: int) -> Self:
        """Sets :attr:`noRepeatNgramSize`."""
        return self._set(noRepeatNgramSize=value)

    def getNoRepeatNgramSize(self) -> int:
        """The value of :attr:`noRepeatNgramSize`."""
        return self.getOrDefault(self.noRepeatNgramSize)

    encoderNoRepeatNgramSize: Param[int] = Param(
        Params._dummy(),
        "encoderNoRepeatNgramSize",
        "No n-gram of this size that is in the document occurs in the text; 0 is off. Allowed: at least 0. Default: 0.",
        integer,
    )

    def setEncoderNoRepeatNgramSize(self, value: int) -> Self:
        """Sets :attr:`encoderNoRepeatNgramSize`."""
        return self._set(encoderNoRepeatNgramSize=value)

    def getEncoderNoRepeatNgramSize(self) -> int:
        """The value of :attr:`encoderNoRepeatNgramSize`."""
        return self.getOrDefault(self.encoderNoRepeatNgramSize)

    repetitionPenalty: Param[float] = Param(
        Params._dummy(),
        "repetitionPenalty",
        "Above 1 makes tokens that are already in the text less likely, below 1 more likely. Allowed: a number "
        "above 0. Default: 1.0.",
        number,
    )

    def setRepetitionPenalty(self, value: float) -> Self:
        """Sets :attr:`repetitionPenalty`."""
        return self._set(repetitionPenalty=value)

    def getRepetitionPenalty(self) -> float:
        """The value of :attr:`repetitionPenalty`."""
        return self.getOrDefault(self.repetitionPenalty)

    encoderRepetitionPenalty: Param[float] = Param(
        Params._dummy(),
        "encoderRepetitionPenalty",
        "Above 1 makes tokens of the document more likely, below 1 less likely. Allowed: a number above 0. "
        "Default: 1.0.",
        number,
    )

    def setEncoderRepetitionPenalty(self, value: float) -> Self:
        """Sets :attr:`encoderRepetitionPenalty`."""
        return self._set(encoderRepetitionPenalty=value)

    def getEncoderRepetitionPenalty(self) -> float:
        """The value of :attr:`encoderRepetitionPenalty`."""
        return self.getOrDefault(self.encoderRepetitionPenalty)

    numReturnSequences: Param[int] = Param(
        Params._dummy(),
        "numReturnSequences",
        "Texts for each document: at most numBeams unless doSample is set, 1 for greedy search. Above 1 the "
        "result is a column with an array of texts. Allowed: at least 1. Default: 1.",
        integer,
    )

    def setNumReturnSequences(self, value: int) -> Self:
        """Sets :attr:`numReturnSequences`."""
        return self._set(numReturnSequences=value)

    def getNumReturnSequences(self) -> int:
        """The value of :attr:`numReturnSequences`."""
        return self.getOrDefault(self.numReturnSequences)

    doSample: Param[bool] = Param(
        Params._dummy(),
        "doSample",
        "Draw tokens at random in proportion to their probabilities; the eight options that follow apply to this "
        "alone. Allowed: true or false. Default: false.",
        flag,
    )

    def setDoSample(self, value: bool) -> Self:
        """Sets :attr:`doSample`."""
        return self._set(doSample=value)

    def getDoSample(self) -> bool:
        """The value of :attr:`doSample`."""
        return self.getOrDefault(self.doSample)

    temperature: Param[float] = Param(
        Params._dummy(),
        "temperature",
        "Scores are divided by this before a draw: below 1 sharpens the distribution, above 1 flattens it. "
        "Allowed: a number above 0; leave out do_sample for greedy search. Default: 1.0.",
        number,
    )

    def setTemperature(self, value: float) -> Self:
        """Sets :attr:`temperature`."""
        return self._set(temperature=value)

    def getTemperature(self) -> float:
        """The value of :attr:`temperature`."""
        return self.getOrDefault(self.temperature)

    topK: Param[int] = Param(
        Params._dummy(),
        "topK",
        "Draw from this many of the most likely tokens; 0 is all. Allowed: at least 0. Default: 50.",
        integer,
    )

    def setTopK(self, value: int) -> Self:
        """Sets :attr:`topK`."""
        return self._set(topK=value)

    def getTopK(self) -> int:
        """The value of :attr:`topK`."""
        return self.getOrDefault(self.topK)

    topP: Param[float] = Param(
        Params._dummy(),
        "topP",
        "Draw from the fewest of the most likely tokens whose probabilities sum to at least this. Allowed: a "
        "number above 0 and at most 1. Default: 1.0.",
        number,
    )

    def setTopP(self, value: float) -> Self:
        """Sets :attr:`topP`."""
        return self._set(topP=value)

    def getTopP(self) -> float:
        """The value of :attr:`topP`."""
        return self.getOrDefault(self.topP)

    topH: Param[float] = Param(
        Params._dummy(),
        "topH",
        "Draw from the most likely tokens whose entropy is at most this share of the entropy of all. Allowed: a "
        "number above 0 and at most 1. Default: none.",
        number,
    )

    def setTopH(self, value: float) -> Self:
        """Sets :attr:`topH`."""
        return self._set(topH=value)

    def getTopH(self) -> float:
        """The value of :attr:`topH`."""
        return self.getOrDefault(self.topH)

    minP: Param[float] = Param(
        Params._dummy(),
        "minP",
        "Draw from tokens with at least this share of the probability of the most likely token. Allowed: a number "
        "from 0 to 1. Default: none.",
        number,
    )

    def setMinP(self, value: float) -> Self:
        """Sets :attr:`minP`."""
        return self._set(minP=value)

    def getMinP(self) -> float:
        """The value of :attr:`minP`."""
        return self.getOrDefault(self.minP)

    typicalP: Param[float] = Param(
        Params._dummy(),
        "typicalP",
        "Draw from the fewest tokens, closest to the expected information first, whose probabilities sum to at "
        "least this. Allowed: a number above 0 and at most 1. Default: 1.0.",
        number,
    )

    def setTypicalP(self, value: float) -> Self:
        """Sets :attr:`typicalP`."""
        return self._set(typicalP=value)

    def getTypicalP(self) -> float:
        """The value of :attr:`typicalP`."""
        return self.getOrDefault(self.typicalP)

    epsilonCutoff: Param[float] = Param(
        Params._dummy(),
        "epsilonCutoff",
        "Draw from tokens with at least this probability; 0 is off. Allowed: at least 0 and below 1. Default: 0.0.",
        number,
    )

    def setEpsilonCutoff(self, value: float) -> Self:
        """Sets :attr:`epsilonCutoff`."""
        return self._set(epsilonCutoff=value)

    def getEpsilonCutoff(self) -> float:
        """The value of :attr:`epsilonCutoff`."""
        return self.getOrDefault(self.epsilonCutoff)

    etaCutoff: Param[float] = Param(
        Params._dummy(),
        "etaCutoff",
        "As epsilonCutoff, with a bound that falls with the entropy of the distribution; 0 is off. Allowed: at "
        "least 0 and below 1. Default: 0.0.",
        number,
    )

    def setEtaCutoff(self, value: float) -> Self:
        """Sets :attr:`etaCutoff`."""
        return self._set(etaCutoff=value)

    def getEtaCutoff(self) -> float:
        """The value of :attr:`etaCutoff`."""
        return self.getOrDefault(self.etaCutoff)

    seed: Param[int] = Param(
        Params._dummy(),
        "seed",
        "Seed of the draws; they depend on it and on the document's id alone. Allowed: an integer of 64 bits. "
        "Default: 0.",
        whole,
    )

    def setSeed(self, value: int) -> Self:
        """Sets :attr:`seed`."""
        return self._set(seed=value)

    def getSeed(self) -> int:
        """The value of :attr:`seed`."""
        return self.getOrDefault(self.seed)

    badWordsIds: Param[str] = Param(
        Params._dummy(),
        "badWordsIds",
        "Sequences of tokens that must not occur, such as [[17],[33,40]]. Allowed: no empty list among them, and "
        "token ids from 0 up. Default: none.",
        json_text,
    )

    def setBadWordsIds(self, value: Sequence[Sequence[int]] | str) -> Self:
        """Sets :attr:`badWordsIds`."""
        return self._set(badWordsIds=value)

    def getBadWordsIds(self) -> str:
        """The value of :attr:`badWordsIds`."""
        return self.getOrDefault(self.badWordsIds)

    sequenceBias: Param[str] = Param(
        Params._dummy(),
        "sequenceBias",
        "Numbers that are added to the scores of sequences of tokens, such as [[[33,40],-2.5]]. Allowed: finite "
        "numbers, and token ids from 0 up. Default: none.",
        json_text,
    )

    def setSequenceBias(self, value: Sequence[tuple[Sequence[int], float]] | str) -> Self:
        """Sets :attr:`sequenceBias`."""
        return self._set(sequenceBias=value)

    def getSequenceBias(self) -> str:
        """The value of :attr:`sequenceBias`."""
        return self.getOrDefault(self.sequenceBias)

    suppressTokens: Param[str] = Param(
        Params._dummy(),
        "suppressTokens",
        "Tokens that must not occur. Allowed: token ids from 0 up. Default: none.",
        comma_separated,
    )

    def setSuppressTokens(self, value: Sequence[int] | str) -> Self:
        """Sets :attr:`suppressTokens`."""
        return self._set(suppressTokens=value)

    def getSuppressTokens(self) -> str:
        """The value of :attr:`suppressTokens`."""
        return self.getOrDefault(self.suppressTokens)

    beginSuppressTokens: Param[str] = Param(
        Params._dummy(),
        "beginSuppressTokens",
        "Tokens that must not be the first new one. Allowed: token ids from 0 up. Default: none.",
        comma_separated,
    )

    def setBeginSuppressTokens(self, value: Sequence[int] | str) -> Self:
        """Sets :attr:`beginSuppressTokens`."""
        return self._set(beginSuppressTokens=value)

    def getBeginSuppressTokens(self) -> str:
        """The value of :attr:`beginSuppressTokens`."""
        return self.getOrDefault(self.beginSuppressTokens)

    forcedBosTokenId: Param[int] = Param(
        Params._dummy(),
        "forcedBosTokenId",
        "The token that must follow the start token. Allowed: at least 0. Default: none.",
        integer,
    )

    def setForcedBosTokenId(self, value: int) -> Self:
        """Sets :attr:`forcedBosTokenId`."""
        return self._set(forcedBosTokenId=value)

    def getForcedBosTokenId(self) -> int:
        """The value of :attr:`forcedBosTokenId`."""
        return self.getOrDefault(self.forcedBosTokenId)

    forcedEosTokenId: Param[str] = Param(
        Params._dummy(),
        "forcedEosTokenId",
        "Tokens of which one must be the last at the maximum length. Allowed: token ids from 0 up. Default: none.",
        comma_separated,
    )

    def setForcedEosTokenId(self, value: Sequence[int] | str) -> Self:
        """Sets :attr:`forcedEosTokenId`."""
        return self._set(forcedEosTokenId=value)

    def getForcedEosTokenId(self) -> str:
        """The value of :attr:`forcedEosTokenId`."""
        return self.getOrDefault(self.forcedEosTokenId)

    exponentialDecayLengthPenalty: Param[str] = Param(
        Params._dummy(),
        "exponentialDecayLengthPenalty",
        "From START new tokens on, the eos becomes more likely with each token by the factor X; such as "
        "[15,1.01]. Allowed: a start from 0 up and a finite factor above 0. Default: none.",
        json_text,
    )

    def setExponentialDecayLengthPenalty(self, value: tuple[int, float] | str) -> Self:
        """Sets :attr:`exponentialDecayLengthPenalty`."""
        return self._set(exponentialDecayLengthPenalty=value)

    def getExponentialDecayLengthPenalty(self) -> str:
        """The value of :attr:`exponentialDecayLengthPenalty`."""
        return self.getOrDefault(self.exponentialDecayLengthPenalty)

    renormalizeLogits: Param[bool] = Param(
        Params._dummy(),
        "renormalizeLogits",
        "Normalize the scores to log-probabilities after all options above. Allowed: true or false. Default: false.",
        flag,
    )

    def setRenormalizeLogits(self, value: bool) -> Self:
        """Sets :attr:`renormalizeLogits`."""
        return self._set(renormalizeLogits=value)

    def getRenormalizeLogits(self) -> bool:
        """The value of :attr:`renormalizeLogits`."""
        return self.getOrDefault(self.renormalizeLogits)

    padTokenId: Param[int] = Param(
        Params._dummy(),
        "padTokenId",
        "The token that fills shorter sequences. Allowed: at least 0. Default: none.",
        integer,
    )

    def setPadTokenId(self, value: int) -> Self:
        """Sets :attr:`padTokenId`."""
        return self._set(padTokenId=value)

    def getPadTokenId(self) -> int:
        """The value of :attr:`padTokenId`."""
        return self.getOrDefault(self.padTokenId)

    bosTokenId: Param[int] = Param(
        Params._dummy(),
        "bosTokenId",
        "The start token where decoderStartTokenId is not set. Allowed: at least 0. Default: none.",
        integer,
    )

    def setBosTokenId(self, value: int) -> Self:
        """Sets :attr:`bosTokenId`."""
        return self._set(bosTokenId=value)

    def getBosTokenId(self) -> int:
        """The value of :attr:`bosTokenId`."""
        return self.getOrDefault(self.bosTokenId)

    eosTokenId: Param[str] = Param(
        Params._dummy(),
        "eosTokenId",
        "Tokens that end a sequence. Allowed: token ids from 0 up. Default: none.",
        comma_separated,
    )

    def setEosTokenId(self, value: Sequence[int] | str) -> Self:
        """Sets :attr:`eosTokenId`."""
        return self._set(eosTokenId=value)

    def getEosTokenId(self) -> str:
        """The value of :attr:`eosTokenId`."""
        return self.getOrDefault(self.eosTokenId)

    decoderStartTokenId: Param[int] = Param(
        Params._dummy(),
        "decoderStartTokenId",
        "The token that the decoder starts with. Allowed: at least 0. Default: none.",
        integer,
    )

    def setDecoderStartTokenId(self, value: int) -> Self:
        """Sets :attr:`decoderStartTokenId`."""
        return self._set(decoderStartTokenId=value)

    def getDecoderStartTokenId(self) -> int:
        """The value of :attr:`decoderStartTokenId`."""
        return self.getOrDefault(self.decoderStartTokenId)

    newlines: Param[str] = Param(
        Params._dummy(),
        "newlines",
        "How the token <n> is written in a text: a line break, a space, or as it is. Default: newline.",
        text,
    )

    def setNewlines(self, value: Literal["newline", "space", "keep"]) -> Self:
        """Sets :attr:`newlines`."""
        return self._set(newlines=value)

    def getNewlines(self) -> str:
        """The value of :attr:`newlines`."""
        return self.getOrDefault(self.newlines)


class OnlySummarizeParams(Params):
    """Params of Summarizer."""

    longDocuments: Param[str] = Param(
        Params._dummy(),
        "longDocuments",
        "Longer documents are cut, or read in windows, whose summaries are joined, or summarized again until they "
        "fit. Default: hierarchical.",
        text,
    )

    def setLongDocuments(self, value: Literal["truncate", "windows", "hierarchical"]) -> Self:
        """Sets :attr:`longDocuments`."""
        return self._set(longDocuments=value)

    def getLongDocuments(self) -> str:
        """The value of :attr:`longDocuments`."""
        return self.getOrDefault(self.longDocuments)

    extractive: Param[bool] = Param(
        Params._dummy(),
        "extractive",
        "Write whole sentences of the document and nothing else, each with its place in the column sentences. "
        "Allowed: true or false. Default: false.",
        flag,
    )

    def setExtractive(self, value: bool) -> Self:
        """Sets :attr:`extractive`."""
        return self._set(extractive=value)

    def getExtractive(self) -> bool:
        """The value of :attr:`extractive`."""
        return self.getOrDefault(self.extractive)

    sentenceOrder: Param[str] = Param(
        Params._dummy(),
        "sentenceOrder",
        "The order of the sentences of an extractive summary: that of the document, or the one that the model "
        'finds likeliest. Allowed: document or model. Default: "document".',
        text,
    )

    def setSentenceOrder(self, value: Literal["document", "model"]) -> Self:
        """Sets :attr:`sentenceOrder`."""
        return self._set(sentenceOrder=value)

    def getSentenceOrder(self) -> str:
        """The value of :attr:`sentenceOrder`."""
        return self.getOrDefault(self.sentenceOrder)

    maxSentences: Param[int] = Param(
        Params._dummy(),
        "maxSentences",
        "Maximum sentences of an extractive summary. Allowed: at least 1. Default: none.",
        integer,
    )

    def setMaxSentences(self, value: int) -> Self:
        """Sets :attr:`maxSentences`."""
        return self._set(maxSentences=value)

    def getMaxSentences(self) -> int:
        """The value of :attr:`maxSentences`."""
        return self.getOrDefault(self.maxSentences)

    sentencePrior: Param[float] = Param(
        Params._dummy(),
        "sentencePrior",
        "This times a score of each sentence by the words of the document alone, 0 to 1.3, is added to its "
        "log-probability in an extractive summary, once for each of its tokens; 0 leaves the choice to the model. "
        "Allowed: a number from 0 up. Default: 0.0.",
        number,
    )

    def setSentencePrior(self, value: float) -> Self:
        """Sets :attr:`sentencePrior`."""
        return self._set(sentencePrior=value)

    def getSentencePrior(self) -> float:
        """The value of :attr:`sentencePrior`."""
        return self.getOrDefault(self.sentencePrior)

    sentenceHead: Param[float] = Param(
        Params._dummy(),
        "sentenceHead",
        "This times the probability, 0 to 1, that the model's sentence head gives each sentence is added to its "
        "log-probability in an extractive summary, once for each of its tokens; 0 leaves the choice to the "
        "decoder. Above 0 the model must have such a head. Allowed: a number from 0 up. Default: 0.0.",
        number,
    )

    def setSentenceHead(self, value: float) -> Self:
        """Sets :attr:`sentenceHead`."""
        return self._set(sentenceHead=value)

    def getSentenceHead(self) -> float:
        """The value of :attr:`sentenceHead`."""
        return self.getOrDefault(self.sentenceHead)


class OnlyClassifyParams(Params):
    """Params of DocumentClassifier."""

    topK: Param[int] = Param(
        Params._dummy(),
        "topK",
        "The most labels in the list. Default: all, or those over the threshold of a multi-label model.",
        integer,
    )

    def setTopK(self, value: int) -> Self:
        """Sets :attr:`topK`."""
        return self._set(topK=value)

    def getTopK(self) -> int:
        """The value of :attr:`topK`."""
        return self.getOrDefault(self.topK)

    threshold: Param[float] = Param(
        Params._dummy(),
        "threshold",
        "The probability that makes a label of a multi-label model hold. Default: 0.5.",
        number,
    )

    def setThreshold(self, value: float) -> Self:
        """Sets :attr:`threshold`."""
        return self._set(threshold=value)

    def getThreshold(self) -> float:
        """The value of :attr:`threshold`."""
        return self.getOrDefault(self.threshold)

    pooling: Param[str] = Param(
        Params._dummy(),
        "pooling",
        "What becomes of the probabilities of windows: their mean, weighted by length, or the highest. Default: mean.",
        text,
    )

    def setPooling(self, value: Literal["mean", "max"]) -> Self:
        """Sets :attr:`pooling`."""
        return self._set(pooling=value)

    def getPooling(self) -> str:
        """The value of :attr:`pooling`."""
        return self.getOrDefault(self.pooling)


class OnlyGenerateParams(Params):
    """Params of TextGenerator."""

    maxPromptTokens: Param[int] = Param(
        Params._dummy(),
        "maxPromptTokens",
        "The most tokens of a prompt; a longer one loses its beginning. Default: what the model has room for.",
        integer,
    )

    def setMaxPromptTokens(self, value: int) -> Self:
        """Sets :attr:`maxPromptTokens`."""
        return self._set(maxPromptTokens=value)

    def getMaxPromptTokens(self) -> int:
        """The value of :attr:`maxPromptTokens`."""
        return self.getOrDefault(self.maxPromptTokens)


class SummarizerParams(
    EveryParams,
    SummarizeClassifyAnswerEmbedParams,
    SummarizeClassifyEmbedParams,
    SummarizeClassifyParams,
    SummarizeGenerateParams,
    OnlySummarizeParams,
):
    """All Params of a Summarizer."""


class SummarizerValues(TypedDict, total=False):
    """Values of the Params of a Summarizer."""

    textCol: str
    idCol: str
    outputCol: str
    errorCol: str
    resultCol: str
    documentTimeout: str
    model: str
    randomBlocks: Literal["reference", "paper"]
    precision: Literal["float32", "int8"]
    onError: Literal["permissive", "failfast", "dropmalformed"]
    maxSourceTokens: int
    locale: str
    windowOverlap: int
    evidence: int
    numBeams: int
    lengthPenalty: float
    earlyStopping: bool | Literal["never"]
    maxLength: int
    minLength: int
    maxNewTokens: int
    minNewTokens: int
    noRepeatNgramSize: int
    encoderNoRepeatNgramSize: int
    repetitionPenalty: float
    encoderRepetitionPenalty: float
    numReturnSequences: int
    doSample: bool
    temperature: float
    topK: int
    topP: float
    topH: float
    minP: float
    typicalP: float
    epsilonCutoff: float
    etaCutoff: float
    seed: int
    badWordsIds: Sequence[Sequence[int]] | str
    sequenceBias: Sequence[tuple[Sequence[int], float]] | str
    suppressTokens: Sequence[int] | str
    beginSuppressTokens: Sequence[int] | str
    forcedBosTokenId: int
    forcedEosTokenId: Sequence[int] | str
    exponentialDecayLengthPenalty: tuple[int, float] | str
    renormalizeLogits: bool
    padTokenId: int
    bosTokenId: int
    eosTokenId: Sequence[int] | str
    decoderStartTokenId: int
    newlines: Literal["newline", "space", "keep"]
    longDocuments: Literal["truncate", "windows", "hierarchical"]
    extractive: bool
    sentenceOrder: Literal["document", "model"]
    maxSentences: int
    sentencePrior: float
    sentenceHead: float


class DocumentClassifierParams(
    EveryParams,
    SummarizeClassifyAnswerEmbedParams,
    SummarizeClassifyEmbedParams,
    ClassifyAnswerEmbedParams,
    SummarizeClassifyParams,
    OnlyClassifyParams,
):
    """All Params of a DocumentClassifier."""


class DocumentClassifierValues(TypedDict, total=False):
    """Values of the Params of a DocumentClassifier."""

    textCol: str
    idCol: str
    outputCol: str
    errorCol: str
    resultCol: str
    documentTimeout: str
    model: str
    randomBlocks: Literal["reference", "paper"]
    precision: Literal["float32", "int8"]
    onError: Literal["permissive", "failfast", "dropmalformed"]
    maxSourceTokens: int
    locale: str
    windowOverlap: int
    longDocuments: Literal["truncate", "windows"]
    evidence: int
    topK: int
    threshold: float
    pooling: Literal["mean", "max"]


class QuestionAnswererParams(
    EveryParams,
    OnlyAnswerParams,
    SummarizeClassifyAnswerEmbedParams,
    ClassifyAnswerEmbedParams,
):
    """All Params of a QuestionAnswerer."""


class QuestionAnswererValues(TypedDict, total=False):
    """Values of the Params of a QuestionAnswerer."""

    textCol: str
    idCol: str
    outputCol: str
    errorCol: str
    resultCol: str
    documentTimeout: str
    model: str
    randomBlocks: Literal["reference", "paper"]
    precision: Literal["float32", "int8"]
    onError: Literal["permissive", "failfast", "dropmalformed"]
    questionCol: str
    nBest: int
    maxAnswerLength: int
    noAnswerThreshold: float
    windowOverlap: int
    maxSourceTokens: int
    locale: str
    longDocuments: Literal["truncate", "windows"]


class TextGeneratorParams(
    EveryParams,
    SummarizeGenerateParams,
    OnlyGenerateParams,
):
    """All Params of a TextGenerator."""


class TextGeneratorValues(TypedDict, total=False):
    """Values of the Params of a TextGenerator."""

    textCol: str
    idCol: str
    outputCol: str
    errorCol: str
    resultCol: str
    documentTimeout: str
    model: str
    randomBlocks: Literal["reference", "paper"]
    precision: Literal["float32", "int8"]
    onError: Literal["permissive", "failfast", "dropmalformed"]
    numBeams: int
    lengthPenalty: float
    earlyStopping: bool | Literal["never"]
    maxLength: int
    minLength: int
    maxNewTokens: int
    minNewTokens: int
    noRepeatNgramSize: int
    encoderNoRepeatNgramSize: int
    repetitionPenalty: float
    encoderRepetitionPenalty: float
    numReturnSequences: int
    doSample: bool
    temperature: float
    topK: int
    topP: float
    topH: float
    minP: float
    typicalP: float
    epsilonCutoff: float
    etaCutoff: float
    seed: int
    badWordsIds: Sequence[Sequence[int]] | str
    sequenceBias: Sequence[tuple[Sequence[int], float]] | str
    suppressTokens: Sequence[int] | str
    beginSuppressTokens: Sequence[int] | str
    forcedBosTokenId: int
    forcedEosTokenId: Sequence[int] | str
    exponentialDecayLengthPenalty: tuple[int, float] | str
    renormalizeLogits: bool
    padTokenId: int
    bosTokenId: int
    eosTokenId: Sequence[int] | str
    decoderStartTokenId: int
    newlines: Literal["newline", "space", "keep"]
    maxPromptTokens: int


class DocumentEmbedderParams(
    EveryParams,
    OnlyEmbedParams,
    SummarizeClassifyAnswerEmbedParams,
    SummarizeClassifyEmbedParams,
    ClassifyAnswerEmbedParams,
):
    """All Params of a DocumentEmbedder."""


class DocumentEmbedderValues(TypedDict, total=False):
    """Values of the Params of a DocumentEmbedder."""

    textCol: str
    idCol: str
    outputCol: str
    errorCol: str
    resultCol: str
    documentTimeout: str
    model: str
    randomBlocks: Literal["reference", "paper"]
    precision: Literal["float32", "int8"]
    onError: Literal["permissive", "failfast", "dropmalformed"]
    outputType: Literal["vector", "array"]
    pooling: Literal["mean", "eos"]
    normalize: bool
    maxSourceTokens: int
    locale: str
    windowOverlap: int
    longDocuments: Literal["truncate", "windows"]
