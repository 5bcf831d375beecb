/** Modbus: address syntax, read planning, connections, decoding into samples. */
@NullMarked
package io.sluice.adapter.modbus;

import org.jspecify.annotations.NullMarked;
