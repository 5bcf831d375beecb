/** An MQTT 5 and 3.1.1 client: a protocol core without I/O, flow control, reconnect, TLS. */
@NullMarked
package io.sluice.mqtt;

import org.jspecify.annotations.NullMarked;
