package io.sluice.adapter.opcua;

import java.util.function.BooleanSupplier;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;

/** What the library's callbacks tell the thread that looks after the connection. */
sealed interface LinkEvent {

    /**
     * A Session works again.
     *
     * @param id of the Session, which may be another one than before: the library makes it where the server has forgotten the
     *     first, as one does that was restarted
     */
    record SessionActive(NodeId id) implements LinkEvent {}

    /** The Session does not answer; the library tries to resume it. */
    record SessionInactive() implements LinkEvent {}

    /**
     * The Subscription is silent beyond its keep-alive; perhaps it is dead, perhaps the whole connection is.
     *
     * @param still whether it has not been heard since
     */
    record SubscriptionSilent(BooleanSupplier still) implements LinkEvent {}

    /** The server no longer has the Subscription. */
    record SubscriptionGone(String reason) implements LinkEvent {}

    /** The server asks to be asked for its conditions again (Part 9 §5.11.4). */
    record RefreshRequired() implements LinkEvent {}

    /** Notifications did not arrive and cannot be repeated. */
    record NotificationsLost() implements LinkEvent {}

    /** The server says that nodes or references came or went. */
    record AddressSpaceChanged() implements LinkEvent {}

    /** A walk along the patterns of the device is done. */
    record Walked() implements LinkEvent {}

    /** Values are missing between two that came, perhaps to be had from the server's history. */
    record ValuesMissing() implements LinkEvent {}
}
