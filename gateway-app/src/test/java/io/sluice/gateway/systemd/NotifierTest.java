package io.sluice.gateway.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real AF_UNIX datagram socket, which Java cannot open: Python receives. */
@Timeout(20)
class NotifierTest {

    private static final Path PYTHON = Path.of("/usr/bin/python3");

    /** Binds the address, says so, then prints each datagram as a line until it is STOPPING=1. */
    private static final String RECEIVER = """
            import socket, sys
            address = sys.argv[1]
            receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            receiver.bind('\\0' + address[1:] if address.startswith('@') else address)
            text = 'bound'
            while True:
                print(text, flush=True)
                if text == 'STOPPING=1':
                    break
                text = receiver.recv(4096).decode()
            """;

    @TempDir
    Path folder;

    @Test
    void tellsASocketWithAPath() throws Exception {
        assertThat(received(folder.resolve("notify").toString()))
                .containsExactly("READY=1", "STATUS=3 devices – good", "WATCHDOG=1", "STOPPING=1");
    }

    @Test
    void tellsASocketWithAnAbstractName() throws Exception {
        assertThat(received("@sluice-test-" + UUID.randomUUID())).hasSize(4).startsWith("READY=1");
    }

    @Test
    void doesNothingOutsideSystemd() {
        try (Notifier notifier = Notifier.of(Map.of())) {
            assertThatCode(notifier::ready).doesNotThrowAnyException();
            assertThat(notifier.watchdogTimeout()).isEmpty();
        }
    }

    @Test
    void goesOnWhereNobodyListens() {
        try (Notifier notifier =
                Notifier.of(Map.of("NOTIFY_SOCKET", folder.resolve("gone").toString()))) {
            assertThatCode(notifier::ready).doesNotThrowAnyException();
        }
    }

    @Test
    void knowsTheTimeoutOfItsOwnWatchdogOnly() {
        String own = String.valueOf(ProcessHandle.current().pid());

        assertThat(timeout(Map.of("WATCHDOG_USEC", "30000000"))).contains(Duration.ofSeconds(30));
        assertThat(timeout(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", own)))
                .isPresent();
        assertThat(timeout(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "1")))
                .isEmpty();
        assertThat(timeout(Map.of("WATCHDOG_USEC", "soon"))).isEmpty();
    }

    private static Optional<Duration> timeout(Map<String, String> environment) {
        try (Notifier notifier = Notifier.of(environment)) {
            return notifier.watchdogTimeout();
        }
    }

    private static List<String> received(String address) throws Exception {
        assumeTrue(Files.isExecutable(PYTHON), "needs python3: apt-get install python3");
        Process receiver = new ProcessBuilder(PYTHON.toString(), "-c", RECEIVER, address)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = receiver.inputReader();
                Notifier notifier = Notifier.of(Map.of("NOTIFY_SOCKET", address))) {
            assertThat(lines.readLine()).isEqualTo("bound");
            notifier.ready();
            notifier.status("3 devices – good\nand a second line");
            notifier.alive();
            notifier.stopping();
            List<String> received = lines.lines().toList();
            assertThat(receiver.waitFor(5, TimeUnit.SECONDS)).isTrue();
            return received;
        } finally {
            receiver.destroy();
        }
    }
}
