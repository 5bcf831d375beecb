package io.sluice.outbox;

/** Lets so many pass in a second, with a burst of a tenth of a second's worth. Confined to one thread. */
final class TokenBucket {

    private final double perNano;
    private final double burst;
    private double tokens;
    private long filledNanos;

    TokenBucket(int perSecond, long nowNanos) {
        if (perSecond < 1) {
            throw new IllegalArgumentException("not a rate of at least 1/s: " + perSecond);
        }
        perNano = perSecond / 1e9;
        burst = Math.max(1, perSecond / 10.0);
        tokens = 1;
        filledNanos = nowNanos;
    }

    boolean take(long nowNanos) {
        fill(nowNanos);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    long nanosUntilNext(long nowNanos) {
        fill(nowNanos);
        return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perNano);
    }

    private void fill(long nowNanos) {
        tokens = Math.min(burst, tokens + (nowNanos - filledNanos) * perNano);
        filledNanos = nowNanos;
    }
}
