"""The tasks as Transformers of Spark ML, for pipelines: the stages of ``io.github.longwing.spark.ml``, for Python.

They stand in a :class:`pyspark.ml.Pipeline` beside Spark's own stages, and are saved and loaded with it. Java and Scala
load what Python has saved, and Python what they have. ``explainParams()`` describes the Params, one for every option.

>>> from longwing.ml import Summarizer
>>> summaries = Summarizer(textCol="body", numBeams=4).transform(papers)
>>> summaries.select("summary", "summary_error").show()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyspark.ml.util import DefaultParamsReader, JavaMLWritable, MLReadable, MLReader
from pyspark.ml.wrapper import JavaTransformer

from ._errors import UserError, java_failure
from ._params import (
    DocumentClassifierParams,
    DocumentClassifierValues,
    DocumentEmbedderParams,
    DocumentEmbedderValues,
    QuestionAnswererParams,
    QuestionAnswererValues,
    SummarizerParams,
    SummarizerValues,
    TextGeneratorParams,
    TextGeneratorValues,
)
from ._session import JAVA_STAGES, analysed, gateway, is_remote, user_error

if TYPE_CHECKING:
    from pyspark.ml.param import Param
    from pyspark.sql import DataFrame
    from typing_extensions import Self, Unpack

__all__ = ["DocumentClassifier", "DocumentEmbedder", "QuestionAnswerer", "Summarizer", "TextGenerator"]


class _Reader(MLReader[Any]):
    """Makes a saved stage from its description; servers of Spark Connect load none of a client's jar."""

    def __init__(self, stage: type[Any]) -> None:
        super().__init__()
        self._stage = stage

    def load(self, path: str) -> Any:
        description = DefaultParamsReader.loadMetadata(path, self.sparkSession)
        expected = f"{JAVA_STAGES}.{self._stage.__name__}"
        if description["class"] != expected:
            raise UserError(
                f"Cannot load {path}: it is a {description['class']}, expected a {expected}; load it as such"
            )
        stage = self._stage()
        stage._resetUid(description["uid"])
        if not isinstance(stage._java_obj, str):
            stage._java_obj = _java_stage(self._stage.__name__, stage.uid)
        return stage._set(**description["paramMap"])


class _Stage(JavaTransformer, MLReadable[Any], JavaMLWritable):
    """What all stages do: the Java stage beside this one, and its refusals as sentences."""

    def __init__(self, defaults: dict[str, str], values: dict[str, Any]) -> None:
        super().__init__()
        self._java_obj = _java_stage(type(self).__name__, self.uid)
        self._setDefault(**defaults)
        self._set(**values)

    def _set(self, **values: Any) -> Self:
        given = {name: value for name, value in values.items() if value is not None}
        for name, value in given.items():
            if not self.hasParam(name):
                raise UserError(
                    f"Cannot set {name}: {type(self).__name__} has no such Param, expected one of"
                    f" {', '.join(param.name for param in self.params)}"
                )
            self._check(self.getParam(name), value)
        return super()._set(**given)

    def _check(self, param: Param[Any], value: Any) -> None:
        """Refuses a value that is wrong whatever the model."""
        try:
            converted = param.typeConverter(value)
        except TypeError as error:
            raise UserError(f"Cannot set {param.name}: it is {value!r}, expected {error}") from None
        if self._java_obj is None or isinstance(self._java_obj, str):
            return  # on Spark Connect the server checks it with the rest
        try:
            self._make_java_param_pair(param, converted)
        except Exception as error:
            said = user_error(error)
            if isinstance(said, UserError) or java_failure(error) is None:
                raise said from None
            raise UserError(f"Cannot set {param.name}: it is {value!r}, expected otherwise: {param.doc}") from None

    @classmethod
    def read(cls) -> _Reader:
        """A reader of stages that were saved."""
        return _Reader(cls)

    def set(self, param: Param[Any], value: Any) -> None:
        """Sets a Param of this stage."""
        self._shouldOwn(param)
        self._set(**{param.name: value})

    def _transform(self, dataset: DataFrame) -> DataFrame:
        if is_remote(dataset.sparkSession):
            return analysed(dataset.sparkSession, lambda: super(_Stage, self)._transform(dataset))
        try:
            return super()._transform(dataset)
        except Exception as error:
            raise user_error(error) from None


