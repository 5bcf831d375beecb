package io.sluice.gateway.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.gateway.runtime.GatewayStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /metrics} for Prometheus and {@code /healthz} for whoever watches the process, over HTTP without a password: for this
 * machine or a network that is trusted. Health is the gateway's own: 503 while a role makes no progress or nothing can be
 * stored. A broker or device that is away is no reason to restart a gateway, so it is named and the answer stays 200.
 *
 * <p>An address that cannot be had (the port is in use, the network is not up yet) keeps no gateway from carrying
 * telemetry: it is told, and tried again until it can be had.
 */
public final class Pages implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Pages.class);

    static final Duration RETRY = Duration.ofSeconds(5);
    private static final int MOST_AT_ONCE = 16;
    private static final int BACKLOG = 16;

    private final InetSocketAddress address;
    private final Supplier<GatewayStatus> status;
    private final long retryMillis;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Semaphore callers = new Semaphore(MOST_AT_ONCE);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable HttpServer server;

    private record Page(int code, String type, String text) {}

    private Pages(InetSocketAddress address, Supplier<GatewayStatus> status, Duration retry) {
        this.address = address;
        this.status = status;
        this.retryMillis = retry.toMillis();
    }

    /**
     * Serves from now on, or from when the address can be had; returns at once.
     *
     * @param address need not be resolved
     * @param status called for every request, on threads of this server
     */
    public static Pages serve(InetSocketAddress address, Supplier<GatewayStatus> status) {
        return serve(address, status, RETRY);
    }

    static Pages serve(InetSocketAddress address, Supplier<GatewayStatus> status, Duration retry) {
        // Read by the JDK's server once, when it is first used: who sends half a request must not keep a connection.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "30");
        System.setProperty("jdk.httpserver.maxConnections", "64");
        Pages pages = new Pages(address, status, retry);
        Thread.ofVirtual().name("http-listen").start(pages::listen);
        return pages;
    }

    private void listen() {
        String told = "";
        try {
            do {
                String failure = bind();
                if (failure.isEmpty()) {
                    return;
                }
                if (!failure.equals(told)) {
                    log.warn("no pages at http://{}: {}; trying again", where(), failure);
                    told = failure;
                }
            } while (!closed.await(retryMillis, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String where() {
        return address.getHostString() + ":" + address.getPort();
    }

    /** Empty if it listens now, else why not. */
    private synchronized String bind() {
        if (closed.getCount() == 0) {
            return "";
        }
        try {
            HttpServer made =
                    HttpServer.create(new InetSocketAddress(address.getHostString(), address.getPort()), BACKLOG);
            made.createContext("/metrics", exchange -> answer(exchange, "/metrics", this::metrics));
            made.createContext("/healthz", exchange -> answer(exchange, "/healthz", this::health));
            made.createContext("/", exchange -> answer(exchange, "/", Pages::index));
            made.setExecutor(threads);
            made.start();
            server = made;
            log.info("metrics and health at http://{}", where());
            return "";
        } catch (IOException | IllegalArgumentException e) {
            return e.getMessage() + " (http.listen: is another program on this port, is the address this machine's?)";
        }
    }

    private void answer(HttpExchange exchange, String path, Function<GatewayStatus, Page> page) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(path)) {
                send(exchange, new Page(404, "text/plain", "there are /metrics and /healthz\n"));
            } else if (!exchange.getRequestMethod().matches("GET|HEAD")) {
                send(exchange, new Page(405, "text/plain", "only GET and HEAD\n"));
            } else if (!callers.tryAcquire()) {
                send(exchange, new Page(503, "text/plain", "too many requests at once\n"));
            } else {
                try {
                    send(exchange, page.apply(status.get()));
                } finally {
                    callers.release();
                }
            }
        } catch (RuntimeException e) {
            log.error("{} failed; this is a defect of Sluice", path, e);
        }
    }

    private static void send(HttpExchange exchange, Page page) throws IOException {
        byte[] body = page.text().getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders().set("Content-Type", page.type());
        exchange.sendResponseHeaders(page.code(), head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    private Page metrics(GatewayStatus now) {
        return new Page(200, Exposition.CONTENT_TYPE, MetricsPage.of(now));
    }

    private Page health(GatewayStatus now) {
        StringBuilder text = new StringBuilder(now.failures().isEmpty() ? "ok\n" : "failing\n");
        now.failures()
                .forEach(failure -> text.append("failure: ").append(failure).append('\n'));
        now.troubles().stream()
                .filter(trouble -> !now.failures().contains(trouble))
                .forEach(trouble -> text.append("note: ").append(trouble).append('\n'));
        return new Page(now.failures().isEmpty() ? 200 : 503, "text/plain; charset=utf-8", text.toString());
    }

    private static Page index(GatewayStatus now) {
        return new Page(200, "text/plain", "gateway " + now.gateway() + ": /metrics and /healthz\n");
    }

    @Override
    public void close() {
        closed.countDown();
        synchronized (this) {
            if (server != null) {
                server.stop(0);
            }
        }
        threads.shutdown();
    }
}
