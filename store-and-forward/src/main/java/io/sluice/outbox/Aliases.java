package io.sluice.outbox;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one device's keys. An empty key reserves its number and all below it, of which it is not known what they
 * stand for. Not thread-safe.
 */
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

    /** Everything that is stored: the keys by their numbers, an empty one too. */
    Map<Integer, byte[]> stored() {
        return byNumber(key -> true);
    }

    int next() {
        return highest + 1;
    }

    /** The keys by their numbers. */
    Map<Integer, byte[]> byNumber() {
        return byNumber(ByteBuffer::hasRemaining);
    }

    private Map<Integer, byte[]> byNumber(Predicate<ByteBuffer> which) {
        Map<Integer, byte[]> keys = new LinkedHashMap<>();
        numbers.entrySet().stream()
                .filter(entry -> which.test(entry.getKey()))
                .sorted(Map.Entry.comparingByValue())
                .forEach(entry ->
                        keys.put(entry.getValue(), entry.getKey().array().clone()));
        return keys;
    }
}
