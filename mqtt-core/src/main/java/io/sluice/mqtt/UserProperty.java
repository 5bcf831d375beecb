package io.sluice.mqtt;

/**
 * A User Property of a packet (MQTT 5 §1.5.7): a name and a value that the standard gives no meaning. Names may repeat, and
 * their order is kept [MQTT-3.3.2-18]. MQTT 3.1.1 cannot carry it.
 *
 * @param name at most 65,535 bytes as UTF-8, without U+0000, as the value
 */
public record UserProperty(String name, String value) {

    public UserProperty {
        Texts.require(name, "name of a User Property");
        Texts.require(value, "value of User Property " + name);
    }
}
