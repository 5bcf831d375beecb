package io.sluice.gateway.control;

/**
 * The answer to a {@link Call}.
 *
 * @param exit what the command's process ends with, see {@link ExitCodes}
 * @param error for people, a line; empty if there is none
 * @param answer lines for people or one JSON object, as it was asked for; may be empty
 */
public record Reply(int exit, String error, String answer) {

    static Reply of(int exit, String answer) {
        return new Reply(exit, "", answer);
    }

    static Reply error(int exit, String text) {
        return new Reply(exit, text, "");
    }
}
