package io.sluice.mqtt;

import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.MqttOptions.Version;

/** What the parts of a session need of the connection that stands. */
interface Link {

    /** Nanoseconds of the event that is handled. */
    long now();

    Version version();

    /** The CONNACK of the connection, or of the last one. */
    ConnectionListener.ConnAck agreed();

    /** CONNECT was written, and nothing has ended the connection. */
    boolean isOpen();

    /** CONNACK has come, and nothing has ended the connection. */
    boolean isConnected();

    /** Connected, and the transport takes more bytes. */
    boolean isWritable();

    void write(Packet packet);

    void perform(Action action);

    /** The broker broke the protocol. */
    void fault(int reasonCode, String what);

    void end(Retry retry, String reason);

    /** An acknowledgement belonged to nothing: counted and ignored. */
    void unknownIdentifier();
}
