package io.sluice.mqtt;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Warns of certificates that come near their end: once when 30 days are left, once at 7, once when the time is over. Does
 * not end anything. Thread-safe.
 */
final class CertificateExpiry {

    private static final List<Duration> LIMITS = List.of(Duration.ofDays(30), Duration.ofDays(7), Duration.ZERO);

    private static final class Watched {
        final Instant end;
        int warnings;

        Watched(Instant end) {
            this.end = end;
        }
    }

    private final InstantSource clock;
    private final Consumer<String> warn;
    private final Map<String, Watched> byName = new LinkedHashMap<>();

    CertificateExpiry(InstantSource clock, Consumer<String> warn) {
        this.clock = clock;
        this.warn = warn;
    }

    /** From now on this is the certificate of that name; another one of the same name is forgotten. */
    synchronized void watch(String name, X509Certificate certificate) {
        Instant end = certificate.getNotAfter().toInstant();
        Watched before = byName.get(name);
        if (before == null || !before.end.equals(end)) {
            byName.put(name, new Watched(end));
        }
        check();
    }

    /** To be called now and then: a connection may stand for longer than a certificate. */
    synchronized void check() {
        byName.forEach(this::check);
    }

    private void check(String name, Watched certificate) {
        Duration left = Duration.between(clock.instant(), certificate.end);
        int passed = (int)
                LIMITS.stream().filter(limit -> left.compareTo(limit) <= 0).count();
        if (passed > certificate.warnings) {
            certificate.warnings = passed;
            warn.accept(text(name, certificate.end, left));
        }
    }

    private static String text(String name, Instant end, Duration left) {
        return left.isPositive()
                ? "%s expires in %d days, at %s: renew it".formatted(name, left.toDays(), end)
                : "%s has expired at %s: renew it".formatted(name, end);
    }
}
