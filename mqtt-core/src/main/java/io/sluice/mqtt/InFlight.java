package io.sluice.mqtt;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The messages that have a Packet Identifier and wait for an acknowledgement: an array indexed by identifier for the
 * acknowledgements, a list in the order of first writing for resending.
 *
 * <p>Identifiers go round 1 to 65,535, never lowest-free, so that a PUBACK that comes twice cannot hit another message.
 */
final class InFlight {

    /** Identifiers that messages leave to SUBSCRIBE and UNSUBSCRIBE. */
    static final int RESERVED = 64;

    static final int LAST = 65_535;
    static final int CAPACITY = LAST - RESERVED;

    private final @Nullable Outgoing[] byIdentifier = new @Nullable Outgoing[LAST + 1];
    private final BitSet requests = new BitSet();

    private @Nullable Outgoing oldest;
    private @Nullable Outgoing youngest;
    private int lastIdentifier;

    @Nullable
    Outgoing get(int identifier) {
        return byIdentifier[identifier];
    }

    @Nullable
    Outgoing oldest() {
        return oldest;
    }

    boolean isEmpty() {
        return oldest == null;
    }

    /** Gives the message the next identifier and puts it at the end. */
    void add(Outgoing message) {
        message.identifier = nextIdentifier();
        byIdentifier[message.identifier] = message;
        message.previous = youngest;
        message.next = null;
        if (youngest == null) {
            oldest = message;
        } else {
            youngest.next = message;
        }
        youngest = message;
    }

    void remove(Outgoing message) {
        byIdentifier[message.identifier] = null;
        if (message.previous == null) {
            oldest = message.next;
        } else {
            message.previous.next = message.next;
        }
        if (message.next == null) {
            youngest = message.previous;
        } else {
            message.next.previous = message.previous;
        }
        message.previous = null;
        message.next = null;
    }

    /** An identifier for a packet that is not a message. */
    int reserve() {
        int identifier = nextIdentifier();
        requests.set(identifier);
        return identifier;
    }

    void release(int identifier) {
        requests.clear(identifier);
    }

    private int nextIdentifier() {
        do {
            lastIdentifier = lastIdentifier == LAST ? 1 : lastIdentifier + 1;
        } while (byIdentifier[lastIdentifier] != null || requests.get(lastIdentifier));
        return lastIdentifier;
    }
}
