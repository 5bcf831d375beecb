package io.sluice.adapter.opcua;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.ServerTable;
import org.eclipse.milo.opcua.stack.core.UaRuntimeException;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.jspecify.annotations.Nullable;

/**
 * NodeIds, ExpandedNodeIds and QualifiedNames as text that names namespaces and servers by URI (Part 6 §5.1.12): a receiver does
 * not know the server's indices, which may be others when it has restarted. What its tables do not have keeps its index.
 */
final class ByUri {

    private static final Pattern SERVER_INDEX = Pattern.compile("svr=(\\d{1,9});(.*)", Pattern.DOTALL);
    private static final Pattern NAMESPACE_INDEX = Pattern.compile("ns=(\\d{1,5});(.*)", Pattern.DOTALL);
    private static final Pattern NAMESPACE_URI = Pattern.compile("nsu=([^;]*);(.*)", Pattern.DOTALL);
    private static final Pattern INDEXED_NAME = Pattern.compile("(\\d{1,5}):(.*)", Pattern.DOTALL);
    private static final int MAX_INDEX = 0xFFFF;

    private ByUri() {}

    static String text(NodeId node, NamespaceTable namespaces) {
        return withNamespace(node.toParseableString(), namespaces);
    }

    static String text(ExpandedNodeId node, NamespaceTable namespaces, ServerTable servers) {
        String text = node.toParseableString();
        Matcher other = SERVER_INDEX.matcher(text);
        if (other.matches()) {
            @Nullable String uri = servers.get(Integer.valueOf(other.group(1)));
            return (uri == null ? "svr=" + other.group(1) : "svu=" + escaped(uri)) + ";" + other.group(2);
        }
        // Of another server's namespaces nothing is known.
        return text.startsWith("svu=") ? text : withNamespace(text, namespaces);
    }

    /** {@code null} for the null QualifiedName. */
    static @Nullable String text(QualifiedName name, NamespaceTable namespaces) {
        if (name.isNull() || name.namespaceIndex().intValue() == 0) {
            return name.name();
        }
        @Nullable String uri = namespaces.get(name.namespaceIndex());
        return uri == null ? name.toParseableString() : "nsu=" + escaped(uri) + ";" + name.name();
    }

    private static String withNamespace(String text, NamespaceTable namespaces) {
        Matcher indexed = NAMESPACE_INDEX.matcher(text);
        if (!indexed.matches()) {
            return text.replaceFirst("^nsu=" + Pattern.quote(TagAddress.STANDARD_NAMESPACE) + ";", "");
        }
        @Nullable String uri = namespaces.get(Integer.valueOf(indexed.group(1)));
        return uri == null ? text : "nsu=" + escaped(uri) + ";" + indexed.group(2);
    }

    private static String escaped(String uri) {
        return uri.replace(";", "%3B");
    }

    /** Empty if it is no NodeId, by URI or by index, or of a namespace that the server does not have. */
    static Optional<NodeId> node(String text, NamespaceTable namespaces) {
        Matcher byUri = NAMESPACE_URI.matcher(text);
        if (!byUri.matches()) {
            return Optional.ofNullable(NodeId.parseOrNull(text));
        }
        return Optional.ofNullable(namespaces.getIndex(unescaped(byUri.group(1))))
                .flatMap(index -> Optional.ofNullable(NodeId.parseOrNull("ns=" + index + ";" + byUri.group(2))));
    }

    /** Empty if it is no ExpandedNodeId. */
    static Optional<ExpandedNodeId> expanded(String text) {
        try {
            return Optional.of(ExpandedNodeId.parse(text));
        } catch (UaRuntimeException e) {
            return Optional.empty();
        }
    }

    /** Empty if it is of a namespace that the server does not have. */
    static Optional<QualifiedName> name(String text, NamespaceTable namespaces) {
        Matcher byUri = NAMESPACE_URI.matcher(text);
        if (byUri.matches()) {
            return Optional.ofNullable(namespaces.getIndex(unescaped(byUri.group(1))))
                    .map(index -> new QualifiedName(index, byUri.group(2)));
        }
        Matcher indexed = INDEXED_NAME.matcher(text);
        boolean hasIndex = indexed.matches() && Integer.parseInt(indexed.group(1)) <= MAX_INDEX;
        return Optional.of(
                hasIndex
                        ? new QualifiedName(UShort.valueOf(Integer.parseInt(indexed.group(1))), indexed.group(2))
                        : new QualifiedName(0, text));
    }

    /** In a text of several parts a semicolon of the URI is written so. */
    static String unescaped(String uri) {
        return uri.replace("%3B", ";").replace("%3b", ";");
    }
}
