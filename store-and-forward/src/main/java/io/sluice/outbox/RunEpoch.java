package io.sluice.outbox;

/**
 * One run of the process.
 *
 * @param order unsigned 32 bits: max(wall-clock seconds, previous order + 1)
 * @param random 64 random bits
 */
public record RunEpoch(int order, long random) {}
