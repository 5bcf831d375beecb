package io.sluice.adapter.modbus;

import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.CountsPolls;
import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.OnRequest;
import io.sluice.adapter.Sample;
import io.sluice.telemetry.Value;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All Modbus devices: a {@link Bus} for each shared connection, for each serial port, and for each other device. */
final class ModbusAdapter implements Adapter, OnRequest, CountsPolls {

    private static final Logger log = LoggerFactory.getLogger(ModbusAdapter.class);
    private static final Duration STOP = Duration.ofMillis(2500);

    /** Up to so many lines have a thread of the operating system each, which costs less for every request (ADR 14). */
    private static final int MOST_PLATFORM_THREADS = 256;

    private final List<Bus> buses;
    private final Map<String, Bus> busOf = new HashMap<>();
    private final Map<String, PolledDevice> devices = new HashMap<>();

    private ModbusAdapter(List<Bus> buses) {
        this.buses = buses;
        for (Bus bus : buses) {
            for (PolledDevice device : bus.devices()) {
                busOf.put(device.id(), bus);
                devices.put(device.id(), device);
            }
        }
    }

    static ModbusAdapter open(List<DevicePlan> plans, AdapterContext context) {
        Map<String, List<ModbusPlan>> byLine = plans.stream()
                .map(ModbusPlan.class::cast)
                .filter(plan -> !plan.points().isEmpty())
                .collect(Collectors.groupingBy(ModbusAdapter::line, LinkedHashMap::new, Collectors.toList()));
        Phases phases = new Phases(System.nanoTime(), intervals(byLine.values()));
        boolean few = byLine.size() <= MOST_PLATFORM_THREADS;
        List<Bus> buses = byLine.values().stream()
                .map(line -> bus(line, few, context, phases))
                .toList();
        buses.forEach(Bus::start);
        return new ModbusAdapter(buses);
    }

    private static List<Duration> intervals(Collection<List<ModbusPlan>> lines) {
        return lines.stream()
                .flatMap(List::stream)
                .flatMap(plan ->
                        plan.points().stream().map(ModbusPlan.Point::interval).distinct())
                .toList();
    }

    /**
     * What shares a connection: a serial port can be opened only once, a socket is shared only where the user says so, and
     * where the device itself says nothing else of it.
     */
    private static String line(ModbusPlan plan) {
        if (plan.endpoint() instanceof Endpoint.Serial serial) {
            return "port " + serial.port();
        }
        return plan.device()
                .sharedConnection()
                .map(name -> "connection " + name + " " + plan.endpoint().line())
                .orElse("device " + plan.device().id());
    }

    /** A port has one speed: where devices on it say different things, the first is believed, and that is said. */
    private static void warnOfOthers(List<ModbusPlan> plans) {
        ModbusPlan first = plans.getFirst();
        plans.stream()
                .filter(plan -> !plan.endpoint().line().equals(first.endpoint().line()))
                .forEach(plan -> log.warn(
                        "{}: {} is opened as {} says, since both are on it; their baud, format, transport or rs485 differ",
                        plan.device().id(),
                        plan.endpoint().describe(),
                        first.device().id()));
    }

    private static String threadName(ModbusPlan plan) {
        return "modbus-" + plan.device().sharedConnection().orElse(plan.device().id());
    }

    private static Bus bus(List<ModbusPlan> plans, boolean few, AdapterContext context, Phases phases) {
        warnOfOthers(plans);
        Endpoint endpoint = plans.getFirst().endpoint();
        SplittableRandom random = new SplittableRandom(context.random().nextLong());
        String name = threadName(plans.getFirst());
        // The serial library's native calls would pin a virtual thread.
        boolean platform = few || endpoint instanceof Endpoint.Serial;
        Thread.Builder thread = platform ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
        Wire wire = new Wire(connection(endpoint, random), random);
        return new Bus(thread.name(name), wire, plans, context, phases, random);
    }

    static ModbusConnection connection(Endpoint endpoint, SplittableRandom random) {
        return switch (endpoint) {
            case Endpoint.Tcp tcp ->
                new TcpConnection(
                        tcp.host(),
                        tcp.port(),
                        tcp.describe(),
                        tcp.timeout(),
                        () -> new MbapFraming(random.nextInt(0x10000)));
            case Endpoint.RtuOverTcp rtu ->
                new SettlingConnection(
                        new TcpConnection(rtu.host(), rtu.port(), rtu.describe(), rtu.timeout(), RtuFraming::new));
            case Endpoint.Udp udp ->
                new UdpConnection(
                        udp.host(),
                        udp.port(),
                        udp.describe(),
                        udp.timeout(),
                        () -> new MbapFraming(random.nextInt(0x10000)));
            case Endpoint.Secure secure ->
                new TcpConnection(
                        secure.host(),
                        secure.port(),
                        secure.describe(),
                        secure.timeout(),
                        () -> new MbapFraming(random.nextInt(0x10000)),
                        secure.tls());
            case Endpoint.Serial serial -> new SettlingConnection(new SerialConnection(serial));
        };
    }

    private PolledDevice device(String id) {
        PolledDevice device = devices.get(id);
        if (device == null) {
            throw new IllegalArgumentException("no Modbus device " + id);
        }
        return device;
    }

    private Bus busOf(PolledDevice device) {
        return Objects.requireNonNull(busOf.get(device.id()));
    }

    private static void requireTag(PolledDevice device, int tag) {
        if (tag < 0 || tag >= device.tags()) {
            throw new IllegalArgumentException(device.id() + " has no tag " + tag);
        }
    }

    @Override
    public CompletionStage<List<Sample>> read(String device, List<Integer> tags) {
        PolledDevice asked = device(device);
        tags.forEach(tag -> requireTag(asked, tag));
        CompletableFuture<List<Sample>> result = new CompletableFuture<>();
        busOf(asked).ask(new Errand.Read(asked, List.copyOf(tags), result));
        return result;
    }

    @Override
    public CompletionStage<WriteResult> write(String device, int tag, Value value) {
        PolledDevice asked = device(device);
        requireTag(asked, tag);
        CompletableFuture<WriteResult> result = new CompletableFuture<>();
        busOf(asked).ask(new Errand.Write(asked, tag, value, result));
        return result;
    }

    @Override
    public Optional<Polls> polls(String device) {
        return Optional.ofNullable(devices.get(device)).map(PolledDevice::counted);
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + STOP.toNanos();
        buses.forEach(Bus::stop);
        try {
            for (Bus bus : buses) {
                bus.awaitEnd(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
