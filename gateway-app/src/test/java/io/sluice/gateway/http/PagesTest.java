package io.sluice.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.CountsPolls.Polls;
import io.sluice.gateway.northbound.BrokerHealth;
import io.sluice.gateway.runtime.GatewayStatus;
import io.sluice.gateway.southbound.DeviceHealth;
import io.sluice.outbox.Balance;
import io.sluice.outbox.LossReason;
import io.sluice.telemetry.ClockState;
import io.sluice.telemetry.Message.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The gateway's own pages, asked by an HTTP client that is not ours. */
class PagesTest {

    private static final Balance BALANCE = new Balance(
            100,
            90,
            70,
            15,
            4,
            Map.of(LossReason.HAND_OFF_FULL, 6L),
            Map.of(LossReason.EVICTED, 5L),
            9,
            7,
            1,
            Map.of(LossReason.EVICTED, 1L),
            4096);

    private boolean progressing = true;
    private boolean connected = true;
    private String degraded = "";

    private GatewayStatus status() {
        BrokerHealth broker =
                new BrokerHealth("plant-7", new BrokerHealth.Link(connected, "mqtt://b:1883", 3, 0, "", 0), 2, 0);
        DeviceHealth meter =
                new DeviceHealth("meter-1", State.ONLINE, "", 0, 50, 5, OptionalLong.of(1_700_000_000_000_000_000L), 0);
        DeviceHealth press = new DeviceHealth("press-2", State.OFFLINE, "no answer", 0, 0, 0, OptionalLong.empty(), 7);
        return new GatewayStatus(
                "plant-7",
                Optional.of(new GatewayStatus.Running(
                        "Sluice 1",
                        1_700_000_000_000_000_000L,
                        60_000_000_000L,
                        progressing,
                        List.of(
                                new GatewayStatus.Device(meter, Optional.of(new Polls(12, 1)), List.of()),
                                new GatewayStatus.Device(press, Optional.empty(), List.of())),
                        broker,
                        ClockState.UNKNOWN)),
                new GatewayStatus.Stored(
                        Path.of("x"),
                        1 << 20,
                        0,
                        OptionalLong.empty(),
                        Optional.of(BALANCE),
                        degraded,
                        Optional.empty()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private Pages serve(int port) {
        Pages pages =
                Pages.serve(InetSocketAddress.createUnresolved("127.0.0.1", port), this::status, Duration.ofMillis(20));
        await().ignoreExceptions().until(() -> get(port, "/").statusCode() == 200);
        return pages;
    }

    @Test
    void showsTheBalanceForPrometheus() throws Exception {
        int port = freePort();
        try (Pages pages = serve(port)) {
            assertThat(pages).isNotNull();
            HttpResponse<String> metrics = get(port, "/metrics");
            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.headers().firstValue("Content-Type")).contains(Exposition.CONTENT_TYPE);
            assertThat(metrics.body().lines())
                    .contains(
                            "# TYPE sluice_readings_offered_total counter",
                            "sluice_readings_offered_total 100",
                            "sluice_readings_stored_total 90",
                            "sluice_readings_in_hand_off 4",
                            "sluice_readings_lost_before_storing_total{reason=\"hand-off-full\"} 6",
                            "sluice_readings_acknowledged_total 70",
                            "sluice_readings_pending 15",
                            "sluice_readings_lost_total{reason=\"evicted\"} 5",
                            "sluice_readings_lost_total{reason=\"rejected\"} 0",
                            "sluice_device_online{device=\"meter-1\"} 1",
                            "sluice_device_online{device=\"press-2\"} 0",
                            "sluice_device_last_reading_timestamp_seconds{device=\"meter-1\"} 1700000000",
                            "sluice_device_poll_overruns_total{device=\"meter-1\"} 1",
                            "sluice_broker_connections_total 3")
                    .noneMatch(line -> line.contains("polls_total{device=\"press-2\"}"))
                    .noneMatch(line -> line.startsWith("sluice_clock_synchronised"));
        }
    }

    @Test
    void aBrokerOrADeviceThatIsAwayIsNamedAndNoReasonToRestart() throws Exception {
        connected = false;
        int port = freePort();
        try (Pages pages = serve(port)) {
            assertThat(pages).isNotNull();
            HttpResponse<String> health = get(port, "/healthz");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).isEqualTo("""
                            ok
                            note: no connection to the broker
                            note: device press-2 does not answer
                            """);
        }
    }

    @Test
    void isUnhealthyWhileNothingCanBeStoredOrARoleStands() throws Exception {
        degraded = "disk full";
        progressing = false;
        int port = freePort();
        try (Pages pages = serve(port)) {
            assertThat(pages).isNotNull();
            HttpResponse<String> health = get(port, "/healthz");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body())
                    .startsWith("failing\nfailure: a part of the gateway makes no progress\n"
                            + "failure: nothing can be stored: disk full\n");
        }
    }

    @Test
    void hasNothingElse() throws Exception {
        int port = freePort();
        try (Pages pages = serve(port)) {
            assertThat(pages).isNotNull();
            assertThat(get(port, "/metrics/x").statusCode()).isEqualTo(404);
            assertThat(get(port, "/etc/passwd").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void comesWhenItsPortIsFreeAtLast() throws Exception {
        int port;
        Pages pages;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = other.getLocalPort();
            pages = Pages.serve(
                    InetSocketAddress.createUnresolved("127.0.0.1", port), this::status, Duration.ofMillis(20));
        }
        try (pages) {
            await().ignoreExceptions().until(() -> get(port, "/healthz").statusCode() == 200);
        }
    }
}
