package io.sluice.adapter.opcua;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.UaSerializationException;
import org.eclipse.milo.opcua.stack.core.encoding.EncodingContext;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowsePath;
import org.jspecify.annotations.Nullable;

/** Reads what the properties of nodes hold that the standard has named. Blocks. */
final class PropertyReader {

    private final Resolver resolver;
    private final Reader reader;
    private final EncodingContext standard;

    PropertyReader(Resolver resolver, Reader reader, EncodingContext standard) {
        this.resolver = resolver;
        this.reader = reader;
        this.standard = standard;
    }

    /** One that is not there, or cannot be read, is left out, and so are nodes without any of them. */
    Map<NodeId, Map<String, Object>> read(List<NodeId> nodes, List<String> names) throws UaException {
        List<Resolver.Found> found = resolver.translate(nodes.stream()
                .flatMap(node -> names.stream().map(name -> path(node, name)))
                .toList());
        List<NodeId> there = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i) instanceof Resolver.Found.At at) {
                there.add(at.node());
                places.add(i);
            }
        }
        List<DataValue> values = reader.read(there, AttributeId.Value);
        Map<NodeId, Map<String, Object>> properties = new HashMap<>();
        for (int i = 0; i < there.size(); i++) {
            @Nullable Object value = decoded(values.get(i).value().value());
            if (value != null) {
                properties
                        .computeIfAbsent(nodes.get(places.get(i) / names.size()), _ -> new HashMap<>())
                        .put(names.get(places.get(i) % names.size()), value);
            }
        }
        return properties;
    }

    static BrowsePath path(NodeId node, String name) {
        return Resolver.path(node, NodeIds.HasProperty, List.of(new QualifiedName(0, name)));
    }

    /** A structure of the standard; {@code null} if it cannot be decoded, which says nothing. */
    @Nullable
    Object decoded(@Nullable Object value) {
        try {
            return value instanceof ExtensionObject object ? object.decode(standard) : value;
        } catch (UaSerializationException e) {
            return null;
        }
    }
}
