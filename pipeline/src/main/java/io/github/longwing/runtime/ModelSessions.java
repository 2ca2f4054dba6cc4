package io.github.longwing.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.longwing.model.Graph;
import io.github.longwing.store.ModelDirectory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sessions of one model: those that its architecture has. They are shared by everything that runs the model in
 * this JVM; closing this closes them, after the last run.
 */
public final class ModelSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelSessions.class);

    private final ModelDirectory directory;
    private final Set<Graph> wanted;
    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final Optional<EncoderSession> encoder;
    private final Optional<CrossAttentionSession> crossAttention;
    private final Optional<DecoderSession> decoder;
    private final Optional<HeadSession> head;
    private final Optional<PromptSession> prompt;
    private final Optional<EvidenceSession> evidence;

    private interface Opener<S> {
        S open(OrtEnvironment environment, ModelDirectory model, SessionSettings settings) throws OrtException;
    }

    private ModelSessions(ModelDirectory directory, SessionSettings settings, Set<Graph> wanted) throws OrtException {
        this.directory = directory;
        this.wanted = wanted;
        try {
            this.encoder = open(Graph.ENCODER, settings, EncoderSession::open, EncoderSession::close);
            this.crossAttention =
                    open(Graph.CROSS_ATTENTION, settings, CrossAttentionSession::open, CrossAttentionSession::close);
            this.decoder = open(Graph.DECODER, settings, DecoderSession::open, DecoderSession::close);
            this.head = open(Graph.HEAD, settings, HeadSession::open, HeadSession::close);
            this.prompt = open(Graph.PROMPT, settings, PromptSession::open, PromptSession::close);
            this.evidence = open(
                    Graph.EVIDENCE,
                    settings,
                    (environment, model, s) -> new EvidenceSession(environment, model, crossAttention, s),
                    EvidenceSession::close);
        } catch (OrtException | RuntimeException | Error e) {
            closeLatestFirst();
            throw e;
        }
    }

    private <S> Optional<S> open(Graph graph, SessionSettings settings, Opener<S> opener, Consumer<S> closer)
            throws OrtException {
        if (!directory.has(graph) || !wanted.contains(graph)) {
            return Optional.empty();
        }
        S session = opener.open(NativeRuntime.environment(), directory, settings);
        closing.push(() -> closer.accept(session));
        return Optional.of(session);
    }

    /** Opens the sessions; each may use so many threads. */
    public static ModelSessions open(ModelDirectory directory, int threads) {
        return open(directory, SessionSettings.ofThreads(threads));
    }

    /** Opens the sessions. */
    public static ModelSessions open(ModelDirectory directory, SessionSettings settings) {
        return open(directory, settings, EnumSet.allOf(Graph.class));
    }

    /** Opens the sessions of these graphs, as far as the model has them. */
    public static ModelSessions open(ModelDirectory directory, SessionSettings settings, Set<Graph> wanted) {
        try {
            return new ModelSessions(directory, settings, wanted);
        } catch (OrtException e) {
            throw NativeFailure.ofModel(directory, e);
        }
    }

    public ModelDirectory directory() {
        return directory;
    }

    /** Of every architecture but a decoder alone; an {@link IllegalStateException} says where one is missing. */
    public EncoderSession encoder() {
        return present(encoder, Graph.ENCODER);
    }

    /** Of models that generate text from documents. */
    public CrossAttentionSession crossAttention() {
        return present(crossAttention, Graph.CROSS_ATTENTION);
    }

    /** Of models that generate text. */
    public DecoderSession decoder() {
        return present(decoder, Graph.DECODER);
    }

    /** Of models that read a whole document with the decoder too: classifiers, question answering, the base model. */
    public HeadSession head() {
        return present(head, Graph.HEAD);
    }

    /** Of a decoder alone. */
    public PromptSession prompt() {
        return present(prompt, Graph.PROMPT);
    }

    /** Of models that generate text from documents, and of classifiers. */
    public EvidenceSession evidence() {
        return present(evidence, Graph.EVIDENCE);
    }

    private <S> S present(Optional<S> session, Graph graph) {
        return session.orElseThrow(() -> new IllegalStateException("The model in " + directory.path() + " is a "
                + directory.config().architecture().configName() + ", which has no graph " + graph.graphName()));
    }

    private void closeLatestFirst() {
        if (!closing.isEmpty()) {
            try {
                closing.pop().run();
            } finally {
                closeLatestFirst();
            }
        }
    }

    @Override
    public void close() {
        LOG.debug("Closing the model in {}", directory.path());
        closeLatestFirst();
    }
}
