package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of §4.11. */
class ServerReferenceTest {

    @ParameterizedTest
    @CsvSource({
        "other.example, mqtt://other.example",
        "other.example:1884, mqtt://other.example:1884",
        "[fe80::9610:3eff:fe1c]:1883, mqtt://[fe80::9610:3eff:fe1c]:1883",
        "'one.example:1 two.example:2', mqtt://one.example:1",
        "'::: two.example', mqtt://two.example",
    })
    void theFirstBrokerThatCanBeReadIsTaken(String reference, URI broker) {
        assertThat(ServerReference.first(reference, URI.create("mqtt://old.example:99")))
                .contains(broker);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ":::", "a b c@@"})
    void whatNamesNoHostIsLeft(String reference) {
        assertThat(ServerReference.first(reference.replace("a b c", ""), URI.create("mqtt://old.example")))
                .isEmpty();
    }

    @Test
    void theTransportStaysTheSame() {
        assertThat(ServerReference.first("other.example", URI.create("mqtts://old.example:99")))
                .contains(URI.create("mqtts://other.example"));
    }
}
