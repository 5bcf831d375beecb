package io.sluice.adapter.opcua;

import io.sluice.adapter.Sample;
import io.sluice.adapter.SampleQueue;
import io.sluice.adapter.opcua.HistoryCall.Page;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.core.AccessLevel;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.UaSerializationException;
import org.eclipse.milo.opcua.stack.core.UaServiceFaultException;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UByte;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryData;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryReadResult;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills gaps from the server's history (Part 11 §6.5.3), one call at a time, and collects the span of what it cannot fill.
 * A history that does not hold the last value before a gap has not followed the tag all the time: then what it does hold is
 * delivered, and the span up to there is lost all the same. Confined to the thread of its {@link DeviceLink}.
 */
final class Backfill implements Agenda.Work {

    private static final Logger LOG = LoggerFactory.getLogger(Backfill.class);
    private static final long SECOND = 1_000_000_000L;
    private static final int MAX_UNANSWERED = 2;

    private final OpcUaPlan plan;
    private final OpcUaClient client;
    private final Chunks chunks;
    private final Reader reader;
    private final Delivery delivery;
    private final Continuity continuity;
    private final SampleQueue samples;
    private final Map<Integer, Boolean> historic = new HashMap<>();
    private final ArrayDeque<HistoryCall> calls = new ArrayDeque<>();
    private Optional<Span> lost = Optional.empty();

    Backfill(
            OpcUaPlan plan,
            OpcUaClient client,
            Chunks chunks,
            Reader reader,
            Delivery delivery,
            Continuity continuity,
            SampleQueue samples) {
        this.plan = plan;
        this.client = client;
        this.chunks = chunks;
        this.reader = reader;
        this.delivery = delivery;
        this.continuity = continuity;
        this.samples = samples;
    }

    boolean isIdle() {
        return calls.isEmpty();
    }

    @Override
    public long untilNext(long now) {
        return isIdle() ? Agenda.NEVER : 0;
    }

    boolean hasLost() {
        return lost.isPresent();
    }

    /** What is lost for good since the last call. */
    Optional<Span> takeLost() {
        Optional<Span> taken = lost;
        lost = Optional.empty();
        return taken;
    }

    /** The Session ends: the next one may fill what is left. */
    void giveBack() {
        calls.forEach(call ->
                call.pages().forEach(page -> continuity.giveBack(page.gap().from(page.reachedNanos()))));
        calls.clear();
    }

    /** The gateway stops: nobody will fill what is left, nor these. */
    void giveUp(List<Gap> unplanned) {
        calls.forEach(
                call -> call.pages().forEach(page -> lose(page.gap(), page.gap().toNanos())));
        calls.clear();
        unplanned.forEach(gap -> lose(gap, gap.toNanos()));
    }

    /**
     * Plans calls for the gaps.
     *
     * @param nodes of the subscribed tags
     */
    void add(List<Gap> gaps, Map<Integer, ReadValueId> nodes) throws UaException {
        try {
            learn(gaps, nodes);
        } catch (UaException e) {
            gaps.forEach(continuity::giveBack);
            throw e;
        }
        Map<Span, List<Page>> bySpan = new LinkedHashMap<>();
        for (Gap gap : gaps) {
            @Nullable ReadValueId node = nodes.get(gap.tag());
            if (node != null && gap.hasSpan() && historic.getOrDefault(gap.tag(), false)) {
                bySpan.computeIfAbsent(rounded(gap), span -> new ArrayList<>())
                        .add(new Page(gap, node, ByteString.NULL_VALUE, false, gap.fromNanos()));
            } else {
                lose(gap, gap.toNanos());
            }
        }
        bySpan.forEach((span, pages) -> chunks.split(Chunks.Service.HISTORY, pages)
                .forEach(chunk -> calls.add(new HistoryCall(span.firstNanos(), span.lastNanos(), chunk, 0))));
    }

    /** To whole seconds, so that tags of one interruption share calls; what is too much is left out again. */
    private static Span rounded(Gap gap) {
        return new Span(gap.fromNanos() / SECOND * SECOND, (gap.toNanos() / SECOND + 1) * SECOND);
    }

    private void learn(List<Gap> gaps, Map<Integer, ReadValueId> nodes) throws UaException {
        List<Integer> unknown = gaps.stream()
                .map(Gap::tag)
                .filter(tag -> !historic.containsKey(tag) && nodes.containsKey(tag))
                .distinct()
                .toList();
        List<DataValue> levels = reader.read(
                unknown.stream()
                        .map(tag -> Objects.requireNonNull(nodes.get(tag)).getNodeId())
                        .toList(),
                AttributeId.UserAccessLevel);
        for (int i = 0; i < unknown.size(); i++) {
            historic.put(
                    unknown.get(i),
                    levels.get(i).value().value() instanceof UByte level
                            && AccessLevel.fromValue(level).contains(AccessLevel.HistoryRead));
        }
    }

