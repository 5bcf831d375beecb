package io.sluice.adapter.opcua;

import java.time.Duration;

/**
 * How patient a connection is.
 *
 * @param keepAlive a request goes to the server this often; the second one without an answer means that the connection is dead
 * @param keepAliveTimeout how long to wait for the answer
 * @param subscriptionKeepAlive a Subscription without changes reports at least this often; 1.5 times as long without a word
 *     means that it is dead
 * @param grace an interruption that ends sooner, with the Session resumed, is not told: the server's queues bridge it
 * @param resume how long to try to resume a Session before a new one is made; also its timeout on the server
 * @param retryTag how often a tag that the server refuses is tried again
 * @param firstBackoff before the second attempt to connect; doubles, with full jitter
 * @param maxBackoff the longest time between two attempts
 * @param steady a connection that lived this long makes the next attempt come at once
 */
record Timings(
        Duration keepAlive,
        Duration keepAliveTimeout,
        Duration subscriptionKeepAlive,
        Duration grace,
        Duration resume,
        Duration retryTag,
        Duration firstBackoff,
        Duration maxBackoff,
        Duration steady) {

    static final Timings DEFAULT = new Timings(
            Duration.ofSeconds(3),
            Duration.ofSeconds(3),
            Duration.ofSeconds(5),
            Duration.ofSeconds(3),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10));
}
