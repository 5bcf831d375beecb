package io.sluice.benchmarks.mqtt;

/** A connected MQTT 5 client that publishes the same message at QoS 1 again and again. */
interface Publisher extends AutoCloseable {

    String TOPIC = "sluice/v1/plant-7/data/meter-1";

    /** Publishes once. At first from any thread, then from the acknowledgement of another. */
    void publish();

    @Override
    void close() throws Exception;

    /** In the order of their turns. */
    enum Contender {
        SLUICE,
        BARE,
        CODEC,
        HIVEMQ,
        PAHO;

        /** @param acknowledged called once for each message, on the client's own thread, one at a time */
        Publisher connect(int port, byte[] payload, Runnable acknowledged) throws Exception {
            return switch (this) {
                case SLUICE -> new SluicePublisher(port, payload, acknowledged);
                case BARE -> new BarePublisher(port, payload, acknowledged);
                case CODEC -> new CodecPublisher(port, payload, acknowledged);
                case HIVEMQ -> new HiveMqPublisher(port, payload, acknowledged);
                case PAHO -> new PahoPublisher(port, payload, acknowledged);
            };
        }
    }
}
