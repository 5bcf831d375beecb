package io.sluice.adapter.opcua;

import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;

/**
 * What a method takes and gives back (Part 3 §5.7).
 *
 * @param outputs names
 */
record Signature(List<Input> inputs, List<String> outputs) {

    Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * One InputArgument.
     *
     * @param type built-in type on the wire
     * @param rank ValueRank (Part 3 §5.6.2)
     */
    record Input(String name, OpcUaDataType type, int rank) {

        String shown() {
            return name + ": " + type + (rank >= 0 ? "[]" : "");
        }
    }

    /** For people. */
    String shown() {
        return inputs.isEmpty()
                ? "no arguments"
                : inputs.size() + (inputs.size() == 1 ? " argument (" : " arguments (")
                        + inputs.stream().map(Input::shown).collect(Collectors.joining(", ")) + ")";
    }
}
