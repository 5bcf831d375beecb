package io.sluice.mqtt;

import io.sluice.mqtt.Publish.UserProperty;
import java.util.List;

/** How many bytes a request of MQTT 5 takes on the wire; MQTT 3.1.1 knows no Maximum Packet Size. */
final class RequestSize {

    private RequestSize() {}

    static long bytes(Subscribe content) {
        int identifier = content.identifier() == 0 ? 0 : 1 + PublishSize.variableByteInteger(content.identifier());
        long filters = content.filters().stream()
                .mapToLong(filter -> 3 + Texts.utf8Bytes(filter.topicFilter()))
                .sum();
        return packet(2 + section(identifier + user(content.userProperties())) + filters);
    }

    static long bytes(List<String> topicFilters, List<UserProperty> userProperties) {
        long filters = topicFilters.stream()
                .mapToLong(filter -> 2 + Texts.utf8Bytes(filter))
                .sum();
        return packet(2 + section(user(userProperties)) + filters);
    }

    static long bytes(Packet.Disconnect disconnect) {
        int expiry = disconnect.sessionExpirySeconds().isPresent() ? 5 : 0;
        Reason reason = disconnect.reason();
        int text = reason.text().isEmpty() ? 0 : 3 + Texts.utf8Bytes(reason.text());
        return packet(1 + section(expiry + text + user(reason.userProperties())));
    }

    static long bytes(Packet.Auth auth) {
        int data = auth.data().map(bytes -> 3 + bytes.length).orElse(0);
        return packet(1 + section(3 + Texts.utf8Bytes(auth.method()) + data));
    }

    private static long user(List<UserProperty> properties) {
        return properties.stream().mapToLong(PublishSize::pairBytes).sum();
    }

    private static long section(long propertyBytes) {
        return PublishSize.variableByteInteger(propertyBytes) + propertyBytes;
    }

    private static long packet(long remainingLength) {
        return 1 + PublishSize.variableByteInteger(remainingLength) + remainingLength;
    }
}
