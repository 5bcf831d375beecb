/** From stored messages to MQTT: topics, births, status, and the forwarder's Publisher. */
@NullMarked
package io.sluice.gateway.northbound;

import org.jspecify.annotations.NullMarked;
