package io.sluice.gateway;

import io.sluice.gateway.cli.Foreground;
import io.sluice.gateway.cli.Sluice;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The program's entry. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(isPlainRun(arguments) ? run(arguments[1]) : Sluice.run(arguments));
    }

    /**
     * What a service runs. It goes past the command-line library, which Java cannot keep in its AOT cache and which would
     * take a third of the time to start.
     */
    private static boolean isPlainRun(String[] arguments) {
        return arguments.length == 2 && arguments[0].equals("run") && !arguments[1].startsWith("-");
    }

    private static int run(String file) throws InterruptedException {
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        try {
            return new Foreground(Path.of(file), err).run();
        } catch (RuntimeException bug) {
            return Sluice.defect(bug, err);
        }
    }
}
