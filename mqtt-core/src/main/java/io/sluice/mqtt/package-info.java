/**
 * An MQTT 5 and 3.1.1 client: a protocol core without I/O, flow control, reconnect, TLS.
 *
 * <ul>
 *   <li>What others see: {@link MqttClient}, {@link MqttOptions}, {@link TransportOptions},
 *       {@link ConnectionListener}, {@link Publish}, {@link Subscribe}, {@link Outcome}, {@link Reason}
 *   <li>The session, without network, clock or thread: {@link Session}, {@link Event}, {@link Action},
 *       {@link Link}, {@link Outbound}, {@link Outgoing}, {@link InFlight}, {@link Suspicion}, {@link Sending},
 *       {@link TopicAliases}, {@link BrokerLimits}, {@link RateLimit}, {@link Inbound}, {@link Subscriptions},
 *       {@link KeepAlive}, {@link Authenticator}, {@link VersionChoice}, {@link ProblemInformation}
 *   <li>Packets and bytes: {@link Packet}, {@link PacketDecoder}, {@link PacketEncoder}, {@link Property},
 *       {@link PropertyWriter}, {@link ReceivedProperties}, {@link PublishSize}, {@link RequestSize},
 *       {@link Malformation}, {@link ReasonCode}, {@link Texts}, {@link Topics}, {@link Wire}
 *   <li>Staying connected: {@link Connector}, {@link Attempt}, {@link BrokerOrder}, {@link BrokerAddress},
 *       {@link ServerReference}, {@link WayBack}, {@link Backoff}, {@link FailureText}
 *   <li>Below MQTT: {@link Transport}, {@link Dialler}, {@link Dial}, {@link Connection}, {@link Gathering},
 *       {@link WebSocketFrames}, {@link TlsContexts}, {@link Identities}, {@link CertificateExpiry}
 *   <li>Between the threads of the user and that of the client: {@link Handoff}, {@link Callbacks}
 * </ul>
 */
@NullMarked
package io.sluice.mqtt;

import org.jspecify.annotations.NullMarked;
