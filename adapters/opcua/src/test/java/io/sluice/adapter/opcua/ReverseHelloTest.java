package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SplittableRandom;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReverseHelloTest {

    private static final byte[] MESSAGE = ReverseRelay.reverseHello("urn:grüße", "opc.tcp://press-2:4840");

    private static ByteBuf message(int size, Object... fields) {
        ByteBuf message = Unpooled.buffer()
                .writeBytes("RHEF".getBytes(StandardCharsets.US_ASCII))
                .writeIntLE(size);
        for (Object field : fields) {
            if (field instanceof Integer number) {
                message.writeIntLE(number);
            } else {
                message.writeBytes((byte[]) field);
            }
        }
        return message;
    }

    @Test
    void isReadWhenItsLastByteIsThere() throws Exception {
        for (int i = 0; i < MESSAGE.length; i++) {
            ByteBuf part = Unpooled.wrappedBuffer(MESSAGE, 0, i);
            assertThat(ReverseHello.decode(part)).isEmpty();
            assertThat(part.readableBytes()).isEqualTo(i);
        }
        ByteBuf whole = Unpooled.wrappedBuffer(MESSAGE, new byte[] {7});
        assertThat(ReverseHello.decode(whole)).contains(new ReverseHello("urn:grüße", "opc.tcp://press-2:4840"));
        assertThat(whole.readableBytes()).isEqualTo(1);
    }

    @Test
    void mayHaveNoText() throws Exception {
        assertThat(ReverseHello.decode(message(16, -1, 0))).contains(new ReverseHello("", ""));
    }

    @Test
    void mayHaveTextsOf4096Bytes() throws Exception {
        byte[] longest = "x".repeat(4096).getBytes(StandardCharsets.US_ASCII);
        assertThat(ReverseHello.decode(message(8208, 4096, longest, 4096, longest)))
                .hasValueSatisfying(hello -> assertThat(hello.endpointUrl()).hasSize(4096));
        assertThatThrownBy(() -> ReverseHello.decode(message(8209)))
                .isInstanceOfSatisfying(
                        ReverseHello.Malformed.class,
                        e -> assertThat(e.status()).isEqualTo(StatusCodes.Bad_TcpMessageTooLarge));
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "RHEC", "HELF", "RHX"})
    void isRefusedWithTheFirstByteThatIsWrong(String bytes) {
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes.getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> ReverseHello.decode(buffer))
                .isInstanceOf(ReverseHello.Malformed.class)
                .hasMessage("it does not begin with a ReverseHello");
    }

    @Test
    void isRefusedWhereItsLengthsDoNotFit() {
        assertMalformed(message(7), "a ReverseHello of 7 bytes");
        assertMalformed(message(-1), "a ReverseHello of 4294967295 bytes, at most 8208 are allowed");
        assertMalformed(message(8), "a ReverseHello that ends before its ServerUri");
        assertMalformed(message(12, -1), "a ReverseHello that ends before its EndpointUrl");
        assertMalformed(message(16, 5, 0), "a ReverseHello whose ServerUri has a length of 5");
        assertMalformed(message(16, -2, 0), "a ReverseHello whose ServerUri has a length of -2");
        assertMalformed(message(20, -1, -1, 0), "a ReverseHello with 4 bytes behind its EndpointUrl");
        assertMalformed(message(17, 1, new byte[] {-1}, -1), "a ReverseHello whose ServerUri is not UTF-8");
    }

    private static void assertMalformed(ByteBuf message, String reason) {
        assertThatThrownBy(() -> ReverseHello.decode(message))
                .isInstanceOf(ReverseHello.Malformed.class)
                .hasMessage(reason);
    }

    @Test
    void whateverComesIsReadRefusedOrWaitedFor() {
        SplittableRandom random = new SplittableRandom();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = MESSAGE.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[4 + random.nextInt(bytes.length - 4)] = (byte) random.nextInt(256);
            }
            ByteBuf buffer = Unpooled.wrappedBuffer(bytes, 0, random.nextInt(bytes.length + 1));
            try {
                Optional<ReverseHello> hello = ReverseHello.decode(buffer);
                assertThat(hello.map(ReverseHello::toString).orElse("")).doesNotContainPattern("\\p{C}");
            } catch (ReverseHello.Malformed e) {
                assertThat(e.getMessage()).matches("\\p{ASCII}+");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "opc.tcp://press-2:4840, opc.tcp://press-2, true",
        "opc.tcp://press-2:4840, opc.tcp://PRESS-2:4840/, true",
        "opc.tcp://press-2:4840/a, opc.tcp://press-2:4840/A, false",
        "opc.tcp://press-2:4840, opc.tcp://press-2:4841, false",
        "opc.tcp://[::1]:4840, opc.tcp://[::1], true",
        "opc.tcp://press-2:4840, press-2, false",
        "opc.tcp://press-2:4840, '', false",
    })
    void aServerIsKnownByItsEndpoint(String written, String said, boolean known) {
        AwaitedServer server = new AwaitedServer("press-2", written, Optional.empty());
        assertThat(server.isMeantBy(new ReverseHello("urn:any", said))).isEqualTo(known);
    }

    @ParameterizedTest
    @CsvSource({
        "urn:press-2, opc.tcp://press-2, true",
        "urn:press-2, '', true",
        "urn:press-2, opc.tcp://x, false",
        "urn:other, opc.tcp://press-2, false",
        "'', '', false"
    })
    void aServerUriHasToFitToo(String uri, String url, boolean known) {
        AwaitedServer server = new AwaitedServer("press-2", "opc.tcp://press-2", Optional.of("urn:press-2"));
        assertThat(server.isMeantBy(new ReverseHello(uri, url))).isEqualTo(known);
    }
}
