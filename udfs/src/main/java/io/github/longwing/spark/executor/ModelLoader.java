package io.github.longwing.spark.executor;

import io.github.longwing.spark.models.LocatedModel;
import io.github.longwing.spark.models.ModelLocator;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.GeneratedTexts;
import io.github.longwing.task.answer.AnswererOptions;
import io.github.longwing.task.answer.Answers;
import io.github.longwing.task.answer.QuestionAnswerer;
import io.github.longwing.task.classify.Classification;
import io.github.longwing.task.classify.ClassifierOptions;
import io.github.longwing.task.classify.DocumentClassifier;
import io.github.longwing.task.embed.Embedder;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.embed.Embedding;
import io.github.longwing.task.generate.GeneratorOptions;
import io.github.longwing.task.generate.TextGenerator;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.Summarizer;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.nio.file.Path;

/** Finds the files of a model on an executor and opens a task on them. */
public sealed interface ModelLoader<T> extends TaskLoader<T> {
    ModelReference model();

    DocumentTask<T> open(Path modelDirectory, int threads);

    @Override
    default DocumentTask<T> load(ThreadBudget threads) {
        LocatedModel files = ModelLocator.ofThisMachine().locate(model());
        try {
            return new HeldTask<>(open(files.directory(), threads.runtimeThreads()), files);
        } catch (RuntimeException | Error e) {
            files.close();
            throw e;
        }
    }

    record OfSummarizer(ModelReference model, SummarizerOptions settings) implements ModelLoader<Summaries> {
        @Override
        public DocumentTask<Summaries> open(Path modelDirectory, int threads) {
            return Summarizer.open(modelDirectory, settings, threads);
        }
    }

    record OfClassifier(ModelReference model, ClassifierOptions settings) implements ModelLoader<Classification> {
        @Override
        public DocumentTask<Classification> open(Path modelDirectory, int threads) {
            return DocumentClassifier.open(modelDirectory, settings, threads);
        }
    }

    record OfAnswerer(ModelReference model, AnswererOptions settings) implements ModelLoader<Answers> {
        @Override
        public DocumentTask<Answers> open(Path modelDirectory, int threads) {
            return QuestionAnswerer.open(modelDirectory, settings, threads);
        }
    }

    record OfGenerator(ModelReference model, GeneratorOptions settings) implements ModelLoader<GeneratedTexts> {
        @Override
        public DocumentTask<GeneratedTexts> open(Path modelDirectory, int threads) {
            return TextGenerator.open(modelDirectory, settings, threads);
        }
    }

    record OfEmbedder(ModelReference model, EmbedderOptions settings) implements ModelLoader<Embedding> {
        @Override
        public DocumentTask<Embedding> open(Path modelDirectory, int threads) {
            return Embedder.open(modelDirectory, settings, threads);
        }
    }
}
