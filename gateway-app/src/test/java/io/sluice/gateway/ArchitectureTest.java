package io.sluice.gateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.Socket;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows and invariants of ARCHITECTURE.md, read from the compiled classes of every module. */
class ArchitectureTest {
    private static final String PROFILES = "io.sluice.profiles..";
    private static final String TELEMETRY = "io.sluice.telemetry..";
    private static final String SPI = "io.sluice.adapter";
    private static final String MODBUS = "io.sluice.adapter.modbus..";
    private static final String OPCUA = "io.sluice.adapter.opcua..";
    private static final String GPIO = "io.sluice.adapter.gpio..";
    private static final String MQTT = "io.sluice.mqtt..";
    private static final String OUTBOX = "io.sluice.outbox..";
    /** What tests and benchmarks play the devices with. */
    private static final String FIELD = "io.sluice.field..";

    private static final String GATEWAY = "io.sluice.gateway..";
    /** The simulated devices and the embedded broker are peers of the gateway, so they need the libraries too. */
    private static final String DEMO = "io.sluice.gateway.demo..";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.sluice");

    /** A rule over a package that is empty or misspelt would hold for ever. */
    @ParameterizedTest
    @ValueSource(strings = {PROFILES, TELEMETRY, SPI, MODBUS, OPCUA, GPIO, MQTT, OUTBOX, FIELD, GATEWAY, DEMO})
    void everyModuleIsSeenByTheseRules(String module) {
        assertThat(CLASSES.that(resideInAPackage(module))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {PROFILES, TELEMETRY, MQTT, OUTBOX, FIELD})
    void foundationsImportNothingOfOurs(String module) {
        seesOfOurs(module, module);
    }

    @Test
    void adapterSpiSeesOnlyProfilesAndTelemetry() {
        seesOfOurs(SPI, SPI, PROFILES, TELEMETRY);
    }

    @ParameterizedTest
    @ValueSource(strings = {MODBUS, OPCUA, GPIO})
    void protocolsSeeTheSpiAndNeverEachOther(String protocol) {
        seesOfOurs(protocol, protocol, SPI, PROFILES, TELEMETRY);
    }

    @Test
    void onlyTelemetryKnowsProtobuf() {
        onlyIn(List.of(TELEMETRY), "com.google.protobuf..");
        onlyIn(List.of(TELEMETRY), "io.sluice.telemetry.proto..");
    }

    @Test
    void onlyTheOutboxKnowsSql() {
        onlyIn(List.of(OUTBOX), "java.sql..", "javax.sql..", "org.sqlite..");
    }

    @Test
    void onlyMqttCoreKnowsNettysPipeline() {
        noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage(MQTT, DEMO)))
                // Connections that OPC UA servers open reach Milo as Netty's channels (ADR 17).
                .and()
                .haveNameNotMatching("io\\.sluice\\.adapter\\.opcua\\.Reverse.*")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.netty.bootstrap..", "io.netty.buffer..", "io.netty.handler.."))
                .check(CLASSES);
        // Milo is handed its event loop and timer, so that they can be ended.
        onlyIn(List.of(MQTT, OPCUA, DEMO), "io.netty..");
    }

    /** The session and all that it is made of: events in, actions out, time passed in. */
    @Test
    void theMqttSessionHasNoNetworkNoClockAndNoThread() {
        JavaClasses core = CLASSES.that(partsOf("io.sluice.mqtt.Session"));
        assertThat(core.size()).isGreaterThan(20);
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.netty..", "java.net.spi..", "java.nio.channels.."))
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, Executor.class, InstantSource.class, Socket.class)
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .check(core);
    }

    /** The class and those of its package that it reaches. */
    private static DescribedPredicate<JavaClass> partsOf(String root) {
        Set<JavaClass> reached = new HashSet<>();
        Deque<JavaClass> next = new ArrayDeque<>(List.of(CLASSES.get(root)));
        while (!next.isEmpty()) {
            JavaClass each = next.remove();
            if (each.getPackageName().equals(CLASSES.get(root).getPackageName()) && reached.add(each)) {
                each.getDirectDependenciesFromSelf().forEach(to -> next.add(to.getTargetClass()));
            }
        }
        return DescribedPredicate.describe("parts of " + root, reached::contains);
    }

    @Test
    void onlyTheProtocolsKnowTheirLibraries() {
        onlyIn(List.of(OPCUA, DEMO), "org.eclipse.milo..");
        onlyIn(List.of(MODBUS, DEMO), "com.ghgande.j2mod..", "com.fazecast..");
        onlyIn(List.of(GPIO, DEMO), "com.pi4j..");
    }

    @Test
    void onlyTheDemoKnowsTheEmbeddedBroker() {
        onlyIn(List.of(DEMO), "org.apache.activemq..");
    }

    @Test
    void packagesOfTheGatewayHaveNoCycles() {
        slices().matching("io.sluice.gateway.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    private static void seesOfOurs(String module, String... allowed) {
        DescribedPredicate<JavaClass> others =
                resideInAPackage("io.sluice..").and(DescribedPredicate.not(resideInAnyPackage(allowed)));
        noClasses()
                .that(resideInAPackage(module))
                .should()
                .dependOnClassesThat(others)
                .check(CLASSES);
    }

    private static void onlyIn(List<String> modules, String... library) {
        noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage(modules.toArray(String[]::new))))
                .should()
                .dependOnClassesThat(resideInAnyPackage(library))
                .check(CLASSES);
    }
}
