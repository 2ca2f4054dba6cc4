package io.github.longwing.spark;

import io.github.longwing.generation.FinishReason;
import io.github.longwing.spark.executor.TaskLoader;
import io.github.longwing.spark.executor.ThreadBudget;
import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.GeneratedText;
import io.github.longwing.task.GeneratedTexts;
import io.github.longwing.task.Passage;
import io.github.longwing.task.answer.Answer;
import io.github.longwing.task.answer.Answers;
import io.github.longwing.task.classify.Classification;
import io.github.longwing.task.classify.LabelScore;
import io.github.longwing.task.embed.Embedding;
import io.github.longwing.task.summarize.Summaries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Tasks without a model, which make their outputs of the letters of a document. */
final class FakeTasks {
    private FakeTasks() {}

    /** A text that begins with "value" has its length as the value of a regression, any other one two labels. */
    record Classifier() implements TaskLoader<Classification> {
        @Override
        public DocumentTask<Classification> load(ThreadBudget threads) {
            return new FakeTask<>(FakeSummarizer.MODEL, document -> {
                String text = document.text();
                if (text.startsWith("value")) {
                    return new Classification(
                            Optional.empty(), List.of(), List.of((double) text.length(), -1.0), List.of());
                }
                List<LabelScore> labels = List.of(new LabelScore("some", 0.75), new LabelScore("others", 0.25));
                return new Classification(
                        text.startsWith("neither") ? Optional.empty() : Optional.of(labels.get(0)),
                        text.startsWith("neither") ? List.of() : labels,
                        List.of(),
                        List.of(new Passage(text, 0, text.length(), 0.5)));
            });
        }
    }

    /** The answers are the places where the document has the very words of the question. */
    record Answerer() implements TaskLoader<Answers> {
        @Override
        public DocumentTask<Answers> load(ThreadBudget threads) {
            return new FakeTask<>(FakeSummarizer.MODEL, document -> {
                String text = document.text();
                String question = document.question().orElseThrow();
                List<Answer> answers = new ArrayList<>();
                for (int at = text.indexOf(question); at >= 0; at = text.indexOf(question, at + 1)) {
                    int begin = text.codePointCount(0, at);
                    int end = begin + question.codePointCount(0, question.length());
                    answers.add(new Answer(question, 9.0 - answers.size(), begin, end));
                }
                return new Answers(answers.stream().findFirst(), answers, -1.5);
            });
        }
    }

    /** A prompt is continued with its upper-case form. */
    record Generator(int sequences) implements TaskLoader<GeneratedTexts> {
        @Override
        public DocumentTask<GeneratedTexts> load(ThreadBudget threads) {
            return new FakeTask<>(FakeSummarizer.MODEL, document -> new GeneratedTexts(IntStream.rangeClosed(1, sequences)
                    .mapToObj(n -> new GeneratedText(
                            document.text().toUpperCase(Locale.ROOT).repeat(n),
                            OptionalDouble.of(-n),
                            n,
                            FinishReason.LENGTH))
                    .toList()));
        }
    }

    /** A summary of two levels with the whole text for its evidence. */
    record EvidentSummarizer() implements TaskLoader<Summaries> {
        @Override
        public DocumentTask<Summaries> load(ThreadBudget threads) {
            return new FakeTask<>(FakeSummarizer.MODEL, document -> new Summaries(
                    List.of(new GeneratedText("short", OptionalDouble.empty(), 2, FinishReason.EOS)),
                    2,
                    List.of(new Passage(document.text(), 0, document.text().length(), 0.25))));
        }
    }

    /** Two numbers: the length of the text and a half. */
    record Vectors() implements TaskLoader<Embedding> {
        @Override
        public DocumentTask<Embedding> load(ThreadBudget threads) {
            return new FakeTask<>(FakeSummarizer.MODEL, 
                    document -> new Embedding(new float[] {document.text().length(), 0.5f}));
        }
    }
}
