package io.sluice.mqtt;

import io.sluice.mqtt.MqttOptions.Will;
import io.sluice.mqtt.Publish.UserProperty;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What can happen to a {@link Session}. */
sealed interface Event {

    /** The transport stands (TLS included): time for CONNECT. */
    record Opened(URI broker, Optional<Will> will) implements Event {}

    record Received(Packet packet) implements Event {}

    /** The transport takes bytes again. */
    record Writable() implements Event {}

    /** The transport is gone. */
    record Closed() implements Event {}

    record PublishRequested(Outgoing message) implements Event {}

    record SubscribeRequested(Subscribe content, Consumer<Subscribe.Answer> answer) implements Event {}

    record UnsubscribeRequested(
            List<String> topicFilters, List<UserProperty> userProperties, Consumer<Subscribe.Answer> answer)
            implements Event {}

    record ReauthenticateRequested() implements Event {}

    /** Everything that was asked for is to be finished, then DISCONNECT. */
    record StopRequested(Packet.Disconnect disconnect) implements Event {}

    /** No outcome can come any more. */
    record Abandoned() implements Event {}

    /** Time passed. */
    record Tick() implements Event {}
}
