package io.github.longwing.jobs;

import io.github.longwing.config.GenerationOption;
import io.github.longwing.generation.FinishReason;
import io.github.longwing.jobs.run.TaskRun;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.FakeTask;
import io.github.longwing.spark.executor.TaskLoader;
import io.github.longwing.spark.executor.ThreadBudget;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.GeneratedText;
import io.github.longwing.task.GeneratedTexts;
import io.github.longwing.task.answer.Answer;
import io.github.longwing.task.answer.AnswererOptions;
import io.github.longwing.task.answer.Answers;
import io.github.longwing.task.classify.Classification;
import io.github.longwing.task.classify.ClassifierOptions;
import io.github.longwing.task.classify.LabelScore;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.embed.Embedding;
import io.github.longwing.task.generate.GeneratorOptions;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Tasks without a model, whose outputs show the settings that reached them. */
final class EchoTasks implements TaskRun {
    static final String MODEL = CountingSummarizer.MODEL;

    @Override
    public <S extends Serializable, T> Dataset<Row> run(
            DocumentTransformation<S, T> task,
            Dataset<Row> documents,
            TaskOptions<S> options,
            UnaryOperator<Dataset<Row>> selection,
            JobProgress progress) {
        @SuppressWarnings("unchecked") // the settings are those of the task
        TaskLoader<T> loader = (TaskLoader<T>) loader(options.taskOptions());
        return task.applySelected(documents, options, loader, selection, progress);
    }

    @Override
    public String label(Path modelDirectory) {
        return MODEL;
    }

    private static TaskLoader<?> loader(Serializable settings) {
        if (settings instanceof SummarizerOptions s) {
            return new CountingSummarizer.Loader(
                    s.generation().find(GenerationOption.NUM_RETURN_SEQUENCES).orElse(1));
        }
        if (settings instanceof ClassifierOptions s) {
            return new Classifier(s);
        }
        if (settings instanceof AnswererOptions s) {
            return new Answerer(s);
        }
        if (settings instanceof GeneratorOptions s) {
            return new Generator(s);
        }
        return new Vectors((EmbedderOptions) settings);
    }

    private record Classifier(ClassifierOptions settings) implements TaskLoader<Classification> {
        @Override
        public DocumentTask<Classification> load(ThreadBudget threads) {
            LabelScore label = new LabelScore(
                    settings.pooling() + " " + settings.topK() + " of " + settings.reading(), settings.threshold());
            return new FakeTask<>(
                    MODEL, document -> new Classification(Optional.of(label), List.of(label), List.of(), List.of()));
        }
    }

    private record Answerer(AnswererOptions settings) implements TaskLoader<Answers> {
        @Override
        public DocumentTask<Answers> load(ThreadBudget threads) {
            return new FakeTask<>(MODEL, document -> {
                Answer answer =
                        new Answer(document.question().orElseThrow(), settings.nBest(), 0, settings.maxAnswerTokens());
                return new Answers(Optional.of(answer), List.of(answer), settings.noAnswerThreshold());
            });
        }
    }

    private record Generator(GeneratorOptions settings) implements TaskLoader<GeneratedTexts> {
        @Override
        public DocumentTask<GeneratedTexts> load(ThreadBudget threads) {
            return new FakeTask<>(
                    MODEL,
                    document -> new GeneratedTexts(List.of(new GeneratedText(
                            document.text() + " ...",
                            OptionalDouble.empty(),
                            settings.maxPromptTokens(),
                            FinishReason.EOS))));
        }
    }

    private record Vectors(EmbedderOptions settings) implements TaskLoader<Embedding> {
        @Override
        public DocumentTask<Embedding> load(ThreadBudget threads) {
            return new FakeTask<>(
                    MODEL,
                    document -> new Embedding(new float[] {
                        settings.pooling() == EmbedderOptions.StatePooling.EOS ? 1 : 0,
                        settings.norm() == EmbedderOptions.Norm.UNIT ? 1 : 0
                    }));
        }
    }
}
