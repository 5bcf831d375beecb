package io.sluice.adapter;

import java.util.List;

/** An optional power of an {@link Adapter}: what will end a device's connection one day unless somebody acts. Any thread. */
public interface Warns {

    /**
     * What to look after now, a line for people each; empty if there is nothing, or the adapter has no such device. The log has
     * it too, once.
     */
    List<String> warnings(String device);
}
