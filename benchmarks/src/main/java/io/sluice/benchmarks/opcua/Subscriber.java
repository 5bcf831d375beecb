package io.sluice.benchmarks.opcua;

import com.sun.management.OperatingSystemMXBean;
import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.AdapterFactory;
import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.DeviceLoader;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Substitution;
import io.sluice.profiles.YamlReader;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;

/**
 * A process that subscribes to every variable of a {@link TagField} and counts what comes: as the adapter does, up to its sink, or
 * with the library alone. Prints the nanoseconds of processor time and the notifications of the measured time.
 */
final class Subscriber {

    private static final int PUBLISHING_MILLIS = 100;
    private static final int QUEUE = 10;

    private static final LongAdder COUNT = new LongAdder();
    private static final LongAdder LOST = new LongAdder();

    private Subscriber() {}

    /** Arguments: sluice or milo, port, number of variables, seconds to warm up, seconds to measure, state directory. */
    public static void main(String[] arguments) throws Exception {
        String endpoint = "opc.tcp://127.0.0.1:" + arguments[1];
        int tags = Integer.parseInt(arguments[2]);
        if (arguments[0].equals("sluice")) {
            adapter(endpoint, tags, Path.of(arguments[5]));
        } else {
            library(endpoint, tags);
        }
        while (COUNT.sum() < tags) {
            Thread.sleep(50); // before the measurement; whoever counts must not pay for telling
        }
        // This time and the next one are what is measured: nothing is awaited.
        Thread.sleep(1_000L * Integer.parseInt(arguments[3]));
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = system.getProcessCpuTime();
        long count = COUNT.sum();
        Thread.sleep(1_000L * Integer.parseInt(arguments[4]));
        System.out.println(
                "measured " + (system.getProcessCpuTime() - cpu) + " " + (COUNT.sum() - count) + " " + LOST.sum());
        System.exit(0);
    }

    private static void library(String endpoint, int tags) throws Exception {
        OpcUaClient client = OpcUaClient.create(endpoint);
        client.connect();
        OpcUaSubscription subscription = new OpcUaSubscription(client, PUBLISHING_MILLIS);
        subscription.setSubscriptionListener(new OpcUaSubscription.SubscriptionListener() {
            @Override
            public void onDataReceived(OpcUaSubscription from, List<OpcUaMonitoredItem> items, List<DataValue> values) {
                COUNT.add(values.size());
            }
        });
        subscription.create();
        int namespace = client.getNamespaceTable().getIndex(TagField.NAMESPACE).intValue();
        for (int i = 0; i < tags; i++) {
            OpcUaMonitoredItem item = OpcUaMonitoredItem.newDataItem(new NodeId(namespace, "T" + i));
            item.setSamplingInterval((double) PUBLISHING_MILLIS);
            item.setQueueSize(UInteger.valueOf(QUEUE));
            subscription.addMonitoredItem(item);
        }
        subscription.createMonitoredItems();
    }

    private static void adapter(String endpoint, int tags, Path state) throws Exception {
        AdapterFactory factory = ServiceLoader.load(AdapterFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(found -> found.schema().protocol().equals("opcua"))
                .findFirst()
                .orElseThrow();
        Problems problems = new Problems();
        Substitution substitution = new Substitution(Map.of(), false);
        List<DeviceDefinition> devices = DeviceLoader.load(
                YamlReader.read("gateway.yaml", yaml(endpoint, tags), substitution, problems)
                        .orElseThrow(),
                Map.of("opcua", factory.schema()),
                substitution,
                problems);
        List<DevicePlan> plans = new ArrayList<>();
        devices.forEach(device -> factory.plan(device, problems).ifPresent(plans::add));
        if (plans.isEmpty()) {
            throw new IllegalStateException(problems.sorted().toString());
        }
        CountingSink sink = new CountingSink();
        Adapter _ = factory.open(
                plans,
                new AdapterContext(
                        device -> sink,
                        () -> System.currentTimeMillis() * 1_000_000L,
                        state,
                        new SplittableRandom(1),
                        (thread, bug) -> bug.printStackTrace()));
    }

    private static String yaml(String endpoint, int tags) {
        StringBuilder yaml = new StringBuilder(
                """
                devices:
                  - id: field
                    protocol: opcua
                    namespaces: { b: "%s" }
                    connection: { endpoint: "%s" }
                    publishing: %dms
                    defaults: { sampling: %dms, queue: %d }
                    tags:
                """.formatted(TagField.NAMESPACE, endpoint, PUBLISHING_MILLIS, PUBLISHING_MILLIS, QUEUE));
        for (int i = 0; i < tags; i++) {
            yaml.append("      t")
                    .append(i)
                    .append(": { node: \"b:s=T")
                    .append(i)
                    .append("\" }\n");
        }
        return yaml.toString();
    }

    private static final class CountingSink implements DeviceSink {
        @Override
        public void describe(int tag, TagMeaning meaning) {}

        @Override
        public void accept(Sample sample) {
            COUNT.increment();
        }

        @Override
        public void acceptHistory(Sample sample) {
            COUNT.increment();
        }

        @Override
        public void flush() {}

        @Override
        public void online() {}

        @Override
        public void connecting() {}

        @Override
        public void offline(Status status, String error) {
            System.out.println("offline: " + error);
        }

        @Override
        public void lost(LossReason reason, long readings, long firstNanos, long lastNanos) {
            LOST.increment();
        }
    }
}
