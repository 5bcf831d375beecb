package io.sluice.outbox;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The numbers of one device's keys. Not thread-safe. */
final class Aliases {

    private final Map<ByteBuffer, Integer> numbers = new HashMap<>();
    private int highest;

    @Nullable
    Integer number(byte[] key) {
        return numbers.get(ByteBuffer.wrap(key));
    }

    void put(int number, byte[] key) {
        numbers.put(ByteBuffer.wrap(key.clone()), number);
        highest = Math.max(highest, number);
    }

    int next() {
        return highest + 1;
    }

    Map<Integer, byte[]> byNumber() {
        Map<Integer, byte[]> keys = new LinkedHashMap<>();
        numbers.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(entry ->
                        keys.put(entry.getValue(), entry.getKey().array().clone()));
        return keys;
    }
}
