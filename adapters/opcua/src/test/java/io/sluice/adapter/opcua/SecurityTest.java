package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.telemetry.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Period;
import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecurityTest {

    @TempDir
    Path state;

    @Test
    void aServerIsTrustedByTheCommandThatTheErrorNames() throws Exception {
        try (MiloServer server = MiloServer.startSecure()) {
            server.add("Count", NodeIds.Int32, Variant.ofInt32(3));
            OpcUaPlan plan = Bench.plan(
                    server.endpoint(),
                    Security.parse("Basic256Sha256/SignAndEncrypt").orElseThrow(),
                    Optional.of(new Identity.UserName(MiloUsers.NAME, MiloUsers.PASSWORD)),
                    Bench.node("Count"));
            try (Bench bench = new Bench(plan, state)) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> bench.sink.lastState().contains("to trust it: sluice trust test.yaml "));
                String[] command = bench.sink.lastState().split(" ", -1);
                new TrustStore(state).trust(command[command.length - 1]);
                await().atMost(Duration.ofSeconds(20)).until(() -> new Value.Signed(3).equals(bench.sink.lastValue(0)));
                assertThat(server.sessions()).isEqualTo(1);
            }
            Path key = state.resolve("opcua/own/private-key.der");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                    .isEqualTo("rw-------");
        }
    }

    private static OpcUaPlan secure(MiloServer server) {
        return Bench.plan(
                server.endpoint(),
                Security.parse("Basic256Sha256/SignAndEncrypt").orElseThrow(),
                Optional.empty(),
                Bench.node("Count"));
    }

    private void trustWhatIsRejected() throws Exception {
        TrustStore store = new TrustStore(state);
        await().atMost(Duration.ofSeconds(20)).until(() -> !store.rejected().isEmpty());
        store.trust(store.rejected().getFirst().sha1());
    }

    @Test
    void refusesAServerWhoseCertificateHasExpiredUnlessTheDeviceAcceptsIt() throws Exception {
        try (MiloServer server = MiloServer.startSecure(Period.ZERO)) {
            server.add("Count", NodeIds.Int32, Variant.ofInt32(3));
            try (Bench bench = new Bench(secure(server), state)) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> bench.sink.lastState().contains("is not trusted, and has expired at "));
                trustWhatIsRejected();
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> bench.sink
                                .lastState()
                                .endsWith("(Bad_CertificateTimeInvalid); the server needs a new one, or the device"
                                        + " accept-expired: true"));
                assertThat(bench.sink.lastState()).contains("has expired at ");
            }
            try (Bench bench = new Bench(Bench.acceptingExpired(secure(server)), state)) {
                await().atMost(Duration.ofSeconds(20)).until(() -> new Value.Signed(3).equals(bench.sink.lastValue(0)));
                assertThat(bench.adapter.warnings("press-2"))
                        .singleElement()
                        .asString()
                        .startsWith("the certificate of the server of press-2 (")
                        .endsWith(": the server needs a new one");
            }
        }
    }

    @Test
    void warnsOfAUsersCertificateThatComesNearItsEnd() throws Exception {
        UserFiles user = UserFiles.make(state.resolve("user"), "-newkey", "rsa:2048", "-days", "20");
        try (MiloServer server = MiloServer.start()) {
            server.add("Count", NodeIds.Int32, Variant.ofInt32(3));
            OpcUaPlan plan =
                    Bench.plan(server.endpoint(), Security.NONE, Optional.of(user.identity()), Bench.node("Count"));
            try (Bench bench = new Bench(plan, state)) {
                await().atMost(Duration.ofSeconds(20)).until(() -> new Value.Signed(3).equals(bench.sink.lastValue(0)));
                assertThat(bench.adapter.warnings("press-2"))
                        .singleElement()
                        .asString()
                        .startsWith("the user's certificate " + user.certificate + " expires in 19 days, at ")
                        .endsWith(": put a new one there, with its key");
                assertThat(bench.adapter.warnings("press-9")).isEmpty();
            }
        }
    }

    @Test
    void saysWhatTheServerOffersWhereItDoesNotOfferWhatIsAskedFor() throws Exception {
        try (MiloServer server = MiloServer.start()) {
            OpcUaPlan plan = Bench.plan(
                    server.endpoint(),
                    Security.parse("Aes256_Sha256_RsaPss/Sign").orElseThrow(),
                    Optional.empty(),
                    Bench.node("Count"));
            try (Bench bench = new Bench(plan, state)) {
                await().until(() -> bench.sink.lastState().startsWith("offline"));
                assertThat(bench.sink.lastState())
                        .isEqualTo("offline: " + server.endpoint()
                                + " does not offer security Aes256_Sha256_RsaPss/Sign, it offers None");
            }
        }
    }

    @Test
    void aUserIsWhoseCertificateAndKeyAreGiven() throws Exception {
        UserFiles user = UserFiles.make(state.resolve("user"));
        Identity.Certificate encrypted =
                new Identity.Certificate(user.certificate, user.encryptedKey(), Optional.of(UserFiles.PASSWORD));
        try (MiloServer server = MiloServer.start()) {
            server.add("Count", NodeIds.Int32, Variant.ofInt32(3));
            OpcUaPlan plan = Bench.plan(server.endpoint(), Security.NONE, Optional.of(encrypted), Bench.node("Count"));
            try (Bench bench = new Bench(plan, state)) {
                await().atMost(Duration.ofSeconds(20)).until(() -> new Value.Signed(3).equals(bench.sink.lastValue(0)));
                assertThat(server.users()).containsExactly(MiloUsers.SUBJECT.getName());
            }
        }
    }

    @Test
    void namesACertificateThatHasExpiredWhereTheServerRefusesTheUser() throws Exception {
        UserFiles user = UserFiles.make(state.resolve("user"), "-newkey", "rsa:2048", "-subj", "/CN=stranger");
        Path expired = user.expiredCertificate();
        Identity identity = new Identity.Certificate(expired, user.key, Optional.empty());
        try (MiloServer server = MiloServer.start()) {
            OpcUaPlan plan = Bench.plan(server.endpoint(), Security.NONE, Optional.of(identity), Bench.node("Count"));
            try (Bench bench = new Bench(plan, state)) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> bench.sink.lastState().contains(" has expired at "));
                assertThat(bench.sink.lastState())
                        .contains("the user's certificate " + expired + " has expired at ")
                        .endsWith("perhaps the server does not trust the user's certificate " + expired + " yet");
            }
        }
    }

    @Test
    void saysWhatIsWrongWithTheFilesOfAUserThatHaveChangedSinceTheStart() throws Exception {
        UserFiles user = UserFiles.make(state.resolve("user"));
        Files.delete(user.key);
        try (MiloServer server = MiloServer.start()) {
            OpcUaPlan plan =
                    Bench.plan(server.endpoint(), Security.NONE, Optional.of(user.identity()), Bench.node("Count"));
            try (Bench bench = new Bench(plan, state)) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> bench.sink
                                .lastState()
                                .equals("offline: cannot use the user's certificate: cannot read key '" + user.key
                                        + "': there is no such file"));
            }
        }
    }

    @Test
    void theOwnCertificateStaysTheSameAfterARestart() throws Exception {
        Certificates.Own first = Certificates.ofDirectory(state).own();
        Certificates.Own second = Certificates.ofDirectory(state).own();
        assertThat(second.certificate()).isEqualTo(first.certificate());
        assertThat(second.keys().getPublic()).isEqualTo(first.certificate().getPublicKey());
        assertThat(second.applicationUri()).startsWith("urn:").endsWith(":sluice");
    }
}
