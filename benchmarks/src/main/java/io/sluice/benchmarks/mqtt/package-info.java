/** What the MQTT client costs beside bare Netty and other clients. */
@NullMarked
package io.sluice.benchmarks.mqtt;

import org.jspecify.annotations.NullMarked;
