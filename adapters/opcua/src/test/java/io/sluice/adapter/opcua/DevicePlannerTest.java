package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DevicePlannerTest {

    private static final String PRESS = "http://vendor.example/press";
    private static final Mark MARK = new Mark("press.yaml", 4, 12);

    private final Problems problems = new Problems();
    private final AddressParser parser = new AddressParser(Map.of("p", PRESS), problems);

    @Test
    void readsEveryKindOfNodeId() {
        assertThat(List.of(
                        "p:s=Press.State", "p:i=7", "i=2258", "p:g=09087e75-8e5e-499b-954f-f2a9603db28a", "p:b=AQI="))
                .map(text -> parser.node(text, MARK).orElseThrow())
                .containsExactly(
                        new TagAddress.Node(PRESS, new TagAddress.Text("Press.State")),
                        new TagAddress.Node(PRESS, new TagAddress.Numeric(7)),
                        new TagAddress.Node(TagAddress.STANDARD_NAMESPACE, new TagAddress.Numeric(2258)),
                        new TagAddress.Node(
                                PRESS, new TagAddress.Guid(UUID.fromString("09087e75-8e5e-499b-954f-f2a9603db28a"))),
                        new TagAddress.Node(PRESS, new TagAddress.Opaque("AQI=")));
        assertThat(parser.node("nsu=urn:other%3B1;i=7", MARK))
                .contains(new TagAddress.Node("urn:other;1", new TagAddress.Numeric(7)));
        assertThat(parser.node("nsu=urn:other;s=a=b;c:d", MARK))
                .contains(new TagAddress.Node("urn:other", new TagAddress.Text("a=b;c:d")));
        assertThat(problems.sorted()).isEmpty();
    }

    @Test
    void refusesANamespaceIndexAndSaysWhatToWrite() {
        assertThat(parser.node("ns=2;s=Press.State", MARK)).isEmpty();
        assertThat(problems.sorted())
                .singleElement()
                .hasToString("press.yaml:4:12: error: node 'ns=2;s=Press.State' names its namespace by index, which may"
                        + " change when the server restarts: declare the URI under namespaces: { p: \"http://…\" } and"
                        + " write p:s=Press.State");
    }

    @Test
    void saysWhichPrefixesAreDeclared() {
        assertThat(parser.node("q:s=Press.State", MARK)).isEmpty();
        assertThat(problems.sorted())
                .singleElement()
                .extracting(Problems.Problem::message)
                .isEqualTo("unknown namespace prefix 'q' in 'q:s=Press.State', expected one of p");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Press.State", "i=x", "i=4294967296", "i=-1", "g=12", "b=*", "p:s="})
    void refusesWhatIsNoNodeId(String text) {
        assertThat(parser.node(text, MARK)).isEmpty();
        assertThat(problems.sorted()).hasSize(1);
    }

    @Test
    void readsBrowsePaths() {
        assertThat(parser.path("/Objects/p:Press/p:Hydraulics/p:Level", MARK))
                .contains(new TagAddress.Path(List.of(
                        new TagAddress.Step(TagAddress.STANDARD_NAMESPACE, "Objects"),
                        new TagAddress.Step(PRESS, "Press"),
                        new TagAddress.Step(PRESS, "Hydraulics"),
                        new TagAddress.Step(PRESS, "Level"))));
        assertThat(parser.path("/Objects/p:Zone 1&/2/a&:b", MARK))
                .contains(new TagAddress.Path(List.of(
                        new TagAddress.Step(TagAddress.STANDARD_NAMESPACE, "Objects"),
                        new TagAddress.Step(PRESS, "Zone 1/2"),
                        new TagAddress.Step(TagAddress.STANDARD_NAMESPACE, "a:b"))));
        assertThat(problems.sorted()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Objects/p:Press", "/", "/Objects//p:Press", "/Objects/", "/Objects/x:Press"})
    void refusesWhatIsNoBrowsePath(String text) {
        assertThat(parser.path(text, MARK)).isEmpty();
        assertThat(problems.sorted()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "None, NONE, NONE",
        "Basic256Sha256/SignAndEncrypt, BASIC_256_SHA_256, SIGN_AND_ENCRYPT",
        "Aes256_Sha256_RsaPss/Sign, AES_256_SHA_256_RSA_PSS, SIGN"
    })
    void readsPolicyAndMode(String text, Security.Policy policy, Security.Mode mode) {
        assertThat(Security.parse(text)).contains(new Security(policy, mode));
        assertThat(new Security(policy, mode).written()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic256Sha256", "None/Sign", "basic256sha256/Sign", "Basic256Sha256/None", ""})
    void refusesWhatIsNoPolicyAndMode(String text) {
        assertThat(Security.parse(text)).isEqualTo(Optional.empty());
    }
}
