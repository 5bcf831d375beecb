package io.sluice.adapter.modbus;

import java.time.Duration;

/**
 * How a port drives a two-wire line, where its driver can (on Linux by TIOCSRS485). Most converters switch by themselves
 * and need none of this.
 *
 * @param sendsHigh whether the line RTS is high while sending
 * @param before between switching to sending and the first character
 * @param after between the last character and switching back
 * @param termination whether the port's own resistor is switched on
 * @param hearsItself whether the port receives what it sends
 */
record Rs485(boolean sendsHigh, Duration before, Duration after, boolean termination, boolean hearsItself) {}
