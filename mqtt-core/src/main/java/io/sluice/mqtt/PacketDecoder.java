package io.sluice.mqtt;

import io.netty.buffer.ByteBuf;
import io.sluice.mqtt.MqttOptions.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a broker sends into packets. Never throws: what is wrong becomes a packet too, after which nothing more is read.
 * A packet is refused by its length before its bytes are there, and a length inside it that does not fit is malformed, never
 * waited for.
 */
final class PacketDecoder {

    private static final int MAX_LENGTH_BYTES = 4;

    private final Version version;
    private final long maximumPacketBytes;
    private boolean broken;

    PacketDecoder(Version version, long maximumPacketBytes) {
        this.version = version;
        this.maximumPacketBytes = maximumPacketBytes;
    }

    /** The next packet; null if it is not all there yet. */
    @Nullable
    Packet next(ByteBuf in) {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return null;
        }
        try {
            return frame(in);
        } catch (Malformation e) {
            broken = true;
            return e.packet();
        } catch (IndexOutOfBoundsException e) {
            broken = true;
            return Malformation.malformed("a packet with a length inside that does not fit")
                    .packet();
        }
    }

    private @Nullable Packet frame(ByteBuf in) throws Malformation {
        int start = in.readerIndex();
        int there = in.readableBytes();
        int length = 0;
        for (int i = 1; i <= MAX_LENGTH_BYTES; i++) {
            if (i >= there) {
                return null;
            }
            int digit = in.getUnsignedByte(start + i);
            length |= (digit & 0x7F) << (7 * (i - 1));
            if (digit < 0x80) {
                if (digit == 0 && i > 1 && version == Version.MQTT_5) {
                    throw Malformation.malformed("a Remaining Length in more bytes than it needs");
                }
                return body(in, 1 + i, length);
            }
        }
        throw Malformation.malformed("a Remaining Length of more than four bytes");
    }

    private @Nullable Packet body(ByteBuf in, int headerBytes, int length) throws Malformation {
        if ((long) headerBytes + length > maximumPacketBytes) {
            throw new Malformation(ReasonCode.PACKET_TOO_LARGE, "a packet over " + maximumPacketBytes + " bytes");
        }
        if (in.readableBytes() < headerBytes + length) {
            return null;
        }
        int first = in.readUnsignedByte();
        in.skipBytes(headerBytes - 1);
        if (first == 0x40 && (length == 2 || (length == 3 && version == Version.MQTT_5))) {
            return new Packet.PubAck(identifier(in), length == 2 ? Reason.SUCCESS : Reason.of(in.readUnsignedByte()));
        }
        ByteBuf body = in.readSlice(length);
        Packet packet = packet(first, body);
        if (body.isReadable()) {
            throw Malformation.malformed("a packet that is longer than what is in it");
        }
        return packet;
    }

    private Packet packet(int first, ByteBuf body) throws Malformation {
        int type = first >> 4;
        requireFlags(type, first & 0xF);
        return switch (type) {
            case 2 -> connAck(body);
            case 3 -> publish(first & 0xF, body);
            case 4 -> new Packet.PubAck(identifier(body), reason(body));
            case 5 -> new Packet.PubRec(identifier(body), reason(body));
            case 6 -> new Packet.PubRel(identifier(body), reason(body));
            case 7 -> new Packet.PubComp(identifier(body), reason(body));
            case 9 -> subAck(body);
            case 11 -> unsubAck(body);
            case 13 -> new Packet.PingResp();
            case 14 -> disconnect(body);
            case 15 -> auth(body);
            case 0 -> throw Malformation.malformed("a packet of type 0");
            default -> throw Malformation.protocolError("a packet of type " + type + ", which only a client sends");
        };
    }

    /** [MQTT-2.1.3-1]. */
    private static void requireFlags(int type, int flags) throws Malformation {
        int expected = type == 6 || type == 8 || type == 10 ? 2 : 0;
        if (type != 3 && flags != expected) {
            throw Malformation.malformed("a packet of type " + type + " with flags " + flags);
        }
    }

    private static int identifier(ByteBuf body) throws Malformation {
        int identifier = body.readUnsignedShort();
        if (identifier == 0) {
            throw Malformation.protocolError("a Packet Identifier 0");
        }
        return identifier;
    }

    /** Of PUBACK and its kin: left out, it is 0x00 without properties (§3.4.2.1). */
    private Reason reason(ByteBuf body) throws Malformation {
        return body.isReadable() && version == Version.MQTT_5
                ? reason(body, Property.OF_ACKNOWLEDGEMENT)
                : Reason.SUCCESS;
    }

    private static Reason reason(ByteBuf body, Set<Property> allowed) throws Malformation {
        int code = body.readUnsignedByte();
        return optional(body, allowed).reason(code);
    }

    /** Properties that may be left out with their length. */
    private static ReceivedProperties optional(ByteBuf body, Set<Property> allowed) throws Malformation {
        return body.isReadable() ? ReceivedProperties.read(body, allowed) : ReceivedProperties.NONE;
    }

    private ReceivedProperties properties(ByteBuf body, Set<Property> allowed) throws Malformation {
        return version == Version.MQTT_5 ? ReceivedProperties.read(body, allowed) : ReceivedProperties.NONE;
    }

    private Packet publish(int flags, ByteBuf body) throws Malformation {
        int qos = (flags >> 1) & 3;
        boolean dup = (flags & 8) != 0;
        if (qos == 3) {
            throw Malformation.malformed("a PUBLISH with QoS 3");
        }
        if (dup && qos == 0) {
            throw Malformation.malformed("a PUBLISH of QoS 0 with DUP");
        }
        String topic = Wire.readText(body);
        int identifier = qos > 0 ? identifier(body) : 0;
        ReceivedProperties properties = properties(body, Property.OF_PUBLISH);
        return new Packet.Arrival(
                identifier,
                dup,
                qos,
                (flags & 1) != 0,
                topic,
                properties.number(Property.TOPIC_ALIAS, -1),
                Wire.readBytes(body, body.readableBytes()),
                properties.message());
    }

    private Packet connAck(ByteBuf body) throws Malformation {
        int flags = body.readUnsignedByte();
        if (flags > 1) {
            throw Malformation.malformed("a CONNACK with flags " + flags);
        }
        int code = body.readUnsignedByte();
        // A broker that only speaks MQTT 3.1.1 answers in its own way to a CONNECT of MQTT 5.
        boolean old = version == Version.MQTT_3_1_1 || !body.isReadable();
        ReceivedProperties properties = old ? ReceivedProperties.NONE : properties(body, Property.OF_CONNACK);
        Reason reason = properties.reason(old ? ReasonCode.ofReturnCode(code) : code);
        if (flags == 1 && reason.isFailure()) {
            throw Malformation.protocolError("a CONNACK that refuses, with Session Present 1");
        }
        return new Packet.ConnAck(content(flags == 1, reason, properties));
    }

    private static ConnectionListener.ConnAck content(
            boolean sessionPresent, Reason reason, ReceivedProperties properties) {
        return new ConnectionListener.ConnAck(
                sessionPresent,
                reason,
                properties.interval(Property.SESSION_EXPIRY_INTERVAL),
                properties.number(Property.RECEIVE_MAXIMUM, 65_535),
                properties.number(Property.MAXIMUM_QOS, 2),
                properties.bit(Property.RETAIN_AVAILABLE, true),
                properties.interval(Property.MAXIMUM_PACKET_SIZE).orElse(Long.MAX_VALUE),
                properties.text(Property.ASSIGNED_CLIENT_IDENTIFIER),
                properties.number(Property.TOPIC_ALIAS_MAXIMUM, 0),
                properties.bit(Property.WILDCARD_SUBSCRIPTION_AVAILABLE, true),
                properties.bit(Property.SUBSCRIPTION_IDENTIFIERS_AVAILABLE, true),
                properties.bit(Property.SHARED_SUBSCRIPTION_AVAILABLE, true),
                properties.number(Property.SERVER_KEEP_ALIVE),
                properties.text(Property.RESPONSE_INFORMATION),
                properties.text(Property.SERVER_REFERENCE),
                properties.text(Property.AUTHENTICATION_METHOD),
                properties.binary(Property.AUTHENTICATION_DATA));
    }

    private Packet subAck(ByteBuf body) throws Malformation {
        int identifier = identifier(body);
        ReceivedProperties properties = properties(body, Property.OF_ACKNOWLEDGEMENT);
        return new Packet.SubAck(identifier, properties.answer(codes(body)));
    }

    private Packet unsubAck(ByteBuf body) throws Malformation {
        int identifier = identifier(body);
        ReceivedProperties properties = properties(body, Property.OF_ACKNOWLEDGEMENT);
        return new Packet.UnsubAck(identifier, properties.answer(version == Version.MQTT_5 ? codes(body) : List.of()));
    }

    private static List<Integer> codes(ByteBuf body) {
        List<Integer> codes = new ArrayList<>(body.readableBytes());
        while (body.isReadable()) {
            codes.add((int) body.readUnsignedByte());
        }
        return codes;
    }

    private Packet disconnect(ByteBuf body) throws Malformation {
        if (version == Version.MQTT_3_1_1) {
            throw Malformation.protocolError("a DISCONNECT, which MQTT 3.1.1 does not let a broker send");
        }
        if (!body.isReadable()) {
            return Packet.Disconnect.of(ReasonCode.SUCCESS);
        }
        int code = body.readUnsignedByte();
        ReceivedProperties properties = optional(body, Property.OF_DISCONNECT);
        return new Packet.Disconnect(
                properties.reason(code), Optional.empty(), properties.text(Property.SERVER_REFERENCE));
    }

    private Packet auth(ByteBuf body) throws Malformation {
        if (version == Version.MQTT_3_1_1) {
            throw Malformation.protocolError("an AUTH, which MQTT 3.1.1 does not know");
        }
        int code = body.isReadable() ? body.readUnsignedByte() : ReasonCode.SUCCESS;
        ReceivedProperties properties = optional(body, Property.OF_AUTH);
        return new Packet.Auth(
                properties.reason(code),
                properties.text(Property.AUTHENTICATION_METHOD).orElse(""),
                properties.binary(Property.AUTHENTICATION_DATA));
    }
}
