package io.sluice.gateway.config;

import io.sluice.adapter.AdapterFactory;
import io.sluice.profiles.ProtocolSchema;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The protocols on the class path. Finding them loads no protocol library. */
public final class Protocols {

    private final Map<String, AdapterFactory> factories = new TreeMap<>();

    private Protocols() {}

    public static Protocols installed() {
        Protocols protocols = new Protocols();
        ServiceLoader.load(AdapterFactory.class)
                .forEach(factory -> protocols.factories.put(factory.schema().protocol(), factory));
        return protocols;
    }

    /** The same with this factory in place of the installed one of its protocol. */
    public Protocols with(AdapterFactory factory) {
        Protocols changed = new Protocols();
        changed.factories.putAll(factories);
        changed.factories.put(factory.schema().protocol(), factory);
        return changed;
    }

    /** What users may write for each protocol, by its name. */
    public Map<String, ProtocolSchema> schemas() {
        Map<String, ProtocolSchema> schemas = new TreeMap<>();
        factories.forEach((name, factory) -> schemas.put(name, factory.schema()));
        return schemas;
    }

    /**
     * The factory of a protocol.
     *
     * @throws IllegalArgumentException if there is none
     */
    public AdapterFactory factory(String protocol) {
        @Nullable AdapterFactory factory = factories.get(protocol);
        if (factory == null) {
            throw new IllegalArgumentException("no protocol " + protocol + ", only " + factories.keySet());
        }
        return factory;
    }
}
