package io.sluice.adapter.opcua;

import io.sluice.adapter.opcua.Coercion.Misfit;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;

/** What text stands for where a variable takes neither text nor a number. Nothing is rounded or cut off. */
final class TextForms {

    private static final Instant EARLIEST = Instant.parse("1601-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final int RESOLUTION_NANOS = 100;

    private TextForms() {}

    static DateTime time(String text) throws Misfit {
        Instant time;
        try {
            time = Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new Misfit("'" + text + "' is not a time such as 2026-11-20T09:14:03Z");
        }
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw new Misfit("'" + text + "' is outside the times of OPC UA, " + EARLIEST + " to " + LATEST);
        }
        if (time.getNano() % RESOLUTION_NANOS != 0) {
            throw new Misfit("'" + text + "' is finer than the 100 ns of OPC UA");
        }
        return new DateTime(time);
    }

    /** Java itself would take one with digits missing. */
    static UUID guid(String text) throws Misfit {
        try {
            UUID guid = UUID.fromString(text);
            if (guid.toString().equalsIgnoreCase(text)) {
                return guid;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new Misfit("'" + text + "' is not a Guid such as 09087e75-8e5e-499b-954f-f2a9603db28a");
    }

    static ByteString bytes(String text) throws Misfit {
        try {
            return ByteString.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new Misfit("'" + text + "' is not base64, the variable is of type ByteString");
        }
    }

    static NodeId node(String text, NamespaceTable namespaces) throws Misfit {
        return identifier(
                text, ByUri.node(text, namespaces), "NodeId such as nsu=http://vendor.example/press;s=Press.State");
    }

    static ExpandedNodeId expanded(String text) throws Misfit {
        return identifier(
                text, ByUri.expanded(text), "ExpandedNodeId such as nsu=http://vendor.example/press;s=Press.State");
    }

    static QualifiedName name(String text, NamespaceTable namespaces) throws Misfit {
        return identifier(
                text, ByUri.name(text, namespaces), "QualifiedName such as nsu=http://vendor.example/press;Level");
    }

    private static <T> T identifier(String text, Optional<T> found, String what) throws Misfit {
        return found.orElseThrow(
                () -> new Misfit("'" + text + "' is no " + what + ", or of a namespace that the server does not have"));
    }
}
