package io.sluice.outbox;

import java.time.Instant;

/**
 * Which commands were taken on, and how they ended: in the outbox's database, so that a command that comes twice is carried
 * out once, also across a restart.
 *
 * <p>It does not carry anything out, and does not say whether a command that was taken on and never finished had its effect:
 * a kill may have come before or after it. An entry is forgotten after its expiry, by the wall clock: whoever asks refuses
 * commands that have expired before asking, by the same clock. Entries in a part of the file that becomes unreadable are
 * lost with it.
 *
 * <p>Both methods wait for the commit, and while the disk fails for the next one that succeeds. Any thread but {@code
 * mqtt-io} may call.
 */
public sealed interface CommandLedger permits SqliteOutbox.Commands {

    /** What is known of a command. */
    sealed interface Acceptance {

        /** It is new, and on disk now: carry it out. */
        record First() implements Acceptance {}

        /** It was taken on before, in this run or an earlier one, and no end was noted. */
        record Unfinished() implements Acceptance {}

        /** It ended before. */
        record Finished(byte[] result) implements Acceptance {}
    }

    /**
     * Takes a command on if it is new.
     *
     * @param commandId chosen by the sender, 1 to 256 characters
     * @param expiry until when it is remembered
     */
    Acceptance accept(String commandId, Instant expiry) throws InterruptedException;

    /**
     * Notes how a command ended. Ignored if the command is not known (any more); the first result stays.
     *
     * @param result opaque
     */
    void finish(String commandId, byte[] result) throws InterruptedException;
}
