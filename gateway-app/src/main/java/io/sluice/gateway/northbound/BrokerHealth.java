package io.sluice.gateway.northbound;

/**
 * How the connection to the broker does, at one moment.
 *
 * @param inFlight messages handed to the MQTT client that have no outcome yet
 * @param noSubscriber messages that the broker took although nobody subscribes to them (Reason Code 0x10)
 */
public record BrokerHealth(String clientId, Link link, int inFlight, long noSubscriber) {

    /** Before anything was tried. */
    public static BrokerHealth none(String clientId, long now) {
        return new BrokerHealth(clientId, Link.none(now), 0, 0);
    }

    /**
     * What is known of the connection.
     *
     * @param broker that was tried last; empty before the first attempt
     * @param connection number of the last connection within this run, 0 before the first
     * @param since UTC nanoseconds: of the connect, or of the end of the connection before
     * @param lastError why the last connection ended or could not be made; empty if none did
     * @param lastErrorAt UTC nanoseconds
     */
    public record Link(
            boolean connected, String broker, long connection, long since, String lastError, long lastErrorAt) {

        static Link none(long now) {
            return new Link(false, "", 0, now, "", 0);
        }

        Link connected(String to, long number, long now) {
            return new Link(true, to, number, now, lastError, lastErrorAt);
        }

        Link disconnected(String from, String error, long now) {
            return new Link(false, from, connection, connected ? now : since, error, now);
        }
    }
}