class Summarizer(_Stage, SummarizerParams):
    """Adds a summary of each document, and an error for each that has none.

    >>> from longwing.ml import Summarizer
    >>> Summarizer(textCol="body", extractive=True, maxSentences=3).transform(papers).select("summary").show()
    """

    def __init__(self, **values: Unpack[SummarizerValues]) -> None:
        """A stage with these values of its Params."""
        super().__init__({"textCol": "text", "outputCol": "summary"}, dict(values))

    def setParams(self, **values: Unpack[SummarizerValues]) -> Self:
        """Sets several Params at once."""
        return self._set(**values)


class DocumentClassifier(_Stage, DocumentClassifierParams):
    """Adds the label of each document, its probability and the list of labels, a struct.

    >>> from longwing.ml import DocumentClassifier
    >>> labels = DocumentClassifier(model="/models/subjects", topK=3).transform(papers)
    >>> labels.groupBy("classification.label").count().show()
    """

    def __init__(self, **values: Unpack[DocumentClassifierValues]) -> None:
        """A stage with these values of its Params."""
        super().__init__({"textCol": "text", "outputCol": "classification"}, dict(values))

    def setParams(self, **values: Unpack[DocumentClassifierValues]) -> Self:
        """Sets several Params at once."""
        return self._set(**values)


class QuestionAnswerer(_Stage, QuestionAnswererParams):
    """Adds the answer that each document gives to its question, the score and the place, a struct.

    >>> from longwing.ml import QuestionAnswerer
    >>> answers = QuestionAnswerer(model="/models/reader", questionCol="asked").transform(contracts)
    >>> answers.select("answer.answer", "answer.score").show()
    """

    def __init__(self, **values: Unpack[QuestionAnswererValues]) -> None:
        """A stage with these values of its Params."""
        super().__init__({"textCol": "text", "questionCol": "question", "outputCol": "answer"}, dict(values))

    def setParams(self, **values: Unpack[QuestionAnswererValues]) -> Self:
        """Sets several Params at once."""
        return self._set(**values)


class TextGenerator(_Stage, TextGeneratorParams):
    """Adds a continuation to each prompt.

    >>> from longwing.ml import TextGenerator
    >>> TextGenerator(model="/models/prose", textCol="prompt", maxNewTokens=40).transform(prompts).show()
    """

    def __init__(self, **values: Unpack[TextGeneratorValues]) -> None:
        """A stage with these values of its Params."""
        super().__init__({"textCol": "text", "outputCol": "generated"}, dict(values))

    def setParams(self, **values: Unpack[TextGeneratorValues]) -> Self:
        """Sets several Params at once."""
        return self._set(**values)


class DocumentEmbedder(_Stage, DocumentEmbedderParams):
    """Adds the vector of each document, for the estimators of Spark ML.

    >>> from longwing.ml import DocumentEmbedder
    >>> from pyspark.ml import Pipeline
    >>> from pyspark.ml.classification import LogisticRegression
    >>> stages = [DocumentEmbedder(textCol="body"), LogisticRegression(featuresCol="embedding")]
    >>> model = Pipeline(stages=stages).fit(papers)
    """

    def __init__(self, **values: Unpack[DocumentEmbedderValues]) -> None:
        """A stage with these values of its Params."""
        super().__init__({"textCol": "text", "outputCol": "embedding", "outputType": "vector"}, dict(values))

    def setParams(self, **values: Unpack[DocumentEmbedderValues]) -> Self:
        """Sets several Params at once."""
        return self._set(**values)


def _java_stage(name: str, uid: str) -> Any:
    """The Java stage, or its name on Spark Connect."""
    from pyspark import SparkContext
    from pyspark.sql.utils import is_remote as is_connect

    if not is_connect():
        if SparkContext._active_spark_context is None:
            raise UserError(
                f"Cannot make a {name}: there is no session, expected one; make it with"
                " longwing.configure(SparkSession.builder).getOrCreate()"
            )
        gateway(SparkContext._jvm)
    return JavaTransformer._new_java_obj(f"{JAVA_STAGES}.{name}", uid)
