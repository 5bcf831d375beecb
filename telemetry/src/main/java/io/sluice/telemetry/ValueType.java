package io.sluice.telemetry;

/** The columns of a batch. */
public enum ValueType {
    FLOAT32,
    FLOAT64,
    SIGNED,
    UNSIGNED,
    BOOL,
    STRING,
    BYTES,
    /** Structures and arrays. */
    STRUCTURE
}
