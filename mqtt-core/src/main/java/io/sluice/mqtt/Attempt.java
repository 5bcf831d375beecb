package io.sluice.mqtt;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.sluice.mqtt.Action.Close;
import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.MqttOptions.Version;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to reach a broker and the connection that it becomes, with the timers that belong to it. It ends once, with the
 * first reason; whatever its sockets, timers and name servers still report after that is ignored. Confined to
 * {@code mqtt-io}.
 */
final class Attempt implements Dial.Caller, Connection.Owner {

    /** What it reports to. */
    interface Owner {

        /** Everything below MQTT stands. */
        void opened();

        void received(Packet packet);

        /** Everything that had arrived was reported. */
        void burstEnded();

        void becameWritable();

        /** Time passed on the established connection. */
        void ticked();

        /** It is over. Nothing follows. */
        void ended(Close why);
    }

    private final BrokerAddress address;
    private final Version version;
    private final MqttOptions options;
    private final Transport transport;
    private final Owner owner;
    private final Dial dial;

    private @Nullable Connection connection;
    private @Nullable Future<?> connectTimer;
    private @Nullable Future<?> ticker;
    private @Nullable Close why;
    private boolean open;
    private boolean established;
    private boolean over;

    Attempt(URI broker, Version version, MqttOptions options, Dialler dialler, Owner owner) {
        this.address = BrokerAddress.of(broker);
        this.version = version;
        this.options = options;
        this.transport = dialler.transport();
        this.owner = owner;
        this.dial = dialler.dial(address, this);
    }

    /** CONNACK with success has come. */
    boolean isEstablished() {
        return established;
    }

    boolean isWritable() {
        return connection != null && connection.isWritable();
    }

    /** What was written and flushed has not left as a whole: the transport is full. */
    boolean hasUnsent() {
        return connection != null && connection.hasUnsent();
    }

    /** @param failures of the attempts before it */
    void start(int failures) {
        connectTimer = transport.schedule(this::connectTimedOut, options.connectTimeout());
        dial.start(failures);
    }

    /** From here on it may stand for as long as it likes. @param keepAlive agreed on, zero: none */
    void establish(Duration keepAlive) {
        established = true;
        Transport.cancel(connectTimer);
        ticker = transport.repeat(owner::ticked, tickPeriod(keepAlive));
    }

    /** Fine enough to notice either limit soon after it has passed. */
    private Duration tickPeriod(Duration keepAlive) {
        long shortest = options.ackTimeout().toMillis();
        if (!keepAlive.isZero()) {
            shortest = Math.min(shortest, keepAlive.toMillis());
        }
        return Duration.ofMillis(Math.clamp(shortest / 8, 10, 1000));
    }

    void write(Packet packet) {
        if (connection != null) {
            connection.write(packet);
        }
    }

    void flush() {
        if (connection != null) {
            connection.flush();
        }
    }

    /** Ends it after what was written. */
    void close(Close reason) {
        if (why == null) {
            why = reason;
        }
        if (connection != null) {
            connection.close();
        }
    }

    /** Ends it at once; nothing is reported any more. */
    void abandon() {
        over = true;
        Transport.cancel(connectTimer);
        Transport.cancel(ticker);
        dial.cancel();
    }

    // ---- what the dial reports

    @Override
    public void initialise(Channel channel) {
        connection = new Connection(channel, version, options.maximumPacketBytes(), this);
        channel.pipeline().addLast(connection);
    }

    @Override
    public void opened() {
        if (why == null) {
            open = true;
            owner.opened();
        }
    }

    @Override
    public void unreachable(Throwable cause) {
        end(soon(FailureText.of(cause, address)));
    }

    private void connectTimedOut() {
        String text = "waited %d ms in vain for %s"
                .formatted(options.connectTimeout().toMillis(), open ? "CONNACK of " + address : dial.awaiting());
        if (open) {
            close(soon(text));
        } else {
            end(soon(text));
        }
    }

    // ---- what the connection reports

    @Override
    public void received(Packet packet) {
        if (!over) {
            owner.received(packet);
        }
    }

    @Override
    public void burstEnded() {
        if (!over) {
            owner.burstEnded();
        }
    }

    @Override
    public void becameWritable() {
        if (!over) {
            owner.becameWritable();
        }
    }

    @Override
    public void failed(Throwable cause) {
        if (!over) {
            close(soon(FailureText.of(cause, address)));
        }
    }

    @Override
    public void closed(Connection closed) {
        if (closed == connection) {
            end(endedByPeer());
        }
    }

    // ---- the end

    /** The one place where an attempt or a connection is over. */
    private void end(Close otherwise) {
        if (!over) {
            abandon();
            owner.ended(why == null ? otherwise : why);
        }
    }

    private Close endedByPeer() {
        String text = established
                ? "%s closed the connection without saying why. If this repeats: is a second gateway running with client id %s?"
                        .formatted(address, options.clientId())
                : "%s closed the connection before CONNACK: is it an MQTT port, and one %s TLS?"
                        .formatted(address, address.tls() ? "with" : "without");
        return soon(text);
    }

    private static Close soon(String reason) {
        return Close.without(Retry.SOON, reason);
    }
}
