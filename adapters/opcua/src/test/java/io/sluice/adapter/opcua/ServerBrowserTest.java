package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.DeviceLoader;
import io.sluice.profiles.Node;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Substitution;
import io.sluice.profiles.TagDefinition;
import io.sluice.profiles.YamlReader;
import io.sluice.telemetry.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.structured.EUInformation;
import org.eclipse.milo.opcua.stack.core.types.structured.Range;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerBrowserTest {

    /** What YAML does not take as it is, and what would be taken from outside. */
    private static final String ODD = "Odd\u007f\u0085\u2028${HOME}\ttab";

    private static final int KILONEWTON = 'B' << 16 | '4' << 8 | '7';

    @TempDir
    Path directory;

    private MiloServer server;

    @BeforeEach
    void startServer() throws Exception {
        LocalizedText shown = LocalizedText.english("kN");
        server = MiloServer.start();
        server.addAnalog("Press.Force", 12.5, new EUInformation("", KILONEWTON, shown, shown), new Range(0.0, 4000.0))
                .add("Job \"Name\"", NodeIds.String, Variant.ofString("axle"))
                .add("1", NodeIds.Int32, Variant.ofInt32(1))
                .add(ODD, NodeIds.Int32, Variant.ofInt32(1));
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private ServerBrowser connect() throws Exception {
        return ServerBrowser.connect(new ServerBrowser.Login(server.endpoint(), "None", Optional.empty()), directory);
    }

    @Test
    void showsWhatIsNotOfTheStandardAndReadsIt() throws Exception {
        try (ServerBrowser browser = connect()) {
            ServerBrowser.Tree tree = browser.tree(5, 100);
            assertThat(tree.nodes())
                    .contains(
                            new BrowsedNode("/Objects/Test", 1, "Test", MiloServer.NAMESPACE, "s=Test", false),
                            new BrowsedNode(
                                    "/Objects/Test/Press.Force",
                                    2,
                                    "Press.Force",
                                    MiloServer.NAMESPACE,
                                    "s=Press.Force",
                                    true));
            List<BrowsedNode> variables =
                    tree.nodes().stream().filter(BrowsedNode::variable).toList();
            assertThat(variables).hasSize(4);
            ReadNode force = browser.read(variables).getFirst();
            assertThat(force.sample().value()).isEqualTo(new Value.Float64(12.5));
            assertThat(force.unit()).isEqualTo("kN");
            assertThat(browser.tree(5, 2).complete()).isFalse();
            assertThat(browser.tree(1, 100).complete()).isFalse();
        }
        assertThat(server.sessions()).isZero();
    }

    @Test
    void readsTheFieldsOfStructuresWhoseTypesTheServerDescribes() throws Exception {
        server.addStructure("Job", "axle", 42);
        try (ServerBrowser browser = connect()) {
            List<BrowsedNode> job = browser.tree(5, 100).nodes().stream()
                    .filter(node -> node.name().equals("Job"))
                    .toList();
            assertThat(browser.read(job).getFirst().sample().value())
                    .isEqualTo(new Value.Structure(List.of(
                            new Value.Structure.Field("text", new Value.Text("axle")),
                            new Value.Structure.Field("number", new Value.Signed(42)))));
        }
    }

    @Test
    void theDraftProfileIsWithoutProblem() throws Exception {
        String draft;
        try (ServerBrowser browser = connect()) {
            draft = DraftProfile.of(
                    "draft",
                    server.endpoint(),
                    browser.read(browser.tree(5, 100).nodes().stream()
                            .filter(BrowsedNode::variable)
                            .toList()));
        }
        Files.writeString(directory.resolve("draft.yaml"), draft);
        Path gateway = Files.writeString(directory.resolve("gateway.yaml"), """
                devices:
                  - id: press-1
                    profile: ./draft.yaml
                    connection: { endpoint: "opc.tcp://10.0.0.20:4840" }
                """);
        Problems problems = new Problems();
        Substitution substitution = new Substitution(Map.of(), true);
        Node.Mapping root = YamlReader.read(gateway, substitution, problems).orElseThrow();
        DeviceDefinition device = DeviceLoader.load(root, Map.of("opcua", OpcUaSettings.SCHEMA), substitution, problems)
                .getFirst();
        OpcUaPlan plan = new DevicePlanner(device, problems).plan().orElseThrow();
        assertThat(problems.sorted()).isEmpty();
        assertThat(device.tags())
                .extracting(TagDefinition::name)
                .containsExactly("press-force", "job-name", "tag-1", "odd-home-tab");
        assertThat(device.tags().getFirst().unit()).isEqualTo("kN");
        assertThat(plan.items())
                .extracting(OpcUaPlan.Item::address)
                .contains(
                        new TagAddress.Node(MiloServer.NAMESPACE, new TagAddress.Text("Job \"Name\"")),
                        new TagAddress.Node(MiloServer.NAMESPACE, new TagAddress.Text(ODD)));
    }

    @Test
    void aUserComesInWithACertificate() throws Exception {
        UserFiles user = UserFiles.make(directory.resolve("user"));
        Identity encrypted =
                new Identity.Certificate(user.certificate, user.encryptedKey(), Optional.of(UserFiles.PASSWORD));
        try (ServerBrowser browser = ServerBrowser.connect(
                new ServerBrowser.Login(server.endpoint(), "None", Optional.of(encrypted)), directory)) {
            assertThat(server.users()).containsExactly(MiloUsers.SUBJECT.getName());
            assertThat(browser.tree(5, 100).nodes()).isNotEmpty();
        }
        Identity locked = new Identity.Certificate(user.certificate, user.encryptedKey(), Optional.empty());
        assertThatThrownBy(() -> ServerBrowser.connect(
                        new ServerBrowser.Login(server.endpoint(), "None", Optional.of(locked)), directory))
                .hasMessageContaining("is encrypted, and there is no key-password");
    }

    @Test
    void saysWhyItCannotConnect() throws Exception {
        int nobody = MiloServer.freePort();
        assertThatThrownBy(() -> ServerBrowser.connect(
                        new ServerBrowser.Login("opc.tcp://127.0.0.1:" + nobody, "None", Optional.empty()), directory))
                .isInstanceOf(IOException.class)
                .hasMessage("no answer from opc.tcp://127.0.0.1:" + nobody + " (connection refused)");
        assertThatThrownBy(() -> ServerBrowser.connect(
                        new ServerBrowser.Login("http://127.0.0.1", "None", Optional.empty()), directory))
                .hasMessage("'http://127.0.0.1' is no endpoint, expected opc.tcp://HOST:PORT");
    }
}
