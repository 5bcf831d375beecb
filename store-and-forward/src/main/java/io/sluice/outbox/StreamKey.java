package io.sluice.outbox;

/**
 * A stream.
 *
 * @param id key within the database
 */
record StreamKey(int id, String device, RunEpoch epoch) {}
