package io.sluice.mqtt;

import io.sluice.mqtt.Action.Complete;
import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.Outgoing.Stage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What the client publishes: the window, the handshakes of QoS 1 and 2, and what goes again on the next connection. */
final class Outbound {

    private final MqttOptions options;
    private final Link link;
    private final InFlight inFlight;
    private final Sending sending;

    // valid for the session
    private final Deque<Outgoing> waiting = new ArrayDeque<>();
    private final Suspicion suspicion = new Suspicion();

    // valid for the connection
    /** To be written on this connection before {@link #waiting}: what was in flight before it, then what opens it. */
    private final Deque<Outgoing> first = new ArrayDeque<>();

    private int window;
    private int unacknowledged;

    Outbound(MqttOptions options, InFlight inFlight, Link link) {
        this.options = options;
        this.inFlight = inFlight;
        this.link = link;
        this.sending = new Sending(options, link);
    }

    void request(Outgoing message) {
        waiting.add(message);
    }

    /** The message goes after what was in flight before this connection, and before what was asked for earlier. */
    void requestFirst(Outgoing message) {
        first.add(message);
    }

    /** Nothing waits and nothing is in flight. */
    boolean isIdle() {
        return waiting.isEmpty() && first.isEmpty() && inFlight.isEmpty();
    }

    /** A message would be written at once, but for the rate. */
    boolean hasRoom() {
        return unacknowledged < limit() && waiting.isEmpty();
    }

    int window() {
        return window;
    }

    int unacknowledged() {
        return unacknowledged;
    }

    private int limit() {
        return suspicion.isOneByOne() ? Math.min(1, window) : window;
    }

    // ---- the connection

    /** CONNACK: everything in flight goes again, before anything else. */
    void connected(ConnectionListener.ConnAck agreed) {
        window = Math.min(InFlight.CAPACITY, Math.min(options.window(), agreed.receiveMaximum()));
        sending.connected(agreed);
        collectInFlight(agreed.sessionPresent());
        writeFirst();
    }

    /** In the old order: as it was if the broker kept the session, else as new messages. */
    private void collectInFlight(boolean sessionPresent) {
        List<Outgoing> unfinished = unfinished();
        first.clear();
        if (!sessionPresent) {
            unfinished.forEach(this::forget);
        }
        unfinished.stream().filter(message -> message.stage != Stage.DONE).forEach(first::add);
    }

    private List<Outgoing> unfinished() {
        List<Outgoing> unfinished = new ArrayList<>();
        for (Outgoing message = inFlight.oldest(); message != null; message = message.next) {
            unfinished.add(message);
        }
        first.stream().filter(message -> message.stage == Stage.WAITING).forEach(unfinished::add);
        return unfinished;
    }

    /** The broker has lost its half of the exchange. */
    private void forget(Outgoing message) {
        if (message.stage == Stage.AWAITS_PUBCOMP) {
            // With PUBREC the broker took the message over (§4.3.3): sending it again would double it.
            finish(message, new Outcome.Acknowledged(message.received));
        } else if (message.stage != Stage.WAITING) {
            inFlight.remove(message);
            message.startAnew();
        }
    }

    void closed() {
        Outgoing oldest = inFlight.oldest();
        if (oldest != null && oldest.written && options.isolateCulprits() && suspicion.ended(oldest)) {
            finish(oldest, new Outcome.EndsConnections());
        }
        unacknowledged = 0;
        window = 0;
        for (Outgoing message = inFlight.oldest(); message != null; message = message.next) {
            message.written = false;
        }
    }

    void abandon() {
        List<Outgoing> unfinished = unfinished();
        unfinished.addAll(waiting);
        first.clear();
        waiting.clear();
        unfinished.forEach(message -> finish(message, new Outcome.Unknown()));
    }

    // ---- acknowledgements

    void pubAck(Packet.PubAck ack) {
        Outgoing message = inFlight.get(ack.identifier());
        if (message == null) {
            link.unknownIdentifier();
        } else if (message.stage != Stage.AWAITS_PUBACK) {
            protocolError("a PUBACK for Packet Identifier " + ack.identifier() + " of QoS 2");
        } else {
            finish(message, outcome(ack.reason()));
        }
    }

