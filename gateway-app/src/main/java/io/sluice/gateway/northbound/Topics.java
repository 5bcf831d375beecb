package io.sluice.gateway.northbound;

import io.sluice.telemetry.Message;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Renders the topic template, {@code sluice/v1/{gateway}/{kind}/{device}} by default. Labels are placeholders too; a
 * device's label wins over the gateway's, and one that is not set renders as {@code _}. Thread-safe.
 */
public final class Topics {

    /** The device that stands for the gateway itself. */
    public static final String GATEWAY_DEVICE = "_gateway";

    public enum Kind {
        DATA,
        BIRTH,
        STATUS;

        /** As it stands in a topic. */
        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** The kind that a body is published under. */
        static Kind of(Message.Body body) {
            return switch (body) {
                case Message.Birth _ -> BIRTH;
                case Message.DeviceStatus _ -> STATUS;
                case Message.Batch _,
                        Message.Start _,
                        Message.Loss _,
                        Message.ClockStep _,
                        Message.EpochEnd _,
                        Message.LossRange _,
                        Message.Heartbeat _,
                        Message.Unknown _ -> DATA;
            };
        }
    }

    private record Key(Kind kind, String device) {}

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]+)}");

    private final String template;
    private final String gateway;
    private final Map<String, String> gatewayLabels;
    private final Map<String, Map<String, String>> deviceLabels;
    private final Map<Key, String> rendered = new ConcurrentHashMap<>();

    /**
     * @param deviceLabels labels of each device, by its id
     */
    public Topics(
            String template,
            String gateway,
            Map<String, String> gatewayLabels,
            Map<String, Map<String, String>> deviceLabels) {
        this.template = template;
        this.gateway = gateway;
        this.gatewayLabels = Map.copyOf(gatewayLabels);
        this.deviceLabels = Map.copyOf(deviceLabels);
    }

    public String of(Kind kind, String device) {
        return rendered.computeIfAbsent(new Key(kind, device), this::render);
    }

    /** Matches the topic of every device of this gateway for a kind. */
    public String filter(Kind kind) {
        return fill(name -> switch (name) {
            case "gateway" -> gateway;
            case "kind" -> kind.text();
            case "device" -> "+";
            default -> deviceLabels.values().stream().anyMatch(l -> l.containsKey(name)) ? "+" : label(Map.of(), name);
        });
    }

    private String render(Key key) {
        Map<String, String> labels = deviceLabels.getOrDefault(key.device(), Map.of());
        return fill(name -> switch (name) {
            case "gateway" -> gateway;
            case "kind" -> key.kind().text();
            case "device" -> key.device();
            default -> label(labels, name);
        });
    }

    private String label(Map<String, String> labels, String name) {
        return labels.getOrDefault(name, gatewayLabels.getOrDefault(name, "_"));
    }

    private String fill(Function<String, String> values) {
        return PLACEHOLDER
                .matcher(template)
                .replaceAll(match -> Matcher.quoteReplacement(values.apply(match.group(1))));
    }
}
