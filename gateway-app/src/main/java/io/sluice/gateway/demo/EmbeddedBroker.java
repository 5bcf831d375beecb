package io.sluice.gateway.demo;

import java.nio.file.Path;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/** An MQTT broker inside the demo's process, on loopback, with nothing on disk. Not for a plant. */
public final class EmbeddedBroker implements AutoCloseable {

    private static final String ACCEPTOR = "mqtt";

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();

    /**
     * Starts the broker on a free port.
     *
     * @param directory where it may put what it insists on writing
     * @throws IllegalStateException if it cannot start
     */
    public EmbeddedBroker(Path directory) {
        Configuration configuration = new ConfigurationImpl()
                .setName("demo")
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .setScheduledThreadPoolMaxSize(2)
                .setThreadPoolMaxSize(8);
        configuration.setBrokerInstance(directory.toFile());
        try {
            configuration.addAcceptorConfiguration(ACCEPTOR, "tcp://127.0.0.1:0?protocols=MQTT");
            broker.setConfiguration(configuration);
            broker.start();
        } catch (Exception e) {
            throw new IllegalStateException("the demo's broker does not start: " + e.getMessage(), e);
        }
    }

    /** The TCP port it listens on. */
    public int port() {
        NettyAcceptor acceptor =
                (NettyAcceptor) broker.getActiveMQServer().getRemotingService().getAcceptor(ACCEPTOR);
        return acceptor.getActualPort();
    }

    @Override
    public void close() {
        try {
            broker.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the demo's broker does not stop: " + e.getMessage(), e);
        }
    }
}