    void pubRec(Packet.PubRec rec) {
        Outgoing message = inFlight.get(rec.identifier());
        if (message == null) {
            link.unknownIdentifier();
            if (!rec.reason().isFailure()) {
                link.write(new Packet.PubRel(rec.identifier(), Reason.of(ReasonCode.IDENTIFIER_NOT_FOUND)));
            }
        } else if (message.stage == Stage.AWAITS_PUBACK) {
            protocolError("a PUBREC for Packet Identifier " + rec.identifier() + " of QoS 1");
        } else if (rec.reason().isFailure()) {
            finish(message, new Outcome.Refused(rec.reason()));
        } else {
            received(message, rec.reason());
        }
    }

    private void received(Outgoing message, Reason reason) {
        message.stage = Stage.AWAITS_PUBCOMP;
        message.received = reason;
        message.writtenAt = link.now();
        if (message.written) {
            link.write(new Packet.PubRel(message.identifier, Reason.SUCCESS));
        }
    }

    void pubComp(Packet.PubComp comp) {
        Outgoing message = inFlight.get(comp.identifier());
        if (message == null) {
            link.unknownIdentifier();
        } else if (message.stage != Stage.AWAITS_PUBCOMP) {
            protocolError("a PUBCOMP for Packet Identifier " + comp.identifier() + " without PUBREC");
        } else {
            finish(message, new Outcome.Acknowledged(message.received));
        }
    }

    private void protocolError(String what) {
        link.fault(ReasonCode.PROTOCOL_ERROR, what);
    }

    private static Outcome outcome(Reason reason) {
        if (reason == Reason.SUCCESS) {
            return Outcome.Acknowledged.SUCCESS;
        }
        return reason.isFailure() ? new Outcome.Refused(reason) : new Outcome.Acknowledged(reason);
    }

    // ---- writing

    /** Writes what window, rate and transport allow, old messages before new ones. */
    void proceed() {
        if (writeFirst()) {
            if (suspicion.isOneByOne() && unacknowledged == 0) {
                suspicion.clear();
            }
            while (!waiting.isEmpty() && mayWrite()) {
                send(waiting.remove());
            }
        }
    }

    /** @return nothing is left that must go before further messages */
    private boolean writeFirst() {
        while (!first.isEmpty() && mayWrite()) {
            Outgoing message = first.remove();
            // Its acknowledgement may have come before its turn: a broker that kept the session may answer late.
            if (message.stage != Stage.DONE) {
                send(message);
            }
        }
        return first.isEmpty();
    }

    private boolean mayWrite() {
        return unacknowledged < limit() && sending.isPossible();
    }

    private void send(Outgoing message) {
        if (message.stage == Stage.AWAITS_PUBCOMP) {
            count(message);
            link.write(new Packet.PubRel(message.identifier, Reason.SUCCESS));
            return;
        }
        Optional<Outcome> hopeless = sending.whyHopeless(message.message);
        if (hopeless.isPresent()) {
            finish(message, hopeless.get());
        } else if (message.message.qos() == 0) {
            sending.write(0, false, message.message);
            finish(message, Outcome.Acknowledged.SUCCESS);
        } else {
            sendAcknowledged(message);
        }
    }

    private void sendAcknowledged(Outgoing message) {
        boolean dup = message.stage != Stage.WAITING;
        if (!dup) {
            inFlight.add(message);
            message.stage = message.message.qos() == 1 ? Stage.AWAITS_PUBACK : Stage.AWAITS_PUBREC;
        }
        count(message);
        sending.write(message.identifier, dup, message.message);
    }

    private void count(Outgoing message) {
        message.written = true;
        message.writtenAt = link.now();
        unacknowledged++;
    }

    private void finish(Outgoing message, Outcome outcome) {
        if (message.identifier != 0) {
            inFlight.remove(message);
        }
        if (message.written) {
            unacknowledged--;
        }
        message.stage = Stage.DONE;
        link.perform(new Complete(message.outcome, outcome));
    }

    // ---- time

    /** An acknowledgement that does not come in time ends the connection: nothing is resent on it [MQTT-4.4.0-1]. */
    void tick() {
        long limit = options.ackTimeout().toNanos();
        for (Outgoing message = inFlight.oldest(); message != null; message = message.next) {
            if (message.written && link.now() - message.writtenAt > limit) {
                link.end(
                        Retry.SOON,
                        "no acknowledgement of Packet Identifier %d within %s"
                                .formatted(message.identifier, Session.text(options.ackTimeout())));
                return;
            }
        }
    }
}
