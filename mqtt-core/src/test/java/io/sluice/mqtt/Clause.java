package io.sluice.mqtt;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The normative statements that a test pins, as docs/mqtt-conformance.md names them: {@code 3.1.2-20} is [MQTT-3.1.2-20] of
 * MQTT 5.0, {@code 311:3.1.2-23} is the one of MQTT 3.1.1.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Clause {

    String[] value();
}
