package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class CodecPropertyTest {

    @Property(tries = 1000)
    void readsWhatItHasWrittenInProtobuf(@ForAll Random random) throws Exception {
        Message message = new MessageSource(random).message();

        assertThat(ProtobufCodec.decode(ProtobufCodec.encode(message))).isEqualTo(message);
    }

    @Property(tries = 500)
    void writesTheBytesThatTheGeneratedClassesWrite(@ForAll Random random) throws Exception {
        byte[] bytes = ProtobufCodec.encode(new MessageSource(random).message());
        var out = new java.io.ByteArrayOutputStream();
        var coded = com.google.protobuf.CodedOutputStream.newInstance(out);
        coded.useDeterministicSerialization();
        io.sluice.telemetry.proto.Message.parseFrom(bytes).writeTo(coded);
        coded.flush();

        assertThat(out.toByteArray()).isEqualTo(bytes);
    }

    @Property(tries = 500)
    void isOneMessageWhenAnEnvelopeStandsBeforeAStoredBody(@ForAll Random random) {
        Message message = new MessageSource(random).message();
        byte[] body = ProtobufCodec.encodeBody(message.body());

        assertThat(ProtobufCodec.envelope(
                        message.gateway(),
                        message.device(),
                        message.epoch(),
                        message.sequence(),
                        message.settled(),
                        message.lane(),
                        body))
                .isEqualTo(ProtobufCodec.encode(message));
    }

    @Property(tries = 1000)
    void losesNothingInJsonThatJsonCanSay(@ForAll Random random) throws Exception {
        MessageSource source = new MessageSource(random);
        Message message = source.message();
        TagDescriptor tag = source.tag();
        byte[] json = JsonCodec.encode(message, alias -> alias % 3 == 0 ? null : tag);
        Message decoded = JsonCodec.decode(json);

        assertThat(new String(JsonCodec.encode(decoded, _ -> null), StandardCharsets.UTF_8))
                .isEqualTo(new String(json, StandardCharsets.UTF_8));
        if (!(message.body() instanceof Message.Batch) && !(message.body() instanceof Message.Birth)) {
            assertThat(decoded).isEqualTo(message);
        }
    }

    @Property(tries = 500)
    void keepsTypeTimeStatusAndValueOfAReadingInJson(@ForAll Random random) throws Exception {
        MessageSource source = new MessageSource(random);
        Message message = new Message(1, "g", "d", new Epoch(1, 2), 3, 3, Message.Lane.LIVE, source.batch());
        Message.Batch batch = (Message.Batch) message.body();
        Message.Batch decoded = (Message.Batch)
                JsonCodec.decode(JsonCodec.encode(message, _ -> null)).body();

        assertThat(decoded.clock()).isEqualTo(batch.clock());
        assertThat(decoded.base()).isEqualTo(batch.base());
        assertThat(decoded.origin()).isEqualTo(batch.origin());
        for (int i = 0; i < batch.readings().size(); i++) {
            assertSame(decoded.readings().get(i), batch.readings().get(i));
        }
    }

    private static void assertSame(Message.Reading actual, Message.Reading expected) {
        assertThat(actual.alias()).isEqualTo(expected.alias());
        assertThat(actual.type()).isEqualTo(expected.type());
        assertThat(actual.time()).isEqualTo(expected.time());
        assertThat(actual.status()).isEqualTo(expected.status());
        boolean unsayable = switch (expected.value()) {
            case Value.Float32(float number) -> !Float.isFinite(number);
            case Value.Float64(double number) -> !Double.isFinite(number);
            case null, default -> false;
        };
        if (unsayable) {
            assertThat(actual.value()).isNull();
        } else if (expected.type() != ValueType.STRUCTURE) {
            assertThat(actual.value()).isEqualTo(expected.value());
        }
    }

    @Property(tries = 2000)
    void refusesDamagedProtobufWithMalformedMessageOnly(@ForAll Random random) {
        byte[] bytes = damaged(ProtobufCodec.encode(new MessageSource(random).message()), random);

        assertThat(isReadOrRefused(() -> ProtobufCodec.decode(bytes))).isTrue();
    }

    @Property(tries = 2000)
    void refusesDamagedJsonWithMalformedMessageOnly(@ForAll Random random) {
        byte[] bytes = damaged(JsonCodec.encode(new MessageSource(random).message(), _ -> null), random);

        assertThat(isReadOrRefused(() -> JsonCodec.decode(bytes))).isTrue();
    }

    private interface Reader {
        Message read() throws MalformedMessage;
    }

    /** Anything else that is thrown fails the test. */
    private static boolean isReadOrRefused(Reader reader) {
        try {
            return !reader.read().gateway().isEmpty();
        } catch (MalformedMessage e) {
            return e.getMessage() != null && !e.getMessage().isBlank();
        }
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] damaged =
                java.util.Arrays.copyOf(bytes, random.nextInt(8) == 0 ? random.nextInt(bytes.length) : bytes.length);
        for (int i = random.nextInt(4); i > 0 && damaged.length > 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        return damaged;
    }

    @Property(tries = 300)
    void givesEqualKeysToEqualDescriptorsAndReadsThemBack(@ForAll Random random) {
        TagDescriptor tag = new MessageSource(random).tag();
        TagDescriptor same = new TagDescriptor(
                tag.name(),
                tag.type(),
                tag.unit(),
                tag.description(),
                tag.enumeration().reversed(),
                tag.low(),
                tag.high(),
                tag.source(),
                tag.kind(),
                tag.detail());

        assertThat(same.toKey()).isEqualTo(tag.toKey());
        assertThat(TagDescriptor.fromKey(tag.toKey())).isEqualTo(tag);
    }
}
