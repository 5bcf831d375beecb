package io.sluice.adapter.opcua;

import org.eclipse.milo.opcua.sdk.core.Reference;
import org.eclipse.milo.opcua.sdk.core.types.codec.DynamicStructCodec;
import org.eclipse.milo.opcua.sdk.core.typetree.DataType;
import org.eclipse.milo.opcua.sdk.server.model.objects.DataTypeEncodingTypeNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaDataTypeNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaNodeContext;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UByte;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.eclipse.milo.opcua.stack.core.types.enumerated.StructureType;
import org.eclipse.milo.opcua.stack.core.types.structured.EnumDefinition;
import org.eclipse.milo.opcua.stack.core.types.structured.EnumField;
import org.eclipse.milo.opcua.stack.core.types.structured.StructureDefinition;
import org.eclipse.milo.opcua.stack.core.types.structured.StructureField;

/** DataTypes that only this server knows. */
final class MiloTypes {

    private final UaNodeContext context;
    private final UShort namespace;

    MiloTypes(UaNodeContext context, UShort namespace) {
        this.context = context;
        this.namespace = namespace;
    }

    /** Numbers its names from 0. */
    NodeId enumeration(String name, String... names) {
        return named(name, NodeIds.Enumeration, names);
    }

    /** An enumeration, or below a number an OptionSet, which numbers its bits. */
    NodeId named(String name, NodeId parent, String... names) {
        UaDataTypeNode type = type(name, parent);
        EnumField[] fields = new EnumField[names.length];
        for (int i = 0; i < names.length; i++) {
            fields[i] = new EnumField((long) i, LocalizedText.english(names[i]), LocalizedText.NULL_VALUE, names[i]);
        }
        type.setDataTypeDefinition(new EnumDefinition(fields));
        return type.getNodeId();
    }

    /** Fields text and number; the server itself can encode it. */
    DataType structure(String name) throws Exception {
        Described described =
                structure(name, StructureType.Structure, field("text", NodeIds.String), field("number", NodeIds.Int32));
        var tree = context.getServer().updateDataTypeTree();
        DataType made = tree.getDataType(described.type());
        context.getServer()
                .getDynamicDataTypeManager()
                .registerType(described.type(), new DynamicStructCodec(made, tree), described.encoding(), null, null);
        return made;
    }

    /** A DataType with the NodeId of its binary encoding. */
    record Described(NodeId type, NodeId encoding) {

        ExtensionObject of(byte... body) {
            return ExtensionObject.of(ByteString.of(body), encoding);
        }
    }

    /** What has it is put into bytes by hand. */
    Described structure(String name, StructureType kind, StructureField... fields) {
        UaDataTypeNode type = type(name, NodeIds.Structure);
        NodeId encoding = encoding(name, type);
        type.setDataTypeDefinition(new StructureDefinition(encoding, NodeIds.Structure, kind, fields));
        return new Described(type.getNodeId(), encoding);
    }

    /** A structure of bits, numbered from 0. */
    Described optionSet(String name, String... bits) {
        NodeId type = named(name, NodeIds.OptionSet, bits);
        return new Described(type, encoding(name, (UaDataTypeNode)
                context.getNodeManager().getNode(type).orElseThrow()));
    }

    private NodeId encoding(String name, UaDataTypeNode type) {
        NodeId encoding = nodeId(name + ".Binary");
        var encodingNode = new DataTypeEncodingTypeNode(
                context,
                encoding,
                new QualifiedName(0, "Default Binary"),
                LocalizedText.english("Default Binary"),
                LocalizedText.NULL_VALUE,
                UInteger.MIN,
                UInteger.MIN,
                null,
                null,
                null,
                UByte.MIN);
        encodingNode.addReference(
                new Reference(encoding, NodeIds.HasTypeDefinition, NodeIds.DataTypeEncodingType.expanded(), true));
        encodingNode.addReference(
                new Reference(encoding, NodeIds.HasEncoding, type.getNodeId().expanded(), false));
        context.getNodeManager().addNode(encodingNode);
        return encoding;
    }

    static StructureField optional(String name, NodeId type) {
        return new StructureField(name, LocalizedText.NULL_VALUE, type, -1, null, UInteger.MIN, true);
    }

    static StructureField field(String name, NodeId type) {
        return new StructureField(name, LocalizedText.NULL_VALUE, type, -1, null, UInteger.MIN, false);
    }

    private UaDataTypeNode type(String name, NodeId parent) {
        UaDataTypeNode type = new UaDataTypeNode(
                context,
                nodeId(name),
                new QualifiedName(namespace, name),
                LocalizedText.english(name),
                LocalizedText.NULL_VALUE,
                UInteger.MIN,
                UInteger.MIN,
                false);
        type.addReference(new Reference(type.getNodeId(), NodeIds.HasSubtype, parent.expanded(), false));
        context.getNodeManager().addNode(type);
        return type;
    }

    private NodeId nodeId(String name) {
        return new NodeId(namespace, name);
    }
}
