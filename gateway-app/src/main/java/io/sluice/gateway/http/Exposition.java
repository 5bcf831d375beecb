package io.sluice.gateway.http;

import java.util.Locale;

/** Text in Prometheus' exposition format 0.0.4: families with their help and type, and samples. */
final class Exposition {

    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** What a family counts. */
    enum Type {
        COUNTER,
        GAUGE
    }

    private final StringBuilder text = new StringBuilder(8 << 10);
    private String family = "";

    /** Begins a family; its samples follow. */
    Exposition family(String name, Type type, String help) {
        family = name;
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ")
                .append(name)
                .append(' ')
                .append(type.name().toLowerCase(Locale.ROOT))
                .append('\n');
        return this;
    }

    Exposition sample(double value) {
        text.append(family).append(' ');
        return value(value);
    }

    Exposition sample(String label, String labelValue, double value) {
        text.append(family)
                .append('{')
                .append(label)
                .append("=\"")
                .append(escaped(labelValue))
                .append("\"} ");
        return value(value);
    }

    private Exposition value(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            text.append((long) value);
        } else {
            text.append(value);
        }
        text.append('\n');
        return this;
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
