package io.sluice.mqtt;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a PUBLISH goes out on the connection that stands: if the broker takes it, when the rate allows it, under which Topic Alias. */
final class Sending {

    /** An alias, and what the lengths before it may grow by. */
    private static final int ALIAS_ROOM = PublishSize.ALIAS_BYTES + 3;

    private final int mostAliases;
    private final Link link;
    private final BrokerLimits limits;
    private final TopicAliases aliases = new TopicAliases();
    private final @Nullable RateLimit rate;

    /** Nanoseconds; until then one wake-up is on its way. */
    private long wakeAt;

    Sending(MqttOptions options, Link link) {
        this.mostAliases = options.topicAliases();
        this.link = link;
        this.limits = new BrokerLimits(link);
        this.wakeAt = link.now();
        this.rate =
                options.rate().map(limit -> new RateLimit(limit, link.now())).orElse(null);
    }

    void connected(ConnectionListener.ConnAck agreed) {
        aliases.reset(Math.min(mostAliases, agreed.topicAliasMaximum()));
    }

    /** The transport takes more bytes, and the rate allows a message; if it does not yet, a wake-up is asked for. */
    boolean isPossible() {
        return link.isWritable() && (rate == null || rateAllows(rate));
    }

    private boolean rateAllows(RateLimit limit) {
        long wait = limit.waitNanos(link.now());
        if (wait > 0 && link.now() - wakeAt >= 0) {
            wakeAt = link.now() + wait;
            link.perform(new Action.Wake(Duration.ofNanos(wait)));
        }
        return wait == 0;
    }

    /** The outcome of a message that this broker does not take. */
    Optional<Outcome> whyHopeless(Publish message) {
        return limits.whyHopeless(message);
    }

    /** @param identifier 0 for QoS 0 */
    void write(int identifier, boolean dup, Publish message) {
        if (rate != null) {
            rate.take(PublishSize.bytes(message, link.version()));
        }
        int known = aliases.known(message.topic());
        int alias = known > 0 || !mayAssign(message) ? known : aliases.assign(message.topic());
        link.write(new Packet.Pub(identifier, dup, message, alias, known > 0));
    }

    /** A retained message is a state, which seldom comes again; and the alias must not make the packet too large. */
    private boolean mayAssign(Publish message) {
        return !message.retain() && limits.fit(message, ALIAS_ROOM);
    }
}
