package io.sluice.adapter.opcua;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Warns of certificates that come near their end: once when 30 days are left, once at 7, once when the time is over. Ends
 * nothing: a Session that stands may outlive its certificates. Thread-safe.
 */
final class Expiry {

    private static final List<Duration> LIMITS = List.of(Duration.ofDays(30), Duration.ofDays(7), Duration.ZERO);

    private final LongSupplier clock;
    private final Consumer<String> warn;
    private final Map<String, Watched> byName = new LinkedHashMap<>();

    private static final class Watched {
        final Instant end;
        final String remedy;
        final Set<String> devices = new LinkedHashSet<>();
        int warnings;

        Watched(Instant end, String remedy) {
            this.end = end;
            this.remedy = remedy;
        }
    }

    /**
     * @param clock UTC nanoseconds
     * @param warn takes a line for people
     */
    Expiry(LongSupplier clock, Consumer<String> warn) {
        this.clock = clock;
        this.warn = warn;
    }

    /**
     * From now on this is the certificate of that name, which the device depends on; another one of the same name is forgotten.
     *
     * @param remedy what to do about it
     */
    synchronized void watch(String device, String name, X509Certificate certificate, String remedy) {
        Instant end = certificate.getNotAfter().toInstant();
        @Nullable Watched before = byName.get(name);
        if (before == null || !before.end.equals(end)) {
            before = new Watched(end, remedy);
            byName.put(name, before);
        }
        before.devices.add(device);
        check();
    }

    /** To be called now and then: a Session may stand for longer than a certificate. */
    synchronized void check() {
        byName.forEach((name, watched) -> {
            int passed = passed(watched);
            if (passed > watched.warnings) {
                watched.warnings = passed;
                warn.accept(text(name, watched));
            }
        });
    }

    /** What is near its end, or beyond, of the certificates that a device depends on. */
    synchronized List<String> warnings(String device) {
        return byName.entrySet().stream()
                .filter(entry -> entry.getValue().devices.contains(device) && passed(entry.getValue()) > 0)
                .map(entry -> text(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** What is beyond its end of those. */
    synchronized List<String> expired(String device) {
        return byName.entrySet().stream()
                .filter(entry -> entry.getValue().devices.contains(device))
                .filter(entry -> !left(entry.getValue()).isPositive())
                .map(entry -> text(entry.getKey(), entry.getValue()))
                .toList();
    }

    private int passed(Watched watched) {
        Duration left = left(watched);
        return (int) LIMITS.stream().filter(limit -> left.compareTo(limit) <= 0).count();
    }

    private Duration left(Watched watched) {
        return Duration.between(now(), watched.end);
    }

    private Instant now() {
        long nanos = clock.getAsLong();
        return Instant.ofEpochSecond(TimeUnit.NANOSECONDS.toSeconds(nanos), nanos % TimeUnit.SECONDS.toNanos(1));
    }

    private String text(String name, Watched watched) {
        Duration left = left(watched);
        return left.isPositive()
                ? "%s expires in %d days, at %s: %s".formatted(name, left.toDays(), watched.end, watched.remedy)
                : "%s has expired at %s: %s".formatted(name, watched.end, watched.remedy);
    }

    /** What to say of a certificate that is not valid now; empty if it is. */
    String outside(X509Certificate certificate) {
        Instant now = now();
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            return "has expired at " + certificate.getNotAfter().toInstant();
        }
        return now.isBefore(certificate.getNotBefore().toInstant())
                ? "is valid from " + certificate.getNotBefore().toInstant()
                        + " on only, or this machine's clock is wrong"
                : "";
    }
}
