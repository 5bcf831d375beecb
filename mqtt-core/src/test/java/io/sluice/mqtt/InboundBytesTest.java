package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.mqtt.MqttOptions.Version;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** No bytes of a broker escape as an exception: they become packets, one of which may say that they are none. */
class InboundBytesTest {

    private static final int MAXIMUM_BYTES = 1 << 20;

    /** One packet of each kind that a broker sends. */
    private static final List<String> PACKETS = List.of(
            "20 03 00 00 00",
            "20 0b 00 00 08 21 00 0a 27 00 00 10 00",
            "30 07 00 01 74 00 61 62 63",
            "32 09 00 01 74 00 07 00 61 62 63",
            "34 09 00 01 74 00 07 00 61 62 63",
            "40 02 00 01",
            "40 08 00 01 87 04 1f 00 01 78",
            "50 02 00 01",
            "62 02 00 01",
            "70 02 00 01",
            "90 04 00 01 00 01",
            "d0 00",
            "e0 02 8e 00");

    @Property(tries = 2000)
    void damagedPacketsNeverEscapeAsExceptions(@ForAll long seed, @ForAll Version version) {
        Random random = new Random(seed);
        Reports reports = new Reports();
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(new Connection(channel, version, MAXIMUM_BYTES, reports));
        for (int i = 0; i < 10; i++) {
            channel.writeInbound(Unpooled.wrappedBuffer(damaged(random)));
        }
        channel.finishAndReleaseAll();

        assertThat(reports.escaped).isEmpty();
    }

    @Property(tries = 200)
    void soundPacketsArriveWhateverTheirOrder(@ForAll long seed) {
        Random random = new Random(seed);
        Reports reports = new Reports();
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(new Connection(channel, Version.MQTT_3_1_1, MAXIMUM_BYTES, reports));
        for (int i = 0; i < 20; i++) {
            channel.writeInbound(Unpooled.wrappedBuffer(
                    HexFormat.ofDelimiter(" ").parseHex(random.nextBoolean() ? "40 02 00 01" : "d0 00")));
        }
        channel.finishAndReleaseAll();

        assertThat(reports.received).hasSize(20).noneMatch(Packet.Malformed.class::isInstance);
    }

    private static byte[] damaged(Random random) {
        byte[] packet = HexFormat.ofDelimiter(" ").parseHex(PACKETS.get(random.nextInt(PACKETS.size())));
        for (int i = random.nextInt(3); i > 0; i--) {
            packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
        }
        return packet;
    }

    private static final class Reports implements Connection.Owner {

        private final List<Packet> received = new ArrayList<>();
        private final List<Throwable> escaped = new ArrayList<>();

        @Override
        public void received(Packet packet) {
            received.add(packet);
        }

        @Override
        public void failed(Throwable cause) {
            escaped.add(cause);
        }

        @Override
        public void burstEnded() {}

        @Override
        public void becameWritable() {}

        @Override
        public void closed(Connection connection) {}
    }
}
