package io.sluice.mqtt;

import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.MqttOptions.Authentication;
import io.sluice.mqtt.MqttOptions.Exchange;
import io.sluice.mqtt.MqttOptions.Version;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Enhanced authentication on one connection (MQTT 5 §4.12): at CONNECT, and again when it is asked for. */
final class Authenticator {

    private final @Nullable Authentication authentication;
    private final Link link;
    private @Nullable Exchange exchange;

    Authenticator(Optional<Authentication> authentication, Link link) {
        this.authentication = authentication.orElse(null);
        this.link = link;
    }

    /** For CONNECT: its Authentication Data. Over MQTT 3.1.1 there is none, and what an earlier connection began is over. */
    Optional<byte[]> begin() {
        exchange = null;
        Authentication by = method();
        return by == null ? Optional.empty() : first(by);
    }

    /** Null: none on this connection. */
    private @Nullable Authentication method() {
        return link.version() == Version.MQTT_5 ? authentication : null;
    }

    private Optional<byte[]> first(Authentication by) {
        return guarded(() -> {
            Exchange begun = by.exchange().get();
            exchange = begun;
            return begun.first();
        });
    }

    /** Does nothing without a method, over MQTT 3.1.1, or while an exchange is under way. */
    void reauthenticate() {
        Authentication by = method();
        if (by != null && exchange == null && link.isConnected()) {
            Optional<byte[]> data = first(by);
            if (link.isOpen()) {
                write(ReasonCode.REAUTHENTICATE, by, data);
            }
        }
    }

    /** @return the CONNACK of success names the method of CONNECT, or none if there was none [MQTT-4.12.0-5], [MQTT-4.12.0-6] */
    boolean accepts(ConnectionListener.ConnAck agreed) {
        Optional<String> expected = Optional.ofNullable(method()).map(Authentication::method);
        return agreed.authenticationMethod().equals(expected);
    }

    /** CONNACK or AUTH of success; ends the connection if the broker has not proved itself. */
    void succeeded(Optional<byte[]> data) {
        Exchange done = exchange;
        exchange = null;
        if (done != null) {
            guarded(() -> {
                done.succeeded(data);
                return Optional.empty();
            });
        }
    }

    void received(Packet.Auth auth) {
        if (authentication == null || exchange == null) {
            protocolError("an AUTH that nothing had asked for");
        } else if (!auth.method().equals(authentication.method())) {
            protocolError("an AUTH of another method than " + authentication.method());
        } else {
            proceed(auth, authentication, exchange);
        }
    }

    private void proceed(Packet.Auth auth, Authentication by, Exchange current) {
        switch (auth.reason().code()) {
            case ReasonCode.CONTINUE_AUTHENTICATION -> answer(auth, by, current);
            case ReasonCode.SUCCESS -> reauthenticated(auth);
            default ->
                protocolError("an AUTH with Reason Code "
                        + ReasonCode.text(auth.reason().code()));
        }
    }

    private void answer(Packet.Auth auth, Authentication by, Exchange current) {
        Optional<byte[]> data = guarded(() -> current.answer(auth.data()));
        if (link.isOpen()) {
            write(ReasonCode.CONTINUE_AUTHENTICATION, by, data);
        }
    }

    private void reauthenticated(Packet.Auth auth) {
        if (link.isConnected()) {
            succeeded(auth.data());
        } else {
            protocolError("an AUTH of success in place of CONNACK");
        }
    }

    private void write(int reasonCode, Authentication by, Optional<byte[]> data) {
        Packet.Auth auth = new Packet.Auth(Reason.of(reasonCode), by.method(), data);
        if (link.isConnected() && RequestSize.bytes(auth) > link.agreed().maximumPacketBytes()) {
            link.end(Retry.SLOWLY, "authentication failed on this side: the broker's Maximum Packet Size is too small");
        } else {
            link.write(auth);
        }
    }

    private void protocolError(String what) {
        link.fault(ReasonCode.PROTOCOL_ERROR, what);
    }

    /** What the caller's code throws ends the connection; it is not retried at once, since it would throw again. */
    private Optional<byte[]> guarded(Supplier<Optional<byte[]>> step) {
        try {
            Optional<byte[]> data = step.get();
            data.ifPresent(bytes -> Texts.require(bytes, "Authentication Data"));
            return data;
        } catch (RuntimeException e) {
            link.end(Retry.SLOWLY, "authentication failed on this side: " + e.getMessage());
            return Optional.empty();
        }
    }
}
