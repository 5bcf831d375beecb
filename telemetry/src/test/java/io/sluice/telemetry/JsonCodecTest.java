package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class JsonCodecTest {

    private static final String BATCH = """
            {"readings":[%s],"clock":{"synchronised":true},"kind":"batch","gateway":"g","device":"d",
             "epoch":"00000001-0000000000000002","sequence":3,"later":{"a":[1,null]}}""";

    private static Message decode(String json) throws MalformedMessage {
        return JsonCodec.decode(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Message.Reading reading(String fields) throws MalformedMessage {
        String reading =
                "{\"tag\":\"t\",\"time\":\"2026-11-20T09:14:03.120450000Z\",\"quality\":\"good\"," + fields + "}";
        return ((Message.Batch) decode(BATCH.formatted(reading)).body())
                .readings()
                .getFirst();
    }

    private static void refuses(String json, String... because) {
        assertThatThrownBy(() -> decode(json))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContainingAll(because);
    }

    @Test
    void readsFieldsInAnyOrderAndThoseItDoesNotKnow() throws MalformedMessage {
        assertThat(reading("\"value\":1").time()).isEqualTo(new PtpTimestamp(1_795_166_043L, 120_450_000));
    }

    @Test
    void takesTheNaturalTypeOfAValueWhereNoneIsSaid() throws MalformedMessage {
        assertThat(reading("\"value\":1").value()).isEqualTo(new Value.Signed(1));
        assertThat(reading("\"value\":18446744073709551615").value()).isEqualTo(new Value.Unsigned(-1));
        assertThat(reading("\"value\":1.0").value()).isEqualTo(new Value.Float64(1));
        assertThat(reading("\"value\":1e3").value()).isEqualTo(new Value.Float64(1000));
        assertThat(reading("\"value\":\"x\"").value()).isEqualTo(new Value.Text("x"));
        assertThat(reading("\"value\":true").value()).isEqualTo(new Value.Bool(true));
        assertThat(reading("\"value\":[1,null]").type()).isEqualTo(ValueType.STRUCTURE);
    }

    @Test
    void roundsAFloatOnceAndNotThroughADouble() throws MalformedMessage {
        assertThat(reading("\"value\":16777217.0000000001,\"type\":\"float32\"").value())
                .isEqualTo(new Value.Float32(16777218f));
    }

    @Test
    void keepsTheNameOfAnEnumerationsValue() throws MalformedMessage {
        assertThat(reading("\"value\":3,\"text\":\"running\"")
                        .tag()
                        .orElseThrow()
                        .nameOf(3))
                .contains("running");
    }

    @Test
    void writesAnAliasWithoutNameAsItsNumberAndReadsItAgain() throws MalformedMessage {
        Message.Reading reading = new Message.Reading(
                7, Optional.empty(), ValueType.SIGNED, PtpTimestamp.ofNanos(1), new Value.Signed(1), Status.GOOD);
        Message.Batch batch =
                new Message.Batch(ClockState.UNKNOWN, Message.Origin.LIVE, PtpTimestamp.ofNanos(0), List.of(reading));
        byte[] json =
                JsonCodec.encode(new Message(1, "g", "d", new Epoch(1, 2), 1, 1, Message.Lane.LIVE, batch), _ -> null);

        assertThat(new String(json, StandardCharsets.UTF_8)).contains("\"tag\":\"#7\"");
        assertThat(((Message.Batch) JsonCodec.decode(json).body()).readings()).containsExactly(reading);
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        refuses("[]", "message", "expected an object");
        refuses("{\"kind\":", "not JSON");
        refuses("", "message");
        refuses("{\"kind\":\"batch\"} {}", "after the end");
        refuses("{\"kind\":\"heartbeat\",\"gateway\":\"g\"}", "message.device", "expected text");
        refuses(BATCH.formatted("{\"tag\":\"t\"}"), "message.readings[0].time", "expected text");
        refuses(BATCH.formatted("7"), "message.readings[0]", "expected an object");
        refuses(BATCH.formatted("").replace("\"sequence\":3", "\"sequence\":-3"), "sequence", "-3");
        refuses(BATCH.formatted("").replace("\"sequence\":3", "\"sequence\":3.5"), "message.sequence", "3.5");
        refuses(BATCH.formatted("").replace("00000001-", "1-"), "not an epoch");
        refuses(BATCH.formatted("").replace("\"batch\"", "\"bunch\""), "no kind 'bunch'");
        assertThatThrownBy(() -> reading("\"value\":1,\"type\":\"bool\"")).hasMessageContaining("bool cannot be");
        assertThatThrownBy(() -> reading("\"value\":1e99,\"type\":\"float32\"")).hasMessageContaining("1e99");
        assertThatThrownBy(() -> reading("\"value\":null,\"code\":4294967296")).hasMessageContaining("32 bits");
    }

    @Test
    void readsAHigherSchemaWithAKindItDoesNotKnow() throws MalformedMessage {
        Message message = decode("""
                {"kind":"command","schema":2,"gateway":"g","device":"d","epoch":"00000001-0000000000000002"}""");

        assertThat(message.body()).isEqualTo(new Message.Unknown());
        assertThat(message.schema()).isEqualTo(2);
    }

    @Test
    void writesAndReadsDurationsInTheLargestUnitThatIsExact() {
        assertThat(List.of(0L, 1L, 1_500L, 1_500_000L, -37_000_000_000L, Long.MIN_VALUE))
                .allSatisfy(nanos ->
                        assertThat(JsonText.nanos(JsonText.duration(nanos))).isEqualTo(nanos));
        assertThat(JsonText.duration(2_000_000)).isEqualTo("2ms");
        assertThatThrownBy(() -> JsonText.nanos("2h")).hasMessageContaining("2h");
    }

    @Test
    void resolvesAliasesByEpochAsBirthsHaveNamedThem() {
        Epoch first = new Epoch(1, 1);
        Epoch second = new Epoch(2, 2);
        TagTables tables = new TagTables();
        tables.accept(birth(second, new Message.AliasTable(first, java.util.Map.of(1, tag("a")))));
        tables.accept(birth(second, new Message.AliasTable(second, java.util.Map.of(1, tag("b")))));
        tables.accept(birth(second, new Message.AliasTable(second, java.util.Map.of(2, tag("c")))));

        assertThat(tables.find("g", "d", first, 1)).contains(tag("a"));
        assertThat(tables.find("g", "d", second, 1)).contains(tag("b"));
        assertThat(tables.find("g", "d", second, 2)).contains(tag("c"));
        assertThat(tables.find("g", "d", first, 2)).isEmpty();
        assertThat(tables.find("g", "other", first, 1)).isEmpty();
    }

    private static Message birth(Epoch epoch, Message.AliasTable table) {
        return new Message(
                1, "g", "d", epoch, 0, 0, Message.Lane.UNSPECIFIED, new Message.Birth(1, 0, 1, List.of(table)));
    }

    private static TagDescriptor tag(String name) {
        return new TagDescriptor(
                name, ValueType.BOOL, "", "", List.of(), OptionalDouble.empty(), OptionalDouble.empty(), "");
    }
}
