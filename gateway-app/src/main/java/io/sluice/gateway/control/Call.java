package io.sluice.gateway.control;

/**
 * A request as it goes over the socket.
 *
 * @param gateway id of the gateway that is meant; empty: whichever listens
 */
public record Call(String gateway, Form form, Request request) {

    /** How the answer is wanted. */
    public enum Form {
        /** Lines for people. */
        TEXT,
        /** One JSON object. */
        JSON
    }
}
