package io.sluice.adapter.opcua;

import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.servicesets.AttributeServiceSet;
import org.eclipse.milo.opcua.sdk.server.servicesets.impl.DefaultAttributeServiceSet;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryReadRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryReadResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryUpdateRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryUpdateResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.WriteRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.WriteResponse;
import org.eclipse.milo.opcua.stack.transport.server.ServiceRequestContext;

/**
 * A server whose messages take only so many bytes of ByteStrings, and that says so as the standard has it: Milo's own says
 * Bad_InternalError.
 */
final class SmallMessages implements AttributeServiceSet {

    private final DefaultAttributeServiceSet services;
    private final int limitBytes;

    SmallMessages(OpcUaServer server, int limitBytes) {
        this.services = new DefaultAttributeServiceSet(server);
        this.limitBytes = limitBytes;
    }

    @Override
    public ReadResponse onRead(ServiceRequestContext context, ReadRequest request) throws UaException {
        ReadResponse response = services.onRead(context, request);
        int bytes = Stream.of(Objects.requireNonNull(response.getResults()))
                .mapToInt(result -> result.value().value() instanceof ByteString string ? string.length() : 0)
                .sum();
        if (bytes > limitBytes) {
            throw new UaException(StatusCodes.Bad_ResponseTooLarge);
        }
        return response;
    }

    @Override
    public HistoryReadResponse onHistoryRead(ServiceRequestContext context, HistoryReadRequest request)
            throws UaException {
        return services.onHistoryRead(context, request);
    }

    @Override
    public WriteResponse onWrite(ServiceRequestContext context, WriteRequest request) throws UaException {
        return services.onWrite(context, request);
    }

    @Override
    public HistoryUpdateResponse onHistoryUpdate(ServiceRequestContext context, HistoryUpdateRequest request)
            throws UaException {
        return services.onHistoryUpdate(context, request);
    }
}