    /** One call, if there is something to do. A call that the server refuses, or does not answer for long, loses its gaps. */
    @Override
    public void run(long now) throws InterruptedException {
        @Nullable HistoryCall call = calls.poll();
        if (call == null) {
            return;
        }
        try {
            HistoryReadResult @Nullable [] results = client.historyRead(
                            call.details(), TimestampsToReturn.Both, false, call.ids())
                    .getResults();
            if (results == null || results.length != call.pages().size()) {
                throw new UaException(StatusCodes.Bad_UnexpectedError, "as many results as nodes expected");
            }
            take(call, results);
        } catch (UaException e) {
            failed(call, e);
        }
    }

    private void failed(HistoryCall call, UaException e) {
        if (chunks.shrink(Chunks.Service.HISTORY, call.pages().size(), e)) {
            chunks.split(Chunks.Service.HISTORY, call.pages()).forEach(part -> calls.addFirst(call.of(part)));
            return;
        }
        if (!(e instanceof UaServiceFaultException) && call.unanswered() < MAX_UNANSWERED) {
            calls.addFirst(new HistoryCall(call.startNanos(), call.endNanos(), call.pages(), call.unanswered() + 1));
            return;
        }
        LOG.warn("{}: the history cannot be read: {}", plan.device().id(), LinkFailure.reason(e));
        call.pages().forEach(page -> lose(page.gap(), page.gap().toNanos()));
    }

    private void take(HistoryCall call, HistoryReadResult[] results) throws InterruptedException {
        List<Sample> found = new ArrayList<>();
        List<Page> more = new ArrayList<>();
        List<Page> again = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            Page page = call.pages().get(i);
            if (isWithoutPlace(results[i]) && results.length > 1) {
                again.add(page);
                continue;
            }
            @Nullable List<DataValue> values = values(results[i]);
            if (values == null) {
                LOG.debug(
                        "{}: no history of {}", plan.device().id(), page.node().getNodeId());
                historic.put(page.gap().tag(), false);
                lose(page.gap(), page.gap().toNanos());
                continue;
            }
            @Nullable Page next = take(page, values, found, results[i].getContinuationPoint());
            if (next != null) {
                more.add(next);
            }
        }
        if (!found.isEmpty()) {
            samples.submit(sink -> {
                for (Sample sample : found) {
                    sink.acceptHistory(sample);
                }
            });
        }
        if (!again.isEmpty()) {
            UaException refusal = new UaException(StatusCodes.Bad_NoContinuationPoints);
            chunks.shrink(Chunks.Service.HISTORY, again.size() + 1, refusal);
            chunks.split(Chunks.Service.HISTORY, again).forEach(part -> calls.addFirst(call.of(part)));
        }
        if (!more.isEmpty()) {
            // Before the others, since it frees what they need.
            calls.addFirst(call.of(more));
        }
    }

    /** The server keeps only so many reads that go on (Part 4 §7.9): the rest comes when those are at their end. */
    private static boolean isWithoutPlace(HistoryReadResult result) {
        return result.getStatusCode().value() == StatusCodes.Bad_NoContinuationPoints;
    }

    /** {@code null} if the server refuses. */
    private @Nullable List<DataValue> values(HistoryReadResult result) {
        if (!result.getStatusCode().isGood()) {
            return null;
        }
        @Nullable ExtensionObject data = result.getHistoryData();
        try {
            return data != null
                            && !data.isNull()
                            && data.decode(client.getStaticEncodingContext()) instanceof HistoryData history
                            && history.getDataValues() != null
                    ? List.of(history.getDataValues())
                    : List.of();
        } catch (UaSerializationException e) {
            return null;
        }
    }

    /**
     * @return what is still to be read
     */
    private @Nullable Page take(
            Page page, List<DataValue> values, List<Sample> found, @Nullable ByteString continuation) {
        Gap gap = page.gap();
        boolean joined = page.joined();
        long reached = page.reachedNanos();
        for (DataValue value : values) {
            Sample sample = delivery.translation().sample(gap.tag(), value);
            joined |= sample.time() == gap.fromNanos();
            if (continuity.admit(sample, gap)) {
                if (!joined) {
                    lose(gap, sample.time());
                    joined = true;
                }
                found.add(sample);
                reached = Math.max(reached, sample.time());
            }
        }
        if (continuation != null && continuation.isNotNull()) {
            return new Page(gap, page.node(), continuation, joined, reached);
        }
        if (!joined) {
            lose(gap, gap.toNanos());
        }
        return null;
    }

    private void lose(Gap gap, long untilNanos) {
        Span span = new Span(Math.min(gap.lostSinceNanos(), untilNanos), Math.max(gap.lostSinceNanos(), untilNanos));
        lost = Optional.of(lost.map(before -> before.and(span)).orElse(span));
    }
}
